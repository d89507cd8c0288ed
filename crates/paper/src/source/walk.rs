//! The way of the price through a bar of which only four prices are known.

use super::{Spread, Step};
use domain::{Candle, Interval, Millis, Price, Timestamp};
use std::collections::VecDeque;

/// A bar needs four ticks to show its four prices.
const FEWEST_STEPS: u32 = 4;

/// Walks a bar from its open over both extremes to its close, the extreme against the bar's direction first.
pub fn walk(bar: &Candle, interval: Interval, steps: u32, spread: Spread) -> VecDeque<Step> {
    let steps = steps.max(FEWEST_STEPS);
    let mut high = bar.open;
    let mut low = bar.open;
    (0..steps)
        .map(|step| {
            let last = price_at(bar, step, steps);
            (high, low) = (high.max(last), low.min(last));
            let completes = step.saturating_add(1) == steps;
            let forming = Candle { high, low, close: last, volume: share(bar.volume, step, steps), ..*bar };
            Step {
                tick: spread.tick(time_at(bar.at, interval, step, steps), last),
                bar: if completes { *bar } else { forming },
            }
        })
        .collect()
}

fn time_at(open: Timestamp, interval: Interval, step: u32, steps: u32) -> Timestamp {
    let passed = interval.length().get().saturating_mul(i64::from(step)) / i64::from(steps);
    open.plus(Millis::new(passed))
}

fn share(volume: i64, step: u32, steps: u32) -> i64 {
    let part = i128::from(volume) * i128::from(step.saturating_add(1)) / i128::from(steps);
    i64::try_from(part).unwrap_or(volume)
}

fn price_at(bar: &Candle, step: u32, steps: u32) -> Price {
    let rises = bar.open <= bar.close;
    let (first, second) = if rises { (bar.lowest(), bar.highest()) } else { (bar.highest(), bar.lowest()) };
    let last = steps.saturating_sub(1);
    let turns =
        [(0, bar.open), ((last / 3).max(1), first), ((last.saturating_mul(2) / 3).max(2), second), (last, bar.close)];
    turns
        .windows(2)
        .find_map(|leg| match leg {
            [(from, start), (to, end)] if step <= *to => {
                Some(between(*start, *end, step.saturating_sub(*from), to.saturating_sub(*from)))
            }
            _ => None,
        })
        .unwrap_or(bar.close)
}

/// The point `step` of `steps` on the straight line from one price to another.
fn between(start: Price, end: Price, step: u32, steps: u32) -> Price {
    let (start, end) = (i128::from(start.ticks()), i128::from(end.ticks()));
    Price::clamped(start + (end - start) * i128::from(step) / i128::from(steps.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(open: i64, high: i64, low: i64, close: i64) -> Candle {
        let price = |ticks| Price::from_ticks(ticks).unwrap();
        let at = Timestamp::from_unix_ms(60_000);
        Candle { at, open: price(open), high: price(high), low: price(low), close: price(close), volume: 80 }
    }

    fn prices(bar: &Candle, steps: u32) -> Vec<i64> {
        walk(bar, Interval::MINUTE, steps, Spread::default()).iter().map(|step| step.tick.last.ticks()).collect()
    }

    #[test]
    fn a_walk_touches_all_four_prices_and_nothing_beyond() {
        for steps in [0, 4, 5, 8, 60] {
            for bar in [bar(100, 130, 80, 120), bar(120, 130, 80, 100), bar(140, 130, 80, 100), bar(70, 130, 80, 130)] {
                let walked = prices(&bar, steps);
                assert_eq!(walked.first(), Some(&bar.open.ticks()));
                assert_eq!(walked.last(), Some(&bar.close.ticks()));
                assert_eq!(walked.iter().min(), Some(&bar.lowest().ticks()), "{steps} {bar:?}");
                assert_eq!(walked.iter().max(), Some(&bar.highest().ticks()), "{steps} {bar:?}");
            }
        }
    }

    #[test]
    fn the_extreme_against_the_direction_comes_first() {
        assert_eq!(prices(&bar(100, 130, 80, 120), 4), [100, 80, 130, 120]);
        assert_eq!(prices(&bar(120, 130, 80, 100), 4), [120, 130, 80, 100]);
    }

    #[test]
    fn ticks_stay_within_the_bar_and_the_last_one_completes_it() {
        let walked = walk(&bar(100, 130, 80, 120), Interval::MINUTE, 8, Spread { half_ticks: 3 });
        assert_eq!(walked.front().unwrap().tick.at.unix_ms(), 60_000);
        assert!(walked.iter().all(|step| step.tick.at.unix_ms() < 120_000));
        let last = walked.back().unwrap();
        assert_eq!(last.bar, bar(100, 130, 80, 120));
        assert_eq!(last.tick.bid.map(Price::ticks), Some(117));
        assert_eq!(last.tick.ask.map(Price::ticks), Some(123));
    }
}

//! Where prices come from: history from a file, or a scenario drawn from a seed, each walked tick by tick.

pub mod bars;
pub mod scenario;
pub mod walk;

pub use scenario::Scenario;

use bars::{Bars, FileBars};
use domain::candle_series::CandleSeries;
use domain::{Candle, Interval, Price, Tick, Timestamp};
use scenario::ScenarioBars;
use std::collections::VecDeque;
use walk::walk;

/// How far bid and ask lie from the last price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Half of the spread, in the venue's ticks.
    pub half_ticks: i64,
}

impl Default for Spread {
    fn default() -> Spread {
        Spread { half_ticks: 2 }
    }
}

impl Spread {
    /// A tick whose bid and ask stand around the last price.
    pub fn tick(self, at: Timestamp, last: Price) -> Tick {
        let around = |ticks: i64| Some(Price::clamped(i128::from(last.ticks()) + i128::from(ticks)));
        Tick { at, last, index: Some(last), bid: around(-self.half_ticks), ask: around(self.half_ticks) }
    }
}

/// One move of the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub tick: Tick,
    /// The bar as far as it is known with this tick.
    pub bar: Candle,
}

/// A market that moves one tick at a time, always forward in time.
pub struct Source {
    history: Vec<Candle>,
    bars: Box<dyn Bars>,
    interval: Interval,
    steps: u32,
    spread: Spread,
    ahead: VecDeque<Step>,
}

impl Source {
    /// Bars from a file. Those before `start_at` are history; without it a quarter of the file is, up to 240 bars.
    /// `None` when no bar is left to play.
    pub fn candles(series: CandleSeries, start_at: Option<Timestamp>, steps: u32, spread: Spread) -> Option<Source> {
        let CandleSeries { mut candles, interval, .. } = series;
        let cut = match start_at {
            Some(start) => candles.partition_point(|candle| candle.at < start),
            None => (candles.len() / 4).min(240),
        };
        let rest = candles.split_off(cut);
        if rest.is_empty() {
            return None;
        }
        Some(Source::of(candles, Box::new(FileBars::new(rest)), interval, steps, spread))
    }

    /// An endless market of one-minute bars; the same seed gives the same market, to the tick.
    pub fn scenario(
        kind: Scenario,
        seed: u64,
        start_price: Price,
        start_at: Timestamp,
        steps: u32,
        spread: Spread,
    ) -> Source {
        let mut bars = ScenarioBars::new(kind, seed, start_price, start_at);
        let history = bars.history();
        Source::of(history, Box::new(bars), Interval::MINUTE, steps, spread)
    }

    fn of(history: Vec<Candle>, bars: Box<dyn Bars>, interval: Interval, steps: u32, spread: Spread) -> Source {
        Source { history, bars, interval, steps, spread, ahead: VecDeque::new() }
    }

    /// Bars that lie before the first tick, oldest first; can be taken once.
    pub fn take_history(&mut self) -> Vec<Candle> {
        std::mem::take(&mut self.history)
    }

    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The next move without making it; `None` once history has ended.
    pub fn peek(&mut self) -> Option<&Step> {
        if self.ahead.is_empty() {
            let bar = self.bars.next_bar()?;
            self.ahead = walk(&bar, self.interval, self.steps, self.spread);
        }
        self.ahead.front()
    }

    /// The next move; `None` once history has ended.
    pub fn next_step(&mut self) -> Option<Step> {
        self.peek()?;
        self.ahead.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crash(seed: u64) -> Source {
        let start = Price::from_ticks(120_000).unwrap();
        Source::scenario(Scenario::Crash, seed, start, Timestamp::from_unix_ms(1_700_000_040_000), 8, Spread::default())
    }

    fn told(source: &mut Source, steps: usize) -> String {
        let history = source.take_history();
        let steps: Vec<Step> = (0..steps).map(|_| source.next_step().unwrap()).collect();
        format!("{history:?}{steps:?}")
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        assert_eq!(told(&mut crash(42), 4_000), told(&mut crash(42), 4_000));
        assert_ne!(told(&mut crash(42), 4_000), told(&mut crash(43), 4_000));
    }

    #[test]
    fn time_never_goes_back() {
        let mut source = crash(5);
        let mut last = source.take_history().last().unwrap().at;
        for _ in 0..10_000 {
            let step = source.next_step().unwrap();
            assert!(last < step.tick.at);
            last = step.tick.at;
        }
    }

    #[test]
    fn a_file_ends_and_its_start_divides_history_from_market() {
        let candles: Vec<Candle> = (0..8)
            .map(|n| {
                let at = Timestamp::from_unix_ms(n * 60_000);
                let price = Price::from_ticks(100_000 + n).unwrap();
                Candle { at, open: price, high: price, low: price, close: price, volume: 1 }
            })
            .collect();
        let text = candles.iter().fold(String::from("timestamp,open,high,low,close,volume\n"), |text, bar| {
            format!("{text}{},{p},{p},{p},{p},1\n", bar.at.unix_ms() / 1_000, p = bar.close)
        });
        let series = || CandleSeries::parse_csv(&text).unwrap();
        let start = Some(Timestamp::from_unix_ms(6 * 60_000));
        let mut source = Source::candles(series(), start, 4, Spread::default()).unwrap();
        assert_eq!(source.take_history(), candles[..6]);
        assert_eq!(std::iter::from_fn(|| source.next_step()).count(), 8);
        let beyond = Some(Timestamp::from_unix_ms(8 * 60_000));
        assert!(Source::candles(series(), beyond, 4, Spread::default()).is_none());
        assert_eq!(Source::candles(series(), None, 4, Spread::default()).unwrap().take_history().len(), 2);
    }
}

//! Markets drawn from a seed: calm, trending, wild, or falling off a cliff.

use super::bars::Bars;
use crate::random::Chance;
use domain::{Candle, Millis, Price, Timestamp};
use std::collections::VecDeque;
use std::str::FromStr;

/// Minutes of calm before the start, so that a chart has a past.
const HISTORY_BARS: i64 = 180;
/// Moves within one bar.
const MOVES: i64 = 4;
/// Prices are followed in millionths of a tick, so that small moves are not rounded away.
const FINE: i128 = 1_000_000;
const PPM: i128 = 1_000_000;

/// What the market is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// Calm, then a fall of 15 to 20 % within half an hour, then a slow recovery; again after a day.
    Crash,
    Bull,
    Bear,
    Sideways,
    Volatile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scenario is crash, bull, bear, sideways or volatile")]
pub struct ScenarioError;

impl Scenario {
    pub const ALL: [Scenario; 5] =
        [Scenario::Crash, Scenario::Bull, Scenario::Bear, Scenario::Sideways, Scenario::Volatile];

    pub const fn as_str(self) -> &'static str {
        match self {
            Scenario::Crash => "crash",
            Scenario::Bull => "bull",
            Scenario::Bear => "bear",
            Scenario::Sideways => "sideways",
            Scenario::Volatile => "volatile",
        }
    }

    /// The next stretches of this market, as long as the last ones are not forever.
    fn stretches(self, chance: &mut Chance) -> Vec<Stretch> {
        match self {
            Scenario::Crash => crash(chance),
            Scenario::Bull => vec![Stretch::new(chance.between(120, 300), chance.between(-3_000, 12_000), 450)],
            Scenario::Bear => vec![Stretch::new(chance.between(120, 300), chance.between(-12_000, 3_000), 450)],
            Scenario::Sideways => vec![Stretch::new(chance.between(60, 240), chance.between(-2_500, 2_500), 300)],
            Scenario::Volatile => vec![Stretch::new(chance.between(15, 60), chance.between(-25_000, 25_000), 1_300)],
        }
    }
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    fn from_str(text: &str) -> Result<Scenario, ScenarioError> {
        Scenario::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(ScenarioError)
    }
}

/// Calm, three legs down with two rebounds between them, half of it slowly back, and a day of calm.
fn crash(chance: &mut Chance) -> Vec<Stretch> {
    let depth = chance.between(155_000, 190_000);
    let part = |percent: i64| -depth.saturating_mul(percent) / 100;
    vec![
        Stretch::new(chance.between(40, 55), 0, 250),
        Stretch::new(chance.between(6, 8), part(38), 700),
        Stretch::new(3, part(-10), 700),
        Stretch::new(chance.between(5, 7), part(45), 900),
        Stretch::new(3, part(-12), 900),
        Stretch::new(chance.between(6, 8), part(43), 900),
        Stretch::new(chance.between(200, 260), depth.saturating_mul(60) / 100, 500),
        Stretch::new(chance.between(1_200, 1_500), depth.saturating_mul(20) / 100, 300),
    ]
}

/// A number of bars over which the price is drawn to a target.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    bars: i64,
    /// Millionths of the stretch's first price.
    change_ppm: i64,
    /// How wildly it goes around the way there: standard deviation per bar, in millionths.
    sigma_ppm: i64,
}

impl Stretch {
    fn new(bars: i64, change_ppm: i64, sigma_ppm: i64) -> Stretch {
        Stretch { bars, change_ppm, sigma_ppm }
    }
}

/// The bars of a scenario, made as they are asked for; there is no last one.
pub struct ScenarioBars {
    kind: Scenario,
    chance: Chance,
    at: Timestamp,
    close: Price,
    /// The first price of all and that of the running stretch, in millionths of a tick.
    origin: i128,
    base: i128,
    /// Where the price is around the straight way, in millionths.
    noise_ppm: i64,
    now: Stretch,
    bars_done: i64,
    next: VecDeque<Stretch>,
}

impl ScenarioBars {
    pub fn new(kind: Scenario, seed: u64, start_price: Price, start_at: Timestamp) -> ScenarioBars {
        let base = i128::from(start_price.ticks()) * FINE;
        ScenarioBars {
            kind,
            chance: Chance::seeded(seed),
            at: start_at.minus(Millis::new(Millis::MINUTE.get().saturating_mul(HISTORY_BARS))),
            close: start_price,
            origin: base,
            base,
            noise_ppm: 0,
            now: Stretch::new(HISTORY_BARS, 0, 250),
            bars_done: 0,
            next: VecDeque::new(),
        }
    }

    /// The calm bars before the start; call it once, before any other bar is taken.
    pub fn history(&mut self) -> Vec<Candle> {
        (0..HISTORY_BARS).map(|_| self.make_bar()).collect()
    }

    fn make_bar(&mut self) -> Candle {
        if self.now.bars <= self.bars_done {
            self.turn_to_next_stretch();
        }
        let open = self.close;
        let (mut high, mut low) = (open, open);
        for step in 1..=MOVES {
            self.close = self.move_price(step);
            (high, low) = (high.max(self.close), low.min(self.close));
        }
        self.bars_done = self.bars_done.saturating_add(1);
        let range = high.ticks().saturating_sub(low.ticks());
        let volume = self.chance.between(150_000, 450_000).saturating_add(range.saturating_mul(6_000));
        let bar = Candle { at: self.at, open, high, low, close: self.close, volume };
        self.at = self.at.plus(Millis::MINUTE);
        bar
    }

    /// The straight way to the stretch's end, and noise around it that fades and is fed anew.
    fn move_price(&mut self, step: i64) -> Price {
        let sigma = self.now.sigma_ppm;
        self.noise_ppm = (self.noise_ppm.saturating_mul(95) / 100).saturating_add(self.chance.bell(sigma / 2));
        let moves = i128::from(self.bars_done) * i128::from(MOVES) + i128::from(step);
        let way = self.anchor(moves);
        Price::clamped((way + way * i128::from(self.noise_ppm) / PPM) / FINE)
    }

    fn anchor(&self, moves: i128) -> i128 {
        let all = i128::from(self.now.bars) * i128::from(MOVES);
        self.base + self.base * i128::from(self.now.change_ppm) / PPM * moves / all.max(1)
    }

    fn turn_to_next_stretch(&mut self) {
        self.base = self.anchor(i128::from(self.now.bars) * i128::from(MOVES));
        if self.next.is_empty() {
            self.next = self.kind.stretches(&mut self.chance).into();
        }
        let Some(next) = self.next.pop_front() else { return };
        self.now = Stretch { change_ppm: self.kept_in_range(next.change_ppm), ..next };
        self.bars_done = 0;
    }

    /// No market grows to the sky: beyond eight times or an eighth of its start it turns around.
    fn kept_in_range(&self, change_ppm: i64) -> i64 {
        if self.origin.saturating_mul(8) < self.base {
            change_ppm.saturating_abs().saturating_neg()
        } else if self.base < self.origin / 8 {
            change_ppm.saturating_abs()
        } else {
            change_ppm
        }
    }
}

impl Bars for ScenarioBars {
    fn next_bar(&mut self) -> Option<Candle> {
        Some(self.make_bar())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_unix_ms(1_700_000_040_000);

    fn bars(kind: Scenario, seed: u64, count: usize) -> (Vec<Candle>, Vec<Candle>) {
        let mut bars = ScenarioBars::new(kind, seed, Price::from_ticks(120_000).unwrap(), START);
        let history = bars.history();
        (history, (0..count).map(|_| bars.make_bar()).collect())
    }

    fn percent(from: i64, to: i64) -> i64 {
        (to - from) * 100 / from
    }

    #[test]
    fn a_crash_is_calm_for_forty_minutes_and_falls_by_a_sixth_within_the_hour_after() {
        for seed in 0..200 {
            let (history, market) = bars(Scenario::Crash, seed, 100);
            let calm = history.iter().chain(&market[..40]);
            assert!(calm.clone().all(|bar| percent(120_000, bar.lowest().ticks()).abs() <= 1), "seed {seed}");
            let (bottom, low) = market.iter().enumerate().min_by_key(|(_, bar)| bar.low).unwrap();
            let fall = -percent(120_000, low.low.ticks());
            assert!((14..=21).contains(&fall), "seed {seed} fell by {fall} %");
            assert!((60..=90).contains(&bottom), "seed {seed} has its low in bar {bottom}");
            let rebounds = market[40..bottom].windows(2).filter(|pair| pair[0].close < pair[1].close).count();
            assert!(3 <= rebounds, "seed {seed} falls without a rebound");
        }
    }

    #[test]
    fn a_crash_recovers_and_stays_calm_for_most_of_a_day() {
        for seed in 0..50 {
            let (_, market) = bars(Scenario::Crash, seed, 1_300);
            assert!(-12 <= percent(120_000, market[400].close.ticks()), "seed {seed}");
            let lowest = market[400..].iter().map(|bar| bar.low).min().unwrap();
            assert!(-13 <= percent(120_000, lowest.ticks()), "seed {seed}");
        }
    }

    #[test]
    fn trends_go_where_their_names_say() {
        for seed in 0..20 {
            let end = |kind| percent(120_000, bars(kind, seed, 3_000).1.last().unwrap().close.ticks());
            assert!(1 <= end(Scenario::Bull), "seed {seed}");
            assert!(end(Scenario::Bear) <= -1, "seed {seed}");
            assert!(end(Scenario::Sideways).abs() <= 3, "seed {seed}");
        }
    }

    #[test]
    fn bars_follow_on_each_other_and_are_sound() {
        for kind in Scenario::ALL {
            let (history, market) = bars(kind, 3, 20_000);
            assert_eq!(history.last().unwrap().at.plus(Millis::MINUTE), START);
            assert_eq!(market[0].at, START);
            for pair in market.windows(2) {
                assert_eq!(pair[0].close, pair[1].open);
                assert_eq!(pair[0].at.plus(Millis::MINUTE), pair[1].at);
                assert!(
                    pair[1].low <= pair[1].open.min(pair[1].close) && pair[1].open.max(pair[1].close) <= pair[1].high
                );
                assert!((10_000..1_200_000).contains(&pair[1].close.ticks()), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_scenario_has_a_name() {
        assert!(Scenario::ALL.into_iter().all(|kind| kind.as_str().parse() == Ok(kind)));
        assert_eq!("moon".parse::<Scenario>(), Err(ScenarioError));
    }
}

//! What an account traded in thirty days, by which its fee tier is counted.

use domain::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

const PERIOD: Millis = Millis::new(30 * Millis::DAY.get());
/// Dollars above which tiers 1, 2 and 3 begin.
const TIERS: [(i64, u8); 3] = [(5_000_000, 3), (1_000_000, 2), (250_000, 1)];

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Volume {
    /// In the order they were traded.
    trades: VecDeque<(Timestamp, i64)>,
    sum: i64,
}

impl Volume {
    pub fn add(&mut self, at: Timestamp, dollars: i64) {
        while let Some((_, old)) = self.trades.front().copied().filter(|(then, _)| then.plus(PERIOD) <= at) {
            self.trades.pop_front();
            self.sum = self.sum.saturating_sub(old);
        }
        self.trades.push_back((at, dollars));
        self.sum = self.sum.saturating_add(dollars);
    }

    pub fn tier(&self, now: Timestamp) -> u8 {
        let forgotten = self.trades.iter().take_while(|(at, _)| at.plus(PERIOD) <= now).map(|(_, dollars)| dollars);
        let volume = self.sum.saturating_sub(forgotten.sum());
        TIERS.iter().find(|(above, _)| *above < volume).map_or(0, |(_, tier)| *tier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_rise_with_volume_and_fall_when_it_is_thirty_days_old() {
        let day = |day: i64| Timestamp::from_unix_ms(day * Millis::DAY.get());
        let mut volume = Volume::default();
        volume.add(day(0), 250_000);
        assert_eq!(volume.tier(day(0)), 0);
        volume.add(day(1), 1);
        assert_eq!((volume.tier(day(1)), volume.tier(day(29))), (1, 1));
        assert_eq!(volume.tier(day(30)), 0, "the first trade is forgotten");
        volume.add(day(2), 900_000);
        assert_eq!(volume.tier(day(2)), 2);
        volume.add(day(3), 4_000_000);
        assert_eq!((volume.tier(day(3)), volume.tier(day(31)), volume.tier(day(33))), (3, 2, 0));
    }
}

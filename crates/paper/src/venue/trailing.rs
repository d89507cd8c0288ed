//! A stop-loss that follows the price at a distance.

use domain::{Price, Side};
use serde::{Deserialize, Serialize};

/// How far behind the price a stop follows, as a share of it in millionths: 0.001 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrailingDistance(i64);

impl TrailingDistance {
    const WHOLE: i64 = 1_000_000;

    /// `None` unless it is 1,000 to 10,000,000 millionths.
    pub fn from_millionths(millionths: i64) -> Option<TrailingDistance> {
        (1_000..=10 * TrailingDistance::WHOLE).contains(&millionths).then_some(TrailingDistance(millionths))
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Where the stop of a position stands at a price; `None` where there is no such price, as for a long's stop a
    /// whole price away.
    pub(super) fn stop(self, side: Side, market: Price) -> Option<Price> {
        let (ticks, whole) = (i128::from(market.ticks()), i128::from(TrailingDistance::WHOLE));
        let stop = match side {
            Side::Long => (ticks * (whole - i128::from(self.0))).div_euclid(whole),
            Side::Short => -(-ticks * (whole + i128::from(self.0))).div_euclid(whole),
        };
        let range = i128::from(Price::MIN.ticks())..=i128::from(Price::MAX.ticks());
        range.contains(&stop).then(|| Price::clamped(stop))
    }

    /// The stop after the price moved: it follows a profit and never a loss.
    pub(super) fn followed(self, side: Side, stop: Option<Price>, market: Price) -> Option<Price> {
        let there = self.stop(side, market);
        match (stop, there) {
            (Some(stop), Some(there)) if side == Side::Long => Some(stop.max(there)),
            (Some(stop), Some(there)) => Some(stop.min(there)),
            (stop, there) => stop.or(there),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_stop_follows_a_profit_and_never_a_loss() {
        let price = |dollars: i64| Price::from_ticks(dollars * 2).unwrap();
        let tenth = TrailingDistance::from_millionths(100_000).unwrap();
        let long = tenth.stop(Side::Long, price(100_000));
        assert_eq!(long, Some(price(90_000)));
        assert_eq!(tenth.followed(Side::Long, long, price(95_000)), Some(price(90_000)));
        assert_eq!(tenth.followed(Side::Long, long, price(110_000)), Some(price(99_000)));
        let short = tenth.stop(Side::Short, price(100_000));
        assert_eq!(tenth.followed(Side::Short, short, price(90_000)), Some(price(99_000)));
        assert_eq!(tenth.followed(Side::Short, short, price(110_000)), Some(price(110_000)));
        let whole = TrailingDistance::from_millionths(1_000_000).unwrap();
        assert_eq!(whole.stop(Side::Long, price(100_000)), None);
        assert_eq!([999, 10_000_001].map(TrailingDistance::from_millionths), [None, None]);
    }
}

//! How far the price is from a liquidation, as a share of the price.

use super::rounding::{ceil, floor, ticks};
use domain::{Bps, Price, Side};

const WHOLE: i64 = Bps::ONE.get();

/// `(mark - liquidation) / mark` for a long, `(liquidation - mark) / mark` for a short, rounded down, which is towards
/// danger; negative once the mark is past the liquidation.
pub fn distance(side: Side, mark: Price, liquidation: Price) -> Bps {
    let (mark, liquidation) = (mark.ticks(), liquidation.ticks());
    let room = match side {
        Side::Long => mark - liquidation,
        Side::Short => liquidation - mark,
    };
    // Prices end at 2 * 10^8 ticks, so 64 bits hold this with a factor of a million to spare.
    Bps::new((room * WHOLE).div_euclid(mark))
}

/// The liquidation nearest to `mark` that still gives at least this distance, kept in range: at the ends of the range
/// less than asked for may be all there is.
pub fn liquidation_at_distance(side: Side, mark: Price, distance: Bps) -> Price {
    let (whole, distance) = (i128::from(WHOLE), i128::from(distance.get()));
    Price::clamped(match side {
        Side::Long => floor(ticks(mark) * (whole - distance), whole),
        Side::Short => ceil(ticks(mark) * (whole + distance), whole),
    })
}

/// The mark at which [`distance`] comes down to the trigger: it is at most the trigger exactly at this mark or below it
/// for a long, at this mark or above it for a short. A negative trigger counts as zero.
pub fn trigger_price(side: Side, liquidation: Price, trigger: Bps) -> Price {
    let (whole, trigger) = (i128::from(WHOLE), i128::from(trigger.get().max(0)));
    match side {
        Side::Long if whole <= trigger + 1 => Price::MAX,
        Side::Long => Price::clamped(floor(whole * ticks(liquidation) - 1, whole - trigger - 1)),
        Side::Short => Price::clamped(floor(whole * ticks(liquidation), whole + trigger + 1) + 1),
    }
}

//! The price at which a position's margin is gone, and the margin that puts it elsewhere.

use super::margin::margin_floor;
use super::pnl::{pnl, ticks_at_pnl};
use super::rounding::{ceil, floor, sats, size, ticks};
use domain::{Leverage, Price, Quantity, Sats, Side};

/// The price at which the loss equals `margin`.
///
/// Long `1 / (1/entry + margin / (quantity * 10^8))`, short with a minus, to the nearest tick and kept in range: the
/// formula of the venue for an explicit margin, below 1x too. [`Price::MAX`] means that no rise liquidates a short.
pub fn liquidation(side: Side, quantity: Quantity, entry: Price, margin: Sats) -> Price {
    let loss = Sats::new(margin.get().saturating_neg());
    ticks_at_pnl(side, quantity, entry, loss).map_or(Price::MAX, Price::clamped)
}

/// The liquidation of an order of this leverage, from its margin rounded down; leverage below 1x counts as 1x.
pub fn liquidation_at_leverage(side: Side, quantity: Quantity, entry: Price, leverage: Leverage) -> Price {
    let margin = margin_floor(quantity, entry, leverage.max(Leverage::MIN));
    liquidation(side, quantity, entry, margin)
}

/// The least margin in sats, never negative, whose [`liquidation`] lies at `target` or beyond it (lower for a long,
/// higher for a short).
///
/// Exact: it inverts the rounding to the tick as well, where nearest means that half a tick above the target still
/// counts as the next one.
pub fn margin_for_liquidation(side: Side, quantity: Quantity, entry: Price, target: Price) -> Sats {
    let (size, entry, target) = (size(quantity), ticks(entry), ticks(target));
    let margin = match side {
        Side::Long => floor(size * (2 * entry - 2 * target - 1), entry * (2 * target + 1)) + 1,
        Side::Short => ceil(size * (2 * target - 1 - 2 * entry), entry * (2 * target - 1)),
    };
    sats(margin.max(0))
}

/// What to add (positive) or cash in (negative), in sats, so that the liquidation comes to about `target`, by the
/// venue's published estimate: `ceil(quantity * 10^8 * |1/market - 1/target|) - margin - round(pnl)`.
///
/// `target` should lie on the losing side of `market`; on the other side the first term counts as negative. The result
/// lands within a dollar of the target; [`margin_for_liquidation`] is exact.
pub fn margin_change_for_liquidation(
    side: Side,
    quantity: Quantity,
    entry: Price,
    margin: Sats,
    market: Price,
    target: Price,
) -> Sats {
    let fall = match side {
        Side::Long => ticks(market) - ticks(target),
        Side::Short => ticks(target) - ticks(market),
    };
    let required = ceil(size(quantity) * fall, ticks(market) * ticks(target));
    let profit = pnl(side, quantity, entry, market);
    sats(required - i128::from(margin.get()) - i128::from(profit.get()))
}

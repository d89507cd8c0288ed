//! Profit and loss between two prices.

use super::rounding::{floor, round, sats, size, ticks};
use domain::{Price, Quantity, Sats, Side};

/// Profit in sats of a position entered at `entry` and left at `exit`; negative for a loss, before fees and funding.
///
/// `quantity * 10^8 * (1/entry - 1/exit)`, negated for a short, to the nearest sat with halves towards plus infinity:
/// the venue's published `computeFuturesPositionPl`.
pub fn pnl(side: Side, quantity: Quantity, entry: Price, exit: Price) -> Sats {
    let (dividend, divisor) = fraction(side, quantity, entry, exit);
    sats(round(dividend, divisor))
}

/// The same, rounded down: what the venue lets a trader cash in.
pub(super) fn pnl_floor(side: Side, quantity: Quantity, entry: Price, exit: Price) -> Sats {
    let (dividend, divisor) = fraction(side, quantity, entry, exit);
    sats(floor(dividend, divisor))
}

/// The price at which a position has this profit, in ticks and not yet in range; `None` where none is high enough.
///
/// `1 / (1/entry - profit / (quantity * 10^8))` for a long, with a plus for a short, to the nearest tick.
pub(super) fn ticks_at_pnl(side: Side, quantity: Quantity, entry: Price, profit: Sats) -> Option<i128> {
    let shift = i128::from(profit.get()) * ticks(entry);
    let divisor = match side {
        Side::Long => size(quantity) - shift,
        Side::Short => size(quantity) + shift,
    };
    (0 < divisor).then(|| round(size(quantity) * ticks(entry), divisor))
}

fn fraction(side: Side, quantity: Quantity, entry: Price, exit: Price) -> (i128, i128) {
    let rise = match side {
        Side::Long => ticks(exit) - ticks(entry),
        Side::Short => ticks(entry) - ticks(exit),
    };
    (size(quantity) * rise, ticks(entry) * ticks(exit))
}

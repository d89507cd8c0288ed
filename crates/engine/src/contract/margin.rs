//! Margin, quantity and leverage: each from the other two.

use super::rounding::{ceil, floor, round, sats, saturated, size, ticks};
use domain::money::SATS_PER_BITCOIN;
use domain::price::TICKS_PER_DOLLAR;
use domain::{Leverage, Price, Quantity, Sats};

/// The margin in sats that a position of this size takes: `ceil(quantity * 10^8 / (price * leverage))`.
pub fn margin_for(quantity: Quantity, price: Price, leverage: Leverage) -> Sats {
    sats(ceil(size(quantity) * i128::from(Leverage::ONE_X), ticks(price) * positive(leverage)))
}

/// The same rounded down, from which the venue works out the liquidation of an order.
pub(super) fn margin_floor(quantity: Quantity, price: Price, leverage: Leverage) -> Sats {
    sats(floor(size(quantity) * i128::from(Leverage::ONE_X), ticks(price) * positive(leverage)))
}

/// The quantity in dollars that this margin buys: `floor(margin * leverage * price / 10^8)`; `None` where the venue
/// trades no such quantity.
pub fn quantity_for(margin: Sats, price: Price, leverage: Leverage) -> Option<Quantity> {
    let dividend = i128::from(margin.get()).checked_mul(positive(leverage))?.checked_mul(ticks(price))?;
    let unit = i128::from(SATS_PER_BITCOIN * TICKS_PER_DOLLAR) * i128::from(Leverage::ONE_X);
    let dollars = i64::try_from(floor(dividend, unit)).ok()?;
    Quantity::new(dollars).ok()
}

/// The leverage of a running position, `quantity * 10^8 / (price * margin)`, to the nearest millionth; the largest that
/// can be counted where no margin is left.
pub fn leverage_of(quantity: Quantity, price: Price, margin: Sats) -> Leverage {
    if !margin.is_positive() {
        return Leverage::measured(i64::MAX);
    }
    let divisor = ticks(price) * i128::from(margin.get());
    Leverage::measured(saturated(round(size(quantity) * i128::from(Leverage::ONE_X), divisor)))
}

fn positive(leverage: Leverage) -> i128 {
    i128::from(leverage.millionths().max(1))
}

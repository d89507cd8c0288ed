//! Trading fees, and what is set aside for them.

use super::rounding::{floor, sats, size, ticks};
use domain::{Price, Quantity, Rate, Sats};

/// The rate of the venue's lowest tier, by which the reserve is always counted: 0.1 %.
const RESERVE_TIER: u8 = 0;

/// The trading fee of a tier from 0 (0.1 %) to 3 (0.06 %); a higher tier counts as 3.
pub const fn fee_rate(tier: u8) -> Rate {
    Rate::from_hundred_millionths(match tier {
        0 => 100_000,
        1 => 80_000,
        2 => 70_000,
        _ => 60_000,
    })
}

/// The fee in sats of one trade: `floor(quantity * 10^8 / price * rate)`.
pub fn fee(rate: Rate, quantity: Quantity, price: Price) -> Sats {
    sats(floor(size(quantity) * i128::from(rate.hundred_millionths()), ticks(price) * i128::from(Rate::ONE)))
}

/// What an order sets aside besides its margin, so that fees never touch the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeReserve {
    pub opening: Sats,
    pub closing: Sats,
}

impl FeeReserve {
    pub const fn total(self) -> Sats {
        Sats::new(self.opening.get().saturating_add(self.closing.get()))
    }
}

/// The reserve of an order: both fees at the lowest tier's rate, the closing one at the initial liquidation.
pub fn fee_reserve(quantity: Quantity, entry: Price, liquidation: Price) -> FeeReserve {
    let rate = fee_rate(RESERVE_TIER);
    FeeReserve { opening: fee(rate, quantity, entry), closing: fee(rate, quantity, liquidation) }
}

//! Division that says which way it rounds, and the position's size in the unit that all formulas share.

use domain::money::SATS_PER_BITCOIN;
use domain::price::TICKS_PER_DOLLAR;
use domain::{Price, Quantity, Sats};

/// Sats times ticks: divided by a price in ticks it gives what a position is worth in sats.
pub(super) fn size(quantity: Quantity) -> i128 {
    i128::from(quantity.get()) * i128::from(SATS_PER_BITCOIN * TICKS_PER_DOLLAR)
}

pub(super) fn ticks(price: Price) -> i128 {
    i128::from(price.ticks())
}

/// Towards minus infinity; the divisor is positive.
pub(super) fn floor(dividend: i128, divisor: i128) -> i128 {
    dividend.div_euclid(divisor)
}

/// Towards plus infinity; the divisor is positive.
pub(super) fn ceil(dividend: i128, divisor: i128) -> i128 {
    -(-dividend).div_euclid(divisor)
}

/// To the nearest, halves towards plus infinity, as JavaScript's `Math.round`; the divisor is positive.
pub(super) fn round(dividend: i128, divisor: i128) -> i128 {
    (2 * dividend + divisor).div_euclid(2 * divisor)
}

/// The nearest 64-bit number.
pub(super) fn saturated(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

/// The nearest amount that can be counted.
pub(super) fn sats(number: i128) -> Sats {
    Sats::new(saturated(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_towards_plus_infinity() {
        assert_eq!([round(5, 2), round(-5, 2), round(4, 3), round(-4, 3)], [3, -2, 1, -1]);
        assert_eq!([floor(-5, 2), floor(5, 2)], [-3, 2]);
        assert_eq!([ceil(-5, 2), ceil(5, 2)], [-2, 3]);
    }
}

//! What longs and shorts pay each other.

use super::rounding::{round, sats, size, ticks};
use domain::{Millis, Price, Quantity, Rate, Sats, Side};

/// The venue settles funding at 00:00, 08:00 and 16:00 UTC.
pub const FUNDING_PERIOD: Millis = Millis::new(8 * Millis::HOUR.get());

/// The funding fee in sats, to the nearest: `quantity / fixing * rate * 10^8`. Positive is paid, negative received;
/// with a positive rate longs pay, and shorts receive the same.
pub fn funding_fee(side: Side, quantity: Quantity, rate: Rate, fixing: Price) -> Sats {
    let divisor = ticks(fixing) * i128::from(Rate::ONE);
    let of_a_long = round(size(quantity) * i128::from(rate.hundred_millionths()), divisor);
    match side {
        Side::Long => sats(of_a_long),
        Side::Short => sats(-of_a_long),
    }
}

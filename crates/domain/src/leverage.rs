//! How many times its margin a position is worth.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Leverage in millionths: 1x is 1,000,000. An order takes 1x to 100x; a running position that was topped up to the
/// floor may read slightly below 1x.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Leverage(i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("leverage must be from 1 to 100")]
pub struct LeverageError;

impl Leverage {
    pub const ONE_X: i64 = 1_000_000;
    pub const MIN: Leverage = Leverage(Leverage::ONE_X);
    pub const MAX: Leverage = Leverage(100 * Leverage::ONE_X);

    /// What an order may ask for: 1x to 100x.
    pub const fn for_order(millionths: i64) -> Result<Leverage, LeverageError> {
        if Leverage::MIN.0 <= millionths && millionths <= Leverage::MAX.0 {
            Ok(Leverage(millionths))
        } else {
            Err(LeverageError)
        }
    }

    /// Leverage as it came out of a running position's margin, whatever it is.
    pub const fn measured(millionths: i64) -> Leverage {
        Leverage(millionths)
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Leverage from a JSON number, to the nearest millionth.
    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the one door through which a float becomes leverage; the cast saturates"
    )]
    pub fn try_from_times(times: f64) -> Result<Leverage, LeverageError> {
        if times.is_finite() && 0.0 < times { Ok(Leverage((times * 1e6).round() as i64)) } else { Err(LeverageError) }
    }

    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the one door through which leverage becomes a float, for JSON numbers"
    )]
    pub fn times(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// Two decimals: `6.67`.
impl fmt::Display for Leverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.0.saturating_add(5_000) / 10_000;
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

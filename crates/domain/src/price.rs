//! A price of one bitcoin, counted in the venue's ticks of half a dollar.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Ticks in one dollar.
pub const TICKS_PER_DOLLAR: i64 = 2;

/// US dollars for one bitcoin, in ticks of half a dollar: from 0.5 to 100,000,000 dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Price(i64);

/// Why a number is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    #[error("a price must be from 0.5 to 100,000,000 dollars")]
    OutOfRange,
    #[error("a price must be a plain decimal number")]
    NotANumber,
}

impl Price {
    /// Half a dollar: one tick.
    pub const MIN: Price = Price(1);
    /// A hundred million dollars: what the venue shows for "never".
    pub const MAX: Price = Price(100_000_000 * TICKS_PER_DOLLAR);

    pub const fn from_ticks(ticks: i64) -> Result<Price, PriceError> {
        if Price::MIN.0 <= ticks && ticks <= Price::MAX.0 { Ok(Price(ticks)) } else { Err(PriceError::OutOfRange) }
    }

    /// The nearest price in range.
    pub fn clamped(ticks: i128) -> Price {
        i64::try_from(ticks).map(|ticks| Price(ticks.clamp(Price::MIN.0, Price::MAX.0))).unwrap_or(if ticks < 0 {
            Price::MIN
        } else {
            Price::MAX
        })
    }

    pub const fn ticks(self) -> i64 {
        self.0
    }

    /// A price from a JSON number, to the nearest tick.
    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the one door through which a float becomes a price; the cast saturates and the range is checked"
    )]
    pub fn try_from_dollars(dollars: f64) -> Result<Price, PriceError> {
        if !dollars.is_finite() {
            return Err(PriceError::NotANumber);
        }
        Price::from_ticks((dollars * 2.0).round() as i64)
    }

    /// For chart scales and JSON numbers; exact, since every tick fits a double.
    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the one door through which a price becomes a float; ticks stay far below 2^53"
    )]
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 2.0
    }
}

impl TryFrom<i64> for Price {
    type Error = PriceError;

    fn try_from(ticks: i64) -> Result<Price, PriceError> {
        Price::from_ticks(ticks)
    }
}

impl From<Price> for i64 {
    fn from(price: Price) -> i64 {
        price.0
    }
}

/// Plain decimals such as `47336.47`, to the nearest tick; exponents, signs and words are refused.
impl FromStr for Price {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Price, PriceError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(PriceError::NotANumber);
        }
        let whole: i64 = whole.parse().map_err(|_| PriceError::OutOfRange)?;
        let fraction: String = fraction.chars().chain("00".chars()).take(2).collect();
        let hundredths: i64 = fraction.parse().map_err(|_| PriceError::NotANumber)?;
        let ticks = whole.checked_mul(TICKS_PER_DOLLAR).ok_or(PriceError::OutOfRange)?;
        Price::from_ticks(ticks.saturating_add(hundredths.saturating_add(25) / 50))
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = if self.0 % TICKS_PER_DOLLAR == 0 { "" } else { ".5" };
        write!(f, "{}{half}", self.0 / TICKS_PER_DOLLAR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_becomes_the_nearest_tick() {
        let ticks = |text: &str| text.parse::<Price>().map(Price::ticks);
        assert_eq!(ticks("47336.47"), Ok(94_673));
        assert_eq!(ticks("47336.24"), Ok(94_672));
        assert_eq!(ticks("47336.75"), Ok(94_674));
        assert_eq!(ticks("7560.05502911"), Ok(15_120));
        assert_eq!(ticks("0.5"), Ok(1));
        assert_eq!(ticks("0"), Err(PriceError::OutOfRange));
        assert_eq!(ticks("100000000.5"), Err(PriceError::OutOfRange));
        for nonsense in ["", ".5", "-1", "1e4", "NaN", "Infinity", "1,000", "６", "1.2.3"] {
            assert_eq!(ticks(nonsense), Err(PriceError::NotANumber), "{nonsense}");
        }
    }

    #[test]
    fn a_float_that_is_no_number_is_no_price() {
        for nonsense in [f64::NAN, f64::INFINITY, 1e308, 0.0, -1.0] {
            assert!(Price::try_from_dollars(nonsense).is_err(), "{nonsense}");
        }
        assert_eq!(Price::try_from_dollars(60_000.5).map(Price::ticks), Ok(120_001));
    }
}

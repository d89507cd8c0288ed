//! The door through which the venue's numbers come in: JSON numbers with or without decimals, or the same in quotes.

use crate::dollars::Dollars;
use domain::{Leverage, Price, Rate, Sats, Side, Timestamp, iso8601};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// A finite number, as JavaScript counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number(f64);

/// A whole number; decimals are cut off downwards, so that money is never more than it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whole(pub i64);

/// A time in ISO 8601, or in Unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time(pub Timestamp);

/// Doubles count whole numbers exactly up to here.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Number {
    pub fn price(self) -> Option<Price> {
        Price::try_from_dollars(self.0).ok()
    }

    /// A price where 0 stands for none.
    pub fn price_or_none(self) -> Result<Option<Price>, NotAPrice> {
        if self.0 == 0.0 { Ok(None) } else { self.price().map(Some).ok_or(NotAPrice) }
    }

    /// Where a position of this side is liquidated; where it never is, the venue shows 0 or a price beyond all prices.
    pub fn liquidation(self, side: Side) -> Option<Price> {
        self.price().or(match side {
            Side::Long if (0.0..1.0).contains(&self.0) => Some(Price::MIN),
            Side::Short if self.0 == 0.0 || 1.0 < self.0 => Some(Price::MAX),
            _ => None,
        })
    }

    /// Dollars that need not lie on the grid of prices.
    pub fn dollars(self) -> Option<Dollars> {
        millionths(self.0).map(Dollars::from_millionths)
    }

    pub fn leverage(self) -> Option<Leverage> {
        Leverage::try_from_times(self.0).ok()
    }

    pub fn rate(self) -> Option<Rate> {
        Rate::try_from_fraction(self.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stop is no price")]
pub(crate) struct NotAPrice;

impl From<Whole> for Sats {
    fn from(whole: Whole) -> Sats {
        Sats::new(whole.0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    #[expect(clippy::as_conversions, reason = "the venue itself counts in doubles")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        Ok(Number(number as f64))
    }

    #[expect(clippy::as_conversions, reason = "the venue itself counts in doubles")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        if number.is_finite() { Ok(Number(number)) } else { Err(E::custom("a number without end")) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        let number = plain_decimal(text).and_then(|text| text.parse().ok());
        number.map_or_else(|| Err(E::custom("a text that is no number")), |number| self.visit_f64(number))
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Whole, D::Error> {
        deserializer.deserialize_any(WholeVisitor)
    }
}

struct WholeVisitor;

impl Visitor<'_> for WholeVisitor {
    type Value = Whole;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
        Ok(Whole(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
        i64::try_from(number).map(Whole).map_err(E::custom)
    }

    #[expect(clippy::as_conversions, reason = "the range is checked first")]
    fn visit_f64<E: Error>(self, number: f64) -> Result<Whole, E> {
        let is_exact = number.is_finite() && number.abs() <= EXACT;
        if is_exact { Ok(Whole(number.floor() as i64)) } else { Err(E::custom("a number too large")) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Whole, E> {
        let text = plain_decimal(text).ok_or_else(|| E::custom("a text that is no number"))?;
        match text.parse() {
            Ok(whole) => Ok(Whole(whole)),
            Err(_) => self.visit_f64(text.parse().map_err(E::custom)?),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time")
    }

    fn visit_i64<E: Error>(self, ms: i64) -> Result<Time, E> {
        Ok(Time(Timestamp::from_unix_ms(ms)))
    }

    fn visit_u64<E: Error>(self, ms: u64) -> Result<Time, E> {
        i64::try_from(ms).map(|ms| Time(Timestamp::from_unix_ms(ms))).map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, ms: f64) -> Result<Time, E> {
        WholeVisitor.visit_f64(ms).map(|Whole(ms)| Time(Timestamp::from_unix_ms(ms)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        iso8601::read(text).map(Time).ok_or_else(|| E::custom("a text that is no time"))
    }
}

#[expect(clippy::as_conversions, clippy::float_arithmetic, reason = "the range is checked first")]
fn millionths(number: f64) -> Option<i64> {
    let parts = (number * 1e6).round();
    (parts.abs() <= EXACT).then_some(parts as i64)
}

/// Digits with at most one sign and one point; words and exponents are no numbers of this venue.
fn plain_decimal(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(json: &str) -> Option<i64> {
        serde_json::from_str::<Whole>(json).ok().map(|whole| whole.0)
    }

    fn price(json: &str) -> Option<i64> {
        serde_json::from_str::<Number>(json).ok()?.price().map(Price::ticks)
    }

    #[test]
    fn f07_whole_numbers_come_in_several_spellings() {
        for (json, expected) in [
            ("7", Some(7)),
            ("7.0", Some(7)),
            ("7.9", Some(7)),
            ("-7.1", Some(-8)),
            (r#""7""#, Some(7)),
            (r#""7.50""#, Some(7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1e308", None),
            (r#""1e3""#, None),
            (r#""NaN""#, None),
            (r#""""#, None),
            ("null", None),
            ("[]", None),
            ("true", None),
        ] {
            assert_eq!(whole(json), expected, "{json}");
        }
    }

    #[test]
    fn f19_what_is_no_price_is_refused() {
        assert_eq!(price("60000.5"), Some(120_001));
        assert_eq!(price(r#""60000.5""#), Some(120_001));
        assert_eq!(price("6e4"), Some(120_000));
        for nonsense in ["0", "-1", "1e308", r#""6e4""#, r#""Infinity""#, r#""NaN""#, r#""inf""#, "null", "1e9"] {
            assert_eq!(price(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_liquidation_beyond_all_prices_is_never() {
        let liquidation = |json: &str, side| serde_json::from_str::<Number>(json).unwrap().liquidation(side);
        assert_eq!(liquidation("0", Side::Long), Some(Price::MIN));
        assert_eq!(liquidation("0", Side::Short), Some(Price::MAX));
        assert_eq!(liquidation("100000000", Side::Short), Some(Price::MAX));
        assert_eq!(liquidation("1e12", Side::Short), Some(Price::MAX));
        assert_eq!(liquidation("90000", Side::Long).map(Price::ticks), Some(180_000));
        assert_eq!(liquidation("1e12", Side::Long), None);
        assert_eq!(liquidation("-5", Side::Long), None);
    }

    #[test]
    fn a_time_is_words_or_milliseconds() {
        let time = |json: &str| serde_json::from_str::<Time>(json).ok().map(|time| time.0.unix_ms());
        assert_eq!(time(r#""2026-04-22T11:07:19.867Z""#), Some(1_776_856_039_867));
        assert_eq!(time("1776856039867"), Some(1_776_856_039_867));
        assert_eq!(time(r#""yesterday""#), None);
    }
}

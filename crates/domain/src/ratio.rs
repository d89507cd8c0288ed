//! Shares of something: basis points for what people set, hundred-millionths for what the venue charges.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Hundredths of a percent: 500 is 5 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bps(i64);

impl Bps {
    /// The whole: 100 %.
    pub const ONE: Bps = Bps(10_000);

    pub const fn new(bps: i64) -> Bps {
        Bps(bps)
    }

    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A percentage with two decimals and no sign: `5.00`.
impl fmt::Display for Bps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

/// A fee or funding rate in hundred-millionths: 0.1 % is 100,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(i64);

impl Rate {
    /// The whole: 100 %.
    pub const ONE: i64 = 100_000_000;
    pub const ZERO: Rate = Rate(0);

    pub const fn from_hundred_millionths(parts: i64) -> Rate {
        Rate(parts)
    }

    pub const fn hundred_millionths(self) -> i64 {
        self.0
    }

    /// A rate from a JSON number such as `0.0001`, to the nearest hundred-millionth; rates of 100 % and more are no
    /// rates of this venue.
    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the one door through which a float becomes a rate; the range is checked first"
    )]
    pub fn try_from_fraction(fraction: f64) -> Option<Rate> {
        (fraction.is_finite() && fraction.abs() < 1.0).then(|| Rate((fraction * 1e8).round() as i64))
    }

    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the one door through which a rate becomes a float, for JSON numbers"
    )]
    pub fn fraction(self) -> f64 {
        self.0 as f64 / 1e8
    }
}

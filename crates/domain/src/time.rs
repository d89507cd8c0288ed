//! Points in time and lengths of it, in milliseconds.

use serde::{Deserialize, Serialize};

/// Unix time in milliseconds, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(i64);

impl Timestamp {
    pub const EPOCH: Timestamp = Timestamp(0);

    pub const fn from_unix_ms(ms: i64) -> Timestamp {
        Timestamp(ms)
    }

    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// Time passed since `earlier`; zero where `earlier` lies ahead.
    pub fn since(self, earlier: Timestamp) -> Millis {
        Millis(self.0.saturating_sub(earlier.0).max(0))
    }

    pub const fn plus(self, length: Millis) -> Timestamp {
        Timestamp(self.0.saturating_add(length.0))
    }

    pub const fn minus(self, length: Millis) -> Timestamp {
        Timestamp(self.0.saturating_sub(length.0))
    }

    /// The start of this time's day in UTC.
    pub const fn start_of_day(self) -> Timestamp {
        Timestamp(self.0.div_euclid(Millis::DAY.0).saturating_mul(Millis::DAY.0))
    }
}

impl Millis {
    pub const ZERO: Millis = Millis(0);
    pub const SECOND: Millis = Millis(1_000);
    pub const MINUTE: Millis = Millis(60_000);
    pub const HOUR: Millis = Millis(3_600_000);
    pub const DAY: Millis = Millis(86_400_000);

    pub const fn new(ms: i64) -> Millis {
        Millis(ms)
    }

    pub const fn from_secs(seconds: i64) -> Millis {
        Millis(seconds.saturating_mul(1_000))
    }

    pub const fn get(self) -> i64 {
        self.0
    }
}

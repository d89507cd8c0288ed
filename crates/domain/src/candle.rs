//! Price history in bars.

use crate::{Millis, Price, Timestamp};
use serde::{Deserialize, Serialize};

/// One bar of price history.
///
/// Real history has bars whose open lies outside `[low, high]` (an open carried over from the bar before); `lowest`
/// and `highest` cover all four prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candle {
    /// When the bar opened.
    pub at: Timestamp,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
    /// Volume in US dollars, or in the source's unit; for show only.
    pub volume: i64,
}

impl Candle {
    pub fn lowest(&self) -> Price {
        self.low.min(self.open).min(self.close)
    }

    pub fn highest(&self) -> Price {
        self.high.max(self.open).max(self.close)
    }
}

/// The length of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Interval(Millis);

impl Interval {
    pub const MINUTE: Interval = Interval(Millis::MINUTE);

    /// `None` unless longer than nothing.
    pub fn new(length: Millis) -> Option<Interval> {
        (Millis::ZERO < length).then_some(Interval(length))
    }

    pub const fn length(self) -> Millis {
        self.0
    }
}

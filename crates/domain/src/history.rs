//! The past of a market, as it is kept: what kind, and who told it.

use crate::{Interval, Price, Rate, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who told the past. What one source said never stands in for what another said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HistorySource {
    /// LN Markets itself.
    LnMarkets,
    /// LN Markets' signet, whose market is its own.
    Signet,
    Binance,
    /// A paper exchange, or anything else that speaks LN Markets' language.
    Paper,
}

impl HistorySource {
    pub const fn as_str(self) -> &'static str {
        match self {
            HistorySource::LnMarkets => "lnmarkets",
            HistorySource::Signet => "signet",
            HistorySource::Binance => "binance",
            HistorySource::Paper => "paper",
        }
    }
}

impl fmt::Display for HistorySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One kind of past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// Funding settlements.
    Settlements,
    /// Bars of one length.
    Candles(Interval),
}

/// One kind of past from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HistoryKey {
    pub source: HistorySource,
    pub series: Series,
}

/// A funding settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub at: Timestamp,
    /// Positive means that longs paid shorts.
    pub rate: Rate,
    /// To the nearest half dollar.
    pub fixing: Price,
}

//! How a source of prices does, as it is shown.

use crate::{Bps, Millis, Mode, Price, Timestamp};
use serde::{Deserialize, Serialize};

/// One source of prices, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceHealth {
    /// What people call it.
    pub name: String,
    pub role: SourceRole,
    /// The newest price; `None` before the first.
    pub price: Option<Price>,
    /// Since the newest price came.
    pub age: Option<Millis>,
    /// Whether the newest price may still be used.
    pub is_fresh: bool,
    pub breaker: BreakerState,
    /// `None` where prices are only asked for.
    pub stream: Option<StreamState>,
    /// How far the source's clock is ahead of ours; `None` where it was not measured.
    pub clock_offset: Option<Millis>,
    /// Of a second source about the first.
    pub opinion: Option<Opinion>,
}

/// What a source is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceRole {
    /// Its price is the one that accounts of this mode are guarded by.
    Decides(Mode),
    /// It may confirm a price or doubt it, and never decides.
    SecondOpinion,
}

/// What can be seen of a circuit breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// In use; `failures` in a row so far.
    Closed { failures: u32 },
    /// Left alone until then, for the reason given.
    Open { until: Timestamp, reason: String },
    /// One request is out to see whether it is well again.
    Probing,
}

/// What can be seen of a stream of prices; counted since it was begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamState {
    pub is_up: bool,
    /// Connections that were built.
    pub built: u64,
    /// Connections that were given up because the exchange knew another price.
    pub frozen: u64,
    /// Prices that were not believed: out of order, too old, of the future, or no prices.
    pub dropped: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
}

/// Whether a second source agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    Agrees,
    /// The prices lie this far apart.
    Doubts {
        by: Bps,
    },
    /// One of them is too old to say.
    None,
}

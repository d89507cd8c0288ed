//! What holds everything back: the kill switch that a person pulls, and the breaker that falls by itself.

use crate::Sats;
use serde::{Deserialize, Serialize};

/// How far a stop reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopScope {
    Account,
    Everything,
}

/// What a stop holds back. Guards have their own switch: a trader who stops trading does not mean to lose positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// New positions and automations; guards go on.
    Trading,
    /// Every call that changes something, the guards' top-ups included.
    Guards,
}

/// What the breaker measures, over all accounts of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gauge {
    AddsPerMinute,
    SatsPerHour,
}

impl Gauge {
    pub const fn as_str(self) -> &'static str {
        match self {
            Gauge::AddsPerMinute => "adds_per_minute",
            Gauge::SatsPerHour => "sats_per_hour",
        }
    }
}

/// Where the breaker falls. Beyond this something is wrong with the program, whatever each guard's own limits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerLimits {
    pub adds_per_minute: u32,
    pub sats_per_hour: Sats,
}

impl Default for BreakerLimits {
    fn default() -> BreakerLimits {
        BreakerLimits { adds_per_minute: 120, sats_per_hour: Sats::new(100_000_000) }
    }
}

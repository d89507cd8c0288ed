//! What holds everything back: the kill switch that a person pulls, and the breaker that falls by itself.

use crate::{Sats, Timestamp};
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

/// What went on at the exchange when a switch had been pulled, read again then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remains {
    /// Orders that were canceled; `None` where that was not asked for, or the exchange did not confirm it.
    pub canceled: Option<u32>,
    /// Orders that still wait at the exchange; `None` where they could not be read.
    pub orders: Option<u32>,
    /// Actions whose fate is not known yet.
    pub unknown: u32,
}

/// What holds an account back; nothing, by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brakes {
    /// How far the widest stop of trading reaches.
    pub trading: Option<StopScope>,
    /// The same for the guards.
    pub guards: Option<StopScope>,
    pub breaker: bool,
}

impl Brakes {
    pub const fn any(self) -> bool {
        self.trading.is_some() || self.guards.is_some() || self.breaker
    }

    /// Counts one switch more.
    pub fn add(&mut self, scope: StopScope, stopped: Stopped) {
        let place = match stopped {
            Stopped::Trading => &mut self.trading,
            Stopped::Guards => &mut self.guards,
        };
        if *place != Some(StopScope::Everything) {
            *place = Some(scope);
        }
    }
}

/// A switch that is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulled {
    pub scope: StopScope,
    pub stopped: Stopped,
    pub at: Timestamp,
}

/// What holds an account back, and what stays open meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrakeReport {
    /// The switches for everything first.
    pub pulled: Vec<Pulled>,
    pub breaker: bool,
    /// The reader may stop everything and arm the breaker again.
    pub is_master: bool,
    /// Positions that run on.
    pub positions: u32,
    pub margin: Sats,
    pub remains: Remains,
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

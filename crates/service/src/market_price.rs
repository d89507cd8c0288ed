//! The newest price with its age, by our own clock.

use domain::live::LiveTick;
use domain::{Millis, Tick, Timestamp};

/// Older than this, and nothing is decided on a price.
pub const PRICE_LIMIT: Millis = Millis::from_secs(5);

/// A tick with the moment it reached us, by our own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedTick {
    pub tick: Tick,
    pub received_at: Timestamp,
}

impl ReceivedTick {
    pub fn age(&self, now: Timestamp) -> Millis {
        now.since(self.received_at)
    }

    pub fn is_stale(&self, now: Timestamp) -> bool {
        PRICE_LIMIT < self.age(now)
    }

    pub fn live(&self, now: Timestamp) -> LiveTick {
        LiveTick { tick: self.tick, age: self.age(now), stale: self.is_stale(now) }
    }
}

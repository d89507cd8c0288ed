//! How fast market time runs.

use domain::{Interval, Millis};
use std::num::NonZeroU32;
use std::time::Duration;

/// The longest wall time between two ticks, so that a price never looks stale.
const LONGEST_WAIT_MS: i64 = 500;
/// Few enough ticks for any bar, enough to see it move.
const STEPS: std::ops::RangeInclusive<i64> = 8..=20_000;

/// Milliseconds of market time per millisecond of the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    speed: NonZeroU32,
}

impl Pace {
    /// As fast as the wall clock.
    pub const REAL_TIME: Pace = Pace { speed: NonZeroU32::MIN };

    pub const fn new(speed: NonZeroU32) -> Pace {
        Pace { speed }
    }

    pub const fn speed(self) -> NonZeroU32 {
        self.speed
    }

    /// How many ticks a bar needs so that they come at least twice a second.
    pub fn steps(self, interval: Interval) -> u32 {
        let wall = interval.length().get() / i64::from(self.speed.get());
        let steps = wall.saturating_add(LONGEST_WAIT_MS - 1) / LONGEST_WAIT_MS;
        u32::try_from(steps.clamp(*STEPS.start(), *STEPS.end())).unwrap_or(u32::MAX)
    }

    /// How long a length of market time takes, to the microsecond.
    pub(super) fn wall_time(self, market: Millis) -> Duration {
        let micros = market.get().max(0).unsigned_abs().saturating_mul(1_000) / u64::from(self.speed.get());
        Duration::from_micros(micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_come_at_least_twice_a_second_at_any_pace() {
        let pace = |speed| Pace::new(NonZeroU32::new(speed).unwrap());
        assert_eq!(Pace::REAL_TIME.steps(Interval::MINUTE), 120);
        assert_eq!(pace(60).steps(Interval::MINUTE), 8);
        assert_eq!(pace(1).steps(Interval::new(Millis::HOUR).unwrap()), 7_200);
        assert_eq!(pace(60).wall_time(Millis::MINUTE), Duration::from_secs(1));
        assert_eq!(pace(7).wall_time(Millis::new(1)), Duration::from_micros(142));
    }
}

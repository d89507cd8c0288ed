//! The venue's time, by which signatures are checked: our own clock and how far it is off.

use domain::{Millis, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Tells our own time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A measurement is trusted for this long.
const LIFE: Duration = Duration::from_secs(600);
/// After a failed measurement the next waits for this long.
const PAUSE: Duration = Duration::from_secs(5);
/// A wall clock that strays this far from the monotonic one was set, or the machine slept.
const STEP_MS: i64 = 1_000;

pub(crate) struct VenueClock {
    wall: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    measured: Option<Measured>,
    tried_at: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Measured {
    offset_ms: i64,
    wall: Timestamp,
    at: Instant,
}

impl VenueClock {
    pub fn new(wall: Clock) -> VenueClock {
        VenueClock { wall, state: Mutex::default() }
    }

    pub fn wall(&self) -> Timestamp {
        (self.wall)()
    }

    /// The venue's time, as far as it is known.
    pub fn now(&self) -> Timestamp {
        self.wall().plus(self.offset().unwrap_or(Millis::ZERO))
    }

    /// How far the venue is ahead of us; `None` before the first measurement.
    pub fn offset(&self) -> Option<Millis> {
        self.state().measured.map(|measured| Millis::new(measured.offset_ms))
    }

    /// Takes in the venue's time from an answer to a question that was asked at `asked`, by our own clock.
    pub fn learn(&self, venue: Timestamp, asked: Timestamp) {
        let answered = self.wall();
        let middle = asked.plus(Millis::new(answered.since(asked).get() / 2));
        let offset_ms = venue.unix_ms().saturating_sub(middle.unix_ms());
        self.state().measured = Some(Measured { offset_ms, wall: answered, at: Instant::now() });
    }

    /// Whether it is time to ask the venue, and nobody has just tried.
    pub fn is_due(&self) -> bool {
        let wall = self.wall();
        let state = self.state();
        let tried = state.tried_at.is_some_and(|at| at.elapsed() < PAUSE);
        !tried && state.measured.is_none_or(|measured| measured.is_old(wall))
    }

    pub fn note_attempt(&self) {
        self.state().tried_at = Some(Instant::now());
    }

    /// The venue has found a signature's time wrong.
    pub fn distrust(&self) {
        self.state().measured = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Measured {
    fn is_old(&self, wall: Timestamp) -> bool {
        let passed = i64::try_from(self.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        let by_wall = wall.unix_ms().saturating_sub(self.wall.unix_ms());
        LIFE < self.at.elapsed() || STEP_MS < by_wall.saturating_sub(passed).saturating_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};
    use tokio::time::advance;

    fn clock() -> (VenueClock, Arc<AtomicI64>) {
        let wall = Arc::new(AtomicI64::new(1_000_000));
        let read = wall.clone();
        (VenueClock::new(Arc::new(move || Timestamp::from_unix_ms(read.load(Ordering::SeqCst)))), wall)
    }

    #[tokio::test(start_paused = true)]
    async fn f11_the_venues_time_is_ours_and_the_offset() {
        let (clock, wall) = clock();
        assert!(clock.is_due());
        assert_eq!(clock.now(), Timestamp::from_unix_ms(1_000_000));
        wall.store(1_000_200, Ordering::SeqCst);
        clock.learn(Timestamp::from_unix_ms(1_040_100), Timestamp::from_unix_ms(1_000_000));
        assert_eq!(clock.offset(), Some(Millis::new(40_000)));
        assert_eq!(clock.now(), Timestamp::from_unix_ms(1_040_200));
        assert!(!clock.is_due());
    }

    #[tokio::test(start_paused = true)]
    async fn f11_a_clock_that_was_set_is_measured_again() {
        let (clock, wall) = clock();
        clock.learn(Timestamp::from_unix_ms(1_000_000), Timestamp::from_unix_ms(1_000_000));
        advance(Duration::from_secs(60)).await;
        wall.fetch_add(60_000, Ordering::SeqCst);
        assert!(!clock.is_due());
        wall.fetch_add(3_600_000, Ordering::SeqCst);
        assert!(clock.is_due());
        wall.fetch_add(-7_200_000, Ordering::SeqCst);
        assert!(clock.is_due());
        clock.note_attempt();
        assert!(!clock.is_due(), "a venue that does not answer is not asked at once again");
        advance(PAUSE).await;
        assert!(clock.is_due());
    }
}

//! After three failures in a row, or a plea to slow down, a key's reads go out one at a time and one a second, until the
//! venue answers again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row that open the circuit.
const MOST_FAILURES: u32 = 3;
/// Short, for whoever guards is blind meanwhile.
const PAUSE: Duration = Duration::from_secs(1);

/// Shared by all reads of a key. Calls that change something are not held by it: they are sent once as it is.
#[derive(Default)]
pub(crate) struct Circuit {
    state: Mutex<State>,
    probing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    failures: u32,
    /// When the next probe may go out; `None` while the circuit is closed.
    next_probe: Option<Instant>,
}

/// Leave to ask. While it is held by a probe, nobody else asks.
pub(crate) struct Leave<'a> {
    circuit: &'a Circuit,
    _probe: Option<tokio::sync::MutexGuard<'a, ()>>,
}

/// The venue has just failed, and is left alone.
#[derive(Debug)]
pub(crate) struct LeftAlone;

impl Circuit {
    /// Waits for a probe that is out, and goes by what it found.
    pub async fn admit(&self) -> Result<Leave<'_>, LeftAlone> {
        if self.state().next_probe.is_none() {
            return Ok(Leave { circuit: self, _probe: None });
        }
        let probe = self.probing.lock().await;
        let mut state = self.state();
        let now = Instant::now();
        match state.next_probe {
            None => Ok(Leave { circuit: self, _probe: None }),
            Some(next) if now < next => Err(LeftAlone),
            Some(_) => {
                state.next_probe = Some(now + PAUSE);
                Ok(Leave { circuit: self, _probe: Some(probe) })
            }
        }
    }

    pub fn is_open(&self) -> bool {
        self.state().next_probe.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// The venue answered, whatever it said.
    pub fn succeed(self) {
        if self.circuit.is_open() {
            tracing::info!("the venue answers again");
        }
        *self.circuit.state() = State::default();
    }

    /// The venue asked to slow down. How long is the budget's affair; here, one asks first, and the others wait for it.
    pub fn slow_down(self) {
        let mut state = self.circuit.state();
        state.failures = MOST_FAILURES;
        state.next_probe = Some(Instant::now());
    }

    pub fn fail(self) {
        let mut state = self.circuit.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures < MOST_FAILURES {
            return;
        }
        if state.next_probe.is_none() {
            tracing::warn!(failures = state.failures, "the venue fails again and again and is only probed");
        }
        state.next_probe = Some(Instant::now() + PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    async fn fail(circuit: &Circuit) {
        circuit.admit().await.unwrap().fail();
    }

    #[tokio::test(start_paused = true)]
    async fn f06_three_failures_in_a_row_open_it_and_one_answer_closes_it() {
        let circuit = Circuit::default();
        fail(&circuit).await;
        fail(&circuit).await;
        circuit.admit().await.unwrap().succeed();
        fail(&circuit).await;
        fail(&circuit).await;
        assert!(!circuit.is_open());
        fail(&circuit).await;
        assert!(circuit.admit().await.is_err());
        advance(PAUSE).await;
        circuit.admit().await.unwrap().succeed();
        assert!(!circuit.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn f08_one_probe_a_second_and_the_others_wait_for_what_it_finds() {
        let circuit = Circuit::default();
        for _ in 0..3 {
            fail(&circuit).await;
        }
        advance(PAUSE).await;
        let probe = circuit.admit().await.unwrap();
        let (failed, ()) = tokio::join!(circuit.admit(), async { probe.fail() });
        assert!(failed.is_err(), "nobody follows a probe that failed");
        advance(PAUSE).await;
        let probe = circuit.admit().await.unwrap();
        let (answered, ()) = tokio::join!(circuit.admit(), async { probe.succeed() });
        assert!(answered.is_ok());
    }
}

//! A circuit breaker: a source that keeps failing is left alone for a while.

use crate::{CandleQuery, Market, ReadError};
use async_trait::async_trait;
use domain::source::BreakerState;
use domain::{Candle, Millis, Ticker, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Failures in a row that open the circuit.
const MOST_FAILURES: u32 = 3;
const FIRST_PAUSE: Millis = Millis::from_secs(5);
const LONGEST_PAUSE: Millis = Millis::from_secs(300);

/// Counts failures in a row. It is told the time and reads no clock.
#[derive(Debug)]
pub struct Breaker {
    state: BreakerState,
    pause: Millis,
    never_opens: bool,
}

impl Default for Breaker {
    fn default() -> Breaker {
        Breaker { state: BreakerState::Closed { failures: 0 }, pause: FIRST_PAUSE, never_opens: false }
    }
}

impl Breaker {
    /// One that counts failures and keeps nobody from asking: for the source that saves positions.
    pub fn counting() -> Breaker {
        Breaker { never_opens: true, ..Breaker::default() }
    }

    pub fn state(&self) -> BreakerState {
        self.state.clone()
    }

    /// Whether a request may go out now; `Err` says until when it may not.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Option<Timestamp>> {
        match self.state {
            BreakerState::Closed { .. } => Ok(()),
            BreakerState::Open { until, .. } if until <= now => {
                self.state = BreakerState::Probing;
                Ok(())
            }
            BreakerState::Open { until, .. } => Err(Some(until)),
            BreakerState::Probing => Err(None),
        }
    }

    pub fn succeed(&mut self) {
        *self = Breaker { never_opens: self.never_opens, ..Breaker::default() };
    }

    /// `wait` is what the source itself asks for.
    pub fn fail(&mut self, now: Timestamp, reason: &str, wait: Option<Millis>) {
        let failures = match self.state {
            BreakerState::Closed { failures } => failures.saturating_add(1),
            BreakerState::Open { .. } => return,
            BreakerState::Probing => MOST_FAILURES,
        };
        if self.never_opens || (failures < MOST_FAILURES && wait.is_none()) {
            self.state = BreakerState::Closed { failures };
            return;
        }
        let pause = wait.unwrap_or_default().max(self.pause).min(LONGEST_PAUSE);
        self.state = BreakerState::Open { until: now.plus(pause), reason: reason.to_owned() };
        self.pause = Millis::new(self.pause.get().saturating_mul(2)).min(LONGEST_PAUSE);
    }

    /// A probe that was given up proves nothing; the next request is one.
    fn give_up(&mut self, now: Timestamp) {
        if self.state == BreakerState::Probing {
            self.state = BreakerState::Open { until: now, reason: "the probe was given up".to_owned() };
        }
    }
}

/// Tells our own time.
type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A market behind a breaker, with the name under which it is shown.
pub struct GuardedMarket<M> {
    name: String,
    market: M,
    clock: Clock,
    breaker: Mutex<Breaker>,
}

impl<M: Market> GuardedMarket<M> {
    pub fn new(name: &str, market: M, clock: Clock) -> GuardedMarket<M> {
        GuardedMarket { name: name.to_owned(), market, clock, breaker: Mutex::default() }
    }

    /// One whose failures are counted and that is asked all the same, however many they are.
    pub fn watched(name: &str, market: M, clock: Clock) -> GuardedMarket<M> {
        GuardedMarket { breaker: Mutex::new(Breaker::counting()), ..GuardedMarket::new(name, market, clock) }
    }

    /// Where these prices come from, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn state(&self) -> BreakerState {
        self.breaker().state()
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask<T: Send>(&self, asked: impl Future<Output = Result<T, ReadError>> + Send) -> Result<T, ReadError> {
        if self.breaker().admit((self.clock)()).is_err() {
            return Err(ReadError::Unavailable(format!("{} failed again and again and is left alone", self.name)));
        }
        let probe = Probe { market: self };
        let answer = asked.await;
        match &answer {
            Ok(_) => self.breaker().succeed(),
            Err(error) => {
                let wait = match error {
                    ReadError::RateLimited { retry_after } => *retry_after,
                    _ => None,
                };
                self.breaker().fail((self.clock)(), &error.to_string(), wait);
            }
        }
        drop(probe);
        answer
    }
}

/// Notices a request that is dropped before its answer.
struct Probe<'a, M: Market> {
    market: &'a GuardedMarket<M>,
}

impl<M: Market> Drop for Probe<'_, M> {
    fn drop(&mut self) {
        self.market.breaker().give_up((self.market.clock)());
    }
}

#[async_trait]
impl<M: Market> Market for GuardedMarket<M> {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        self.ask(self.market.fetch_time()).await
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        self.ask(self.market.fetch_ticker()).await
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        self.ask(self.market.fetch_candles(query)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_ms(seconds * 1_000)
    }

    fn fail(breaker: &mut Breaker, seconds: i64) {
        breaker.fail(at(seconds), "broken", None);
    }

    #[test]
    fn f06_three_failures_in_a_row_open_the_circuit() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 0);
        fail(&mut breaker, 1);
        breaker.succeed();
        fail(&mut breaker, 2);
        fail(&mut breaker, 3);
        assert_eq!(breaker.admit(at(3)), Ok(()));
        fail(&mut breaker, 4);
        assert_eq!(breaker.state(), BreakerState::Open { until: at(9), reason: "broken".to_owned() });
        assert_eq!(breaker.admit(at(8)), Err(Some(at(9))));
    }

    #[test]
    fn f06_a_source_that_saves_positions_is_asked_however_often_it_fails() {
        let mut breaker = Breaker::counting();
        (0..100).for_each(|second| fail(&mut breaker, second));
        breaker.fail(at(100), "slow down", Some(Millis::DAY));
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 101 });
        assert_eq!(breaker.admit(at(100)), Ok(()));
        breaker.succeed();
        (0..5).for_each(|second| fail(&mut breaker, second));
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 5 }, "and it stays so");
    }

    #[test]
    fn one_probe_at_a_time_decides_and_pauses_double() {
        let mut breaker = Breaker::default();
        (0..3).for_each(|second| fail(&mut breaker, second));
        assert_eq!(breaker.admit(at(7)), Ok(()));
        assert_eq!(breaker.admit(at(7)), Err(None), "while a probe is out nobody else goes");
        fail(&mut breaker, 8);
        assert!(matches!(breaker.state(), BreakerState::Open { until, .. } if until == at(18)));
        assert_eq!(breaker.admit(at(18)), Ok(()));
        breaker.succeed();
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 0 });
    }

    #[test]
    fn a_source_that_asks_for_a_pause_gets_it_at_once() {
        let mut breaker = Breaker::default();
        breaker.fail(at(0), "slow down", Some(Millis::from_secs(60)));
        assert_eq!(breaker.admit(at(59)), Err(Some(at(60))));
        let mut breaker = Breaker::default();
        breaker.fail(at(0), "banned", Some(Millis::DAY));
        assert_eq!(breaker.admit(at(0)), Err(Some(at(300))), "but not for ever");
    }
}

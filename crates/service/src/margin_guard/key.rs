//! Whether the account's key lets the guard act; where it does not, the exchange is left alone and a person is told.

use super::{MarginGuard, Trouble};
use crate::chronicle::Scene;
use domain::live::Alarm;
use domain::{KeyFault, LedgerOutcome, Millis, Reason, Timestamp};
use exchange::{KeyStanding, ReadError, Rejection};
use std::sync::Arc;
use store::StoreError;
use tokio::task::JoinHandle;

/// After a refusal the exchange is left alone for so long, and twice as long after each that follows: whoever knocks
/// with a refused key again and again is locked out.
const FIRST_PAUSE: Millis = Millis::from_secs(10);
const LONGEST_PAUSE: Millis = Millis::from_secs(300);
/// A refusal so long after the last one is a new story.
const MEMORY: Millis = Millis::from_secs(1_200);
/// How often a key with nothing against it is asked about: what it may do can change.
const CHECK_PACE: Millis = Millis::from_secs(600);
/// How often a key that lets the account be read, and no more, is asked about.
const UNFIT_PACE: Millis = Millis::MINUTE;
/// While the exchange is left alone, the lease is held and the page is kept alive all the same.
const RESTING_PACE: Millis = Millis::from_secs(5);

type Asking = JoinHandle<Result<KeyStanding, ReadError>>;

/// What is known of the key.
#[derive(Default)]
pub(super) struct KeyWatch {
    unfit: Option<Unfit>,
    pause: Millis,
    refused_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
    asking: Option<Asking>,
}

#[derive(Clone, Debug)]
struct Unfit {
    fault: KeyFault,
    detail: String,
    /// Nothing can be read with it either: the exchange is not asked for anything before `until`.
    is_blind: bool,
    until: Timestamp,
}

impl KeyWatch {
    /// Why nothing may be sent with this key.
    pub fn objection(&self) -> Option<Reason> {
        let Unfit { fault, detail, .. } = self.unfit.as_ref()?;
        Some(Reason::KeyUnfit { fault: *fault, detail: detail.clone() })
    }

    pub fn fault(&self) -> Option<KeyFault> {
        self.unfit.as_ref().map(|unfit| unfit.fault)
    }

    fn is_blind(&self) -> bool {
        self.unfit.as_ref().is_some_and(|unfit| unfit.is_blind)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        match (&self.unfit, self.asked_at) {
            (Some(unfit), _) => unfit.until <= now,
            (None, None) => true,
            (None, Some(asked)) => CHECK_PACE <= now.since(asked),
        }
    }

    /// The exchange refused a call because of the key.
    fn refuse(&mut self, now: Timestamp, fault: KeyFault, detail: String, is_blind: bool) {
        let is_new = self.refused_at.is_none_or(|at| MEMORY < now.since(at));
        let doubled = Millis::new(self.pause.get().saturating_mul(2));
        self.pause = if is_new { FIRST_PAUSE } else { doubled.clamp(FIRST_PAUSE, LONGEST_PAUSE) };
        self.refused_at = Some(now);
        self.unfit = Some(Unfit { fault, detail, is_blind, until: now.plus(self.pause) });
    }

    /// The exchange said what the key may do.
    fn learn(&mut self, now: Timestamp, standing: KeyStanding) {
        match standing {
            KeyStanding::Unfit { fault: fault @ (KeyFault::Refused | KeyFault::PlaceRefused), detail } => {
                self.refuse(now, fault, detail, true);
            }
            KeyStanding::Unfit { fault, detail } => {
                let is_blind = self.is_blind();
                self.unfit = Some(Unfit { fault, detail, is_blind, until: now.plus(UNFIT_PACE) });
            }
            // A call was refused all the same: the pause is kept.
            KeyStanding::Sound if self.unfit.as_ref().is_some_and(|unfit| now < unfit.until) => {}
            KeyStanding::Sound => self.unfit = None,
        }
    }
}

impl MarginGuard {
    /// Looks after what is known of the key, without waiting for it where anything else can be done; answers how long
    /// the exchange is left alone.
    pub(super) async fn heed_key(&mut self) -> Result<Option<Millis>, Trouble> {
        let before = self.key.fault();
        let now = self.clock.now();
        if self.key.asking.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(asking) = self.key.asking.take()
            && let Ok(Ok(standing)) = asking.await
        {
            self.key.learn(now, standing);
        }
        if self.key.is_due(now) {
            self.key.asked_at = Some(now);
            if self.key.is_blind() {
                self.ask_about_key(now).await;
            } else if self.key.asking.is_none() {
                self.key.asking = Some(self.start_asking());
            }
        }
        self.say_key(before).await?;
        Ok(self.key.is_blind().then_some(RESTING_PACE))
    }

    /// The guard goes on meanwhile, and is called when there is an answer.
    fn start_asking(&self) -> Asking {
        let desk = Arc::clone(&self.desk);
        tokio::spawn(async move {
            let standing = desk.exchange.fetch_standing().await;
            desk.wake.notify_one();
            standing
        })
    }

    async fn ask_about_key(&mut self, now: Timestamp) {
        match self.desk.exchange.fetch_standing().await {
            Ok(standing) => self.key.learn(now, standing),
            Err(error) => {
                tracing::warn!(account = %self.account(), %error, "the key cannot be asked about");
                if let Some(unfit) = &mut self.key.unfit {
                    unfit.until = now.plus(FIRST_PAUSE);
                }
            }
        }
    }

    /// A read was refused: nothing more is asked with this key for a while. `None` where the key is not the reason.
    pub(super) async fn refuse_reading(&mut self, error: &ReadError) -> Result<Option<Millis>, Trouble> {
        let (before, now) = (self.key.fault(), self.clock.now());
        match error {
            ReadError::Unauthorized(words) => self.key.refuse(now, KeyFault::Refused, words.clone(), true),
            ReadError::PlaceRefused(words) => self.key.refuse(now, KeyFault::PlaceRefused, words.clone(), true),
            ReadError::Forbidden(words) => {
                self.key.refuse(now, KeyFault::Lacks, words.clone(), true);
                self.ask_about_key(now).await;
            }
            ReadError::Unavailable(_) | ReadError::RateLimited { .. } | ReadError::Malformed(_) => return Ok(None),
        }
        self.say_key(before).await?;
        Ok(Some(RESTING_PACE))
    }

    /// A call that changes something was refused because of the key: no other goes out before it is known why.
    pub(super) async fn refuse_acting(&mut self, rejection: &Rejection) -> Result<(), Trouble> {
        let fault = match rejection.status {
            401 => KeyFault::Refused,
            403 => KeyFault::Lacks,
            451 => KeyFault::PlaceRefused,
            _ => return Ok(()),
        };
        let (before, now) = (self.key.fault(), self.clock.now());
        self.key.refuse(now, fault, rejection.message.clone(), false);
        self.key.asking = Some(self.start_asking());
        self.say_key(before).await
    }

    /// Tells a person, once, that the guard has lost its effect, or has it again.
    async fn say_key(&mut self, before: Option<KeyFault>) -> Result<(), Trouble> {
        let fault = self.key.fault();
        if fault == before {
            return Ok(());
        }
        self.desk.change_view(|view| {
            view.key_fault = fault;
            view.alarm = fault.map(Alarm::KeyUnfit);
        });
        let scene = Scene { market_at: self.last_market_time(), price: None, distance: None };
        let (outcome, reason) = match self.key.objection() {
            Some(reason) => (LedgerOutcome::Alarmed, reason),
            None => (LedgerOutcome::Noted, Reason::KeyFit),
        };
        let said: Result<(), StoreError> = self.chronicle.say(scene, None, outcome, reason).await;
        Ok(said?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_ms(seconds * 1_000)
    }

    fn refuse(watch: &mut KeyWatch, seconds: i64) {
        watch.refuse(at(seconds), KeyFault::Refused, "unknown".to_owned(), true);
    }

    #[test]
    fn f09_pauses_double_and_are_forgotten_after_a_while() {
        let mut watch = KeyWatch::default();
        refuse(&mut watch, 0);
        assert!(!watch.is_due(at(9)) && watch.is_due(at(10)));
        refuse(&mut watch, 10);
        assert!(!watch.is_due(at(29)) && watch.is_due(at(30)));
        for _ in 0..10 {
            refuse(&mut watch, 30);
        }
        assert!(watch.is_due(at(330)), "but never longer than five minutes");
        refuse(&mut watch, 2_000);
        assert!(watch.is_due(at(2_010)));
    }

    #[test]
    fn f09_a_key_that_is_sound_again_is_used_again_but_not_before_the_pause_is_over() {
        let mut watch = KeyWatch::default();
        refuse(&mut watch, 0);
        watch.learn(at(9), KeyStanding::Sound);
        assert_eq!(watch.fault(), Some(KeyFault::Refused), "what it is said to be is not what happened");
        watch.learn(at(10), KeyStanding::Sound);
        assert_eq!(watch.fault(), None);
    }

    #[test]
    fn a_key_that_lacks_something_still_lets_the_account_be_read() {
        let mut watch = KeyWatch::default();
        watch.learn(at(0), KeyStanding::Unfit { fault: KeyFault::Lacks, detail: "write".to_owned() });
        assert!(!watch.is_blind() && watch.objection().is_some());
        assert!(!watch.is_due(at(59)) && watch.is_due(at(60)));
        refuse(&mut watch, 60);
        watch.learn(at(61), KeyStanding::Unfit { fault: KeyFault::Lacks, detail: "read".to_owned() });
        assert!(watch.is_blind(), "reading was refused");
    }
}

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
    since: Since,
}

/// How it is known that the key is unfit, which says how it will be known that it is fit again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    /// A read was refused: nothing at all is asked before `until`, and the next read tells.
    Reading { until: Timestamp },
    /// A call that changes something was refused: none goes out before `until`, and the next one tells.
    Acting { until: Timestamp },
    /// The exchange said so when it was asked, and is asked again.
    Asked,
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

    /// Whether the exchange is left alone altogether.
    fn rests(&self, now: Timestamp) -> bool {
        matches!(self.unfit, Some(Unfit { since: Since::Reading { until }, .. }) if now < until)
    }

    fn is_check_due(&self, now: Timestamp) -> bool {
        let pace = if self.unfit.is_some() { UNFIT_PACE } else { CHECK_PACE };
        self.asked_at.is_none_or(|asked| pace <= now.since(asked))
    }

    /// The exchange refused a call because of the key; answers until when it is left alone.
    fn refuse(&mut self, now: Timestamp) -> Timestamp {
        let is_new = self.refused_at.is_none_or(|at| MEMORY < now.since(at));
        let doubled = Millis::new(self.pause.get().saturating_mul(2));
        self.pause = if is_new { FIRST_PAUSE } else { doubled.clamp(FIRST_PAUSE, LONGEST_PAUSE) };
        self.refused_at = Some(now);
        now.plus(self.pause)
    }

    fn refuse_reading(&mut self, now: Timestamp, fault: KeyFault, detail: &str) {
        let since = Since::Reading { until: self.refuse(now) };
        self.unfit = Some(Unfit { fault, detail: detail.to_owned(), since });
    }

    fn refuse_acting(&mut self, now: Timestamp, fault: KeyFault, detail: &str) {
        let since = Since::Acting { until: self.refuse(now) };
        self.unfit = Some(Unfit { fault, detail: detail.to_owned(), since });
    }

    /// The account was read with it.
    fn let_read(&mut self) {
        if matches!(self.unfit, Some(Unfit { since: Since::Reading { .. }, .. })) {
            self.unfit = None;
        }
    }

    /// A refused call is tried again once its pause is over.
    fn let_act(&mut self, now: Timestamp) {
        if matches!(self.unfit, Some(Unfit { since: Since::Acting { until }, .. }) if until <= now) {
            self.unfit = None;
        }
    }

    /// The exchange said what the key may do. That it does not know a key with which it answers otherwise is not
    /// believed: reading and acting tell that themselves, and no other door shall close these.
    fn learn(&mut self, standing: KeyStanding) {
        match standing {
            KeyStanding::Unfit { fault: KeyFault::Refused | KeyFault::PlaceRefused, .. } => {}
            KeyStanding::Unfit { fault, detail } => {
                let since = match &self.unfit {
                    Some(Unfit { since: since @ Since::Reading { .. }, .. }) => *since,
                    _ => Since::Asked,
                };
                self.unfit = Some(Unfit { fault, detail, since });
            }
            KeyStanding::Sound => {
                self.unfit = self.unfit.take().filter(|unfit| unfit.since != Since::Asked);
            }
        }
    }
}

impl MarginGuard {
    /// Looks after what is known of the key, without waiting for it where anything else can be done; answers how long
    /// the exchange is left alone.
    pub(super) async fn heed_key(&mut self) -> Result<Option<Millis>, Trouble> {
        let (before, now) = (self.key.fault(), self.clock.now());
        if self.key.rests(now) {
            // That the key is refused is the answer to every price that calls meanwhile.
            self.repeat_objection().await?;
            return Ok(Some(RESTING_PACE));
        }
        if self.key.asking.as_ref().is_some_and(JoinHandle::is_finished)
            && let Some(asking) = self.key.asking.take()
            && let Ok(Ok(standing)) = asking.await
        {
            self.key.learn(standing);
        }
        self.key.let_act(now);
        if self.key.is_check_due(now) && self.key.asking.is_none() {
            self.start_asking(now);
        }
        self.say_key(before).await?;
        Ok(None)
    }

    /// The guard goes on meanwhile, and is called when there is an answer.
    fn start_asking(&mut self, now: Timestamp) {
        self.key.asked_at = Some(now);
        let desk = Arc::clone(&self.desk);
        self.key.asking = Some(tokio::spawn(async move {
            let standing = desk.exchange.fetch_standing().await;
            if let Err(error) = &standing {
                tracing::warn!(account = %desk.account.id, %error, "the key cannot be asked about");
            }
            desk.wake.notify_one();
            standing
        }));
    }

    /// The account was read: whatever kept the key from it is over.
    pub(super) async fn note_read(&mut self) -> Result<(), Trouble> {
        let before = self.key.fault();
        self.key.let_read();
        self.say_key(before).await
    }

    /// A read was refused: nothing more is asked with this key for a while. `None` where the key is not the reason.
    pub(super) async fn refuse_reading(&mut self, error: &ReadError) -> Result<Option<Millis>, Trouble> {
        let (before, now) = (self.key.fault(), self.clock.now());
        match error {
            ReadError::Unauthorized(words) => self.key.refuse_reading(now, KeyFault::Refused, words),
            ReadError::PlaceRefused(words) => self.key.refuse_reading(now, KeyFault::PlaceRefused, words),
            ReadError::Forbidden(words) => {
                self.key.refuse_reading(now, KeyFault::Lacks, words);
                if let Ok(standing) = self.desk.exchange.fetch_standing().await {
                    self.key.learn(standing);
                }
            }
            ReadError::Unavailable(_) | ReadError::RateLimited { .. } | ReadError::Malformed(_) => return Ok(None),
        }
        self.say_key(before).await?;
        Ok(Some(RESTING_PACE))
    }

    /// A call that changes something was refused because of the key: no other goes out for a while, and the exchange is
    /// asked why.
    pub(super) async fn refuse_acting(&mut self, rejection: &Rejection) -> Result<(), Trouble> {
        let fault = match rejection.status {
            401 => KeyFault::Refused,
            403 => KeyFault::Lacks,
            451 => KeyFault::PlaceRefused,
            _ => return Ok(()),
        };
        let (before, now) = (self.key.fault(), self.clock.now());
        self.key.refuse_acting(now, fault, &rejection.message);
        self.start_asking(now);
        self.say_key(before).await
    }

    async fn repeat_objection(&mut self) -> Result<(), Trouble> {
        let Some(reason) = self.key.objection() else { return Ok(()) };
        let alarm = self.key.fault().map(Alarm::KeyUnfit);
        self.desk.change_view(|view| view.alarm = alarm);
        let scene = Scene { market_at: self.last_market_time(), price: None, distance: None };
        Ok(self.chronicle.say_once(scene, None, LedgerOutcome::Alarmed, reason).await?)
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
        watch.refuse_reading(at(seconds), KeyFault::Refused, "unknown");
    }

    fn lacks() -> KeyStanding {
        KeyStanding::Unfit { fault: KeyFault::Lacks, detail: "write".to_owned() }
    }

    #[test]
    fn f09_pauses_double_and_are_forgotten_after_a_while() {
        let mut watch = KeyWatch::default();
        refuse(&mut watch, 0);
        assert!(watch.rests(at(9)) && !watch.rests(at(10)));
        refuse(&mut watch, 10);
        assert!(watch.rests(at(29)) && !watch.rests(at(30)));
        for _ in 0..10 {
            refuse(&mut watch, 30);
        }
        assert!(!watch.rests(at(330)), "but never longer than five minutes");
        refuse(&mut watch, 2_000);
        assert!(!watch.rests(at(2_010)));
    }

    #[test]
    fn f09_what_reading_and_acting_have_shown_is_taken_back_by_reading_and_acting_alone() {
        let mut watch = KeyWatch::default();
        refuse(&mut watch, 0);
        watch.learn(KeyStanding::Sound);
        assert_eq!(watch.fault(), Some(KeyFault::Refused), "what it is said to be is not what happened");
        watch.let_read();
        assert_eq!(watch.fault(), None);
        watch.refuse_acting(at(0), KeyFault::Refused, "unknown");
        watch.let_read();
        watch.let_act(at(19));
        assert!(watch.fault().is_some() && !watch.rests(at(0)), "the account is still read");
        watch.let_act(at(20));
        assert_eq!(watch.fault(), None);
    }

    #[test]
    fn a_door_that_stays_shut_does_not_shut_the_others() {
        let mut watch = KeyWatch::default();
        watch.learn(KeyStanding::Unfit { fault: KeyFault::Refused, detail: "no such stream".to_owned() });
        assert_eq!(watch.fault(), None);
    }

    #[test]
    fn a_key_that_lacks_something_lets_the_account_be_read_and_is_asked_about_until_it_does_not() {
        let mut watch = KeyWatch { asked_at: Some(at(0)), ..KeyWatch::default() };
        watch.learn(lacks());
        watch.let_read();
        watch.let_act(at(1_000));
        assert_eq!(watch.fault(), Some(KeyFault::Lacks));
        assert!(!watch.rests(at(0)) && !watch.is_check_due(at(59)) && watch.is_check_due(at(60)));
        watch.learn(KeyStanding::Sound);
        assert_eq!(watch.fault(), None);
        refuse(&mut watch, 60);
        watch.learn(lacks());
        assert!(watch.rests(at(61)), "reading was refused, whatever the reason");
    }
}

//! What is known of an account's key, and when the exchange may be shown it again.

use domain::{KeyFault, Millis, Reason, Timestamp};
use exchange::{KeyStanding, ReadError};
use tokio::task::JoinHandle;

/// After a refusal the exchange is left alone for so long, and twice as long after each that follows: whoever knocks
/// with a refused key again and again is locked out.
const FIRST_PAUSE: Millis = Millis::from_secs(10);
const LONGEST_PAUSE: Millis = Millis::from_secs(300);
/// A refusal so long after the last one is a new story, and so is one after the key was good for as long as `PROVEN`: an
/// exchange that refuses now and then must not blind the guard for longer and longer.
const MEMORY: Millis = Millis::from_secs(1_200);
const PROVEN: Millis = Millis::MINUTE;
/// How often a key with nothing against it is asked about: what it may do can change.
const CHECK_PACE: Millis = Millis::from_secs(600);
/// How often a key that lets the account be read, and no more, is asked about.
const UNFIT_PACE: Millis = Millis::MINUTE;

pub(super) type Asking = JoinHandle<Result<KeyStanding, ReadError>>;

/// What is known of the key.
#[derive(Default)]
pub(in super::super) struct KeyWatch {
    unfit: Option<Unfit>,
    /// What a person was told last.
    pub told: Option<KeyFault>,
    reading: Pauses,
    acting: Pauses,
    pub asked_at: Option<Timestamp>,
    pub asking: Option<Asking>,
}

/// How long the exchange is left alone after a refusal.
#[derive(Debug, Default)]
struct Pauses {
    pause: Millis,
    refused_at: Option<Timestamp>,
    good_since: Option<Timestamp>,
}

impl Pauses {
    /// Answers until when.
    fn refuse(&mut self, now: Timestamp) -> Timestamp {
        let is_new = self.refused_at.is_none_or(|at| MEMORY < now.since(at));
        let doubled = Millis::new(self.pause.get().saturating_mul(2));
        self.pause = if is_new { FIRST_PAUSE } else { doubled.clamp(FIRST_PAUSE, LONGEST_PAUSE) };
        (self.refused_at, self.good_since) = (Some(now), None);
        now.plus(self.pause)
    }

    fn let_pass(&mut self, now: Timestamp) {
        let since = *self.good_since.get_or_insert(now);
        if PROVEN <= now.since(since) {
            self.refused_at = None;
        }
    }
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
    pub fn rests(&self, now: Timestamp) -> bool {
        matches!(self.unfit, Some(Unfit { since: Since::Reading { until }, .. }) if now < until)
    }

    pub fn is_check_due(&self, now: Timestamp) -> bool {
        let pace = if self.unfit.is_some() { UNFIT_PACE } else { CHECK_PACE };
        self.asked_at.is_none_or(|asked| pace <= now.since(asked))
    }

    pub fn refuse_reading(&mut self, now: Timestamp, fault: KeyFault, detail: &str) {
        let since = Since::Reading { until: self.reading.refuse(now) };
        self.unfit = Some(Unfit { fault, detail: detail.to_owned(), since });
    }

    pub fn refuse_acting(&mut self, now: Timestamp, fault: KeyFault, detail: &str) {
        let since = Since::Acting { until: self.acting.refuse(now) };
        self.unfit = Some(Unfit { fault, detail: detail.to_owned(), since });
    }

    /// The account was read with it.
    pub fn let_read(&mut self, now: Timestamp) {
        self.reading.let_pass(now);
        if matches!(self.unfit, Some(Unfit { since: Since::Reading { .. }, .. })) {
            self.unfit = None;
        }
    }

    /// A refused call is tried again once its pause is over.
    pub fn let_act(&mut self, now: Timestamp) {
        if matches!(self.unfit, Some(Unfit { since: Since::Acting { until }, .. }) if until <= now) {
            self.unfit = None;
        }
    }

    /// The exchange said what the key may do. That it does not know a key with which it answers otherwise is not
    /// believed: reading and acting tell that themselves, and no other door shall close these.
    pub fn learn(&mut self, standing: KeyStanding) {
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
    fn f09_an_exchange_that_refuses_now_and_then_does_not_blind_for_longer_and_longer() {
        let mut watch = KeyWatch::default();
        for begin in [0, 200, 400] {
            refuse(&mut watch, begin);
            assert!(watch.rests(at(begin + 9)) && !watch.rests(at(begin + 10)), "{begin}");
            watch.let_read(at(begin + 10));
            watch.let_read(at(begin + 70));
        }
        refuse(&mut watch, 600);
        watch.let_read(at(610));
        refuse(&mut watch, 615);
        assert!(watch.rests(at(634)), "one good answer proves little");
    }

    #[test]
    fn f09_what_reading_and_acting_have_shown_is_taken_back_by_reading_and_acting_alone() {
        let mut watch = KeyWatch::default();
        refuse(&mut watch, 0);
        watch.learn(KeyStanding::Sound);
        assert_eq!(watch.fault(), Some(KeyFault::Refused), "what it is said to be is not what happened");
        watch.let_read(at(10));
        assert_eq!(watch.fault(), None);
        watch.refuse_acting(at(0), KeyFault::Refused, "unknown");
        watch.let_read(at(9));
        watch.let_act(at(9));
        assert!(watch.fault().is_some() && !watch.rests(at(0)), "the account is still read");
        watch.let_act(at(10));
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
        watch.let_read(at(1));
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

//! Prices that have reached a trigger and wait for the guard's word: none may be passed over in silence.

use domain::{AccountId, Millis, PositionId, Price, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A crossing that nobody has answered for so long is alarmed; together with the watchdog's own pace that is less than
/// two seconds.
const PATIENCE: Millis = Millis::new(1_750);

/// A price that has reached a position's trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crossing {
    pub account: AccountId,
    pub position: PositionId,
    pub price: Price,
    pub market_at: Timestamp,
    /// When this price reached us, by our own clock: an older one answers nothing.
    pub at: Timestamp,
    /// Since when somebody waits for the answer. Where nothing moves, that is later.
    pub awaited_since: Timestamp,
}

/// Every crossing of this process that has not been answered yet.
#[derive(Debug, Default)]
pub(crate) struct Crossings {
    open: Mutex<HashMap<(AccountId, PositionId), Open>>,
}

#[derive(Debug)]
struct Open {
    crossing: Crossing,
    is_alarmed: bool,
}

impl Crossings {
    /// Notes a crossing, unless the position waits for an answer already.
    pub fn note(&self, crossing: Crossing) {
        let key = (crossing.account, crossing.position);
        self.lock().entry(key).or_insert(Open { crossing, is_alarmed: false });
    }

    /// A look has decided at `now` on the position at a price that reached us at `price_at`. Answers the crossing that
    /// this ends. A price from before the crossing ends none; whoever was alarmed of it has heard another word since, so
    /// that it is waited for anew.
    pub fn answer(
        &self,
        account: AccountId,
        position: PositionId,
        price_at: Timestamp,
        now: Timestamp,
    ) -> Option<Crossing> {
        let mut open = self.lock();
        let waiting = open.get_mut(&(account, position))?;
        if waiting.crossing.at <= price_at {
            return open.remove(&(account, position)).map(|waiting| waiting.crossing);
        }
        if std::mem::take(&mut waiting.is_alarmed) {
            waiting.crossing.awaited_since = now;
        }
        None
    }

    /// The account as a whole was alarmed at `at`: that is said for each of its positions.
    pub fn answer_all(&self, account: AccountId, at: Timestamp) {
        self.lock().retain(|(owner, _), waiting| *owner != account || at < waiting.crossing.at);
    }

    /// Forgets positions that nobody guards any more, or that another process guards.
    pub fn keep(&self, account: AccountId, is_guarded: impl Fn(PositionId) -> bool) {
        self.lock().retain(|(owner, position), _| *owner != account || is_guarded(*position));
    }

    /// What has waited too long, each once.
    pub fn take_overdue(&self, now: Timestamp) -> Vec<Crossing> {
        let mut open = self.lock();
        let overdue = open
            .values_mut()
            .filter(|waiting| !waiting.is_alarmed && PATIENCE <= now.since(waiting.crossing.awaited_since));
        overdue
            .map(|waiting| {
                waiting.is_alarmed = true;
                waiting.crossing
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(AccountId, PositionId), Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(ms)
    }

    fn crossing(position: u128, ms: i64) -> Crossing {
        let position = PositionId::from_uuid(Uuid::from_u128(position));
        let account = AccountId::from_uuid(Uuid::nil());
        Crossing { account, position, price: Price::MIN, market_at: at(ms), at: at(ms), awaited_since: at(ms) }
    }

    #[test]
    fn only_a_price_that_is_no_older_answers_a_crossing() {
        let (crossings, noted) = (Crossings::default(), crossing(1, 100));
        crossings.note(noted);
        crossings.note(crossing(1, 150));
        assert_eq!(crossings.answer(noted.account, noted.position, at(99), at(99)), None);
        assert_eq!(crossings.answer(noted.account, noted.position, at(100), at(100)), Some(noted));
        assert_eq!(crossings.answer(noted.account, noted.position, at(100), at(100)), None);
    }

    #[test]
    fn what_waits_too_long_is_told_once() {
        let (crossings, noted) = (Crossings::default(), crossing(1, 100));
        crossings.note(noted);
        assert_eq!(crossings.take_overdue(at(1_849)), []);
        assert_eq!(crossings.take_overdue(at(1_850)), [noted]);
        assert_eq!(crossings.take_overdue(at(9_000)), []);
    }

    #[test]
    fn a_price_that_stands_still_is_waited_for_from_when_it_is_looked_at() {
        let (crossings, noted) = (Crossings::default(), Crossing { awaited_since: at(4_000), ..crossing(1, 100) });
        crossings.note(noted);
        assert_eq!(crossings.take_overdue(at(5_749)), []);
        assert_eq!(crossings.answer(noted.account, noted.position, at(100), at(100)), Some(noted));
    }

    #[test]
    fn a_word_about_an_older_price_after_the_alarm_is_no_end_of_it() {
        let (crossings, noted) = (Crossings::default(), crossing(1, 100));
        crossings.note(noted);
        assert_eq!(crossings.take_overdue(at(1_850)), [noted]);
        assert_eq!(crossings.answer(noted.account, noted.position, at(50), at(3_000)), None);
        assert_eq!(crossings.take_overdue(at(4_749)), []);
        assert_eq!(crossings.take_overdue(at(4_750)).len(), 1);
    }

    #[test]
    fn an_alarm_of_the_account_and_the_end_of_guarding_end_crossings() {
        let (crossings, one, two) = (Crossings::default(), crossing(1, 100), crossing(2, 200));
        [one, two].into_iter().for_each(|noted| crossings.note(noted));
        crossings.answer_all(one.account, at(150));
        assert_eq!(crossings.take_overdue(at(9_000)), [two]);
        crossings.keep(two.account, |position| position != two.position);
        assert_eq!(crossings.answer(two.account, two.position, at(9_000), at(9_000)), None);
    }
}

//! Whether the guards are truly at work, for who watches the watchman.

use super::Desk;
use crate::account_desk::AccountDesk;
use domain::live::Alarm;
use domain::{AccountId, Millis, Timestamp};
use std::sync::{Arc, PoisonError};

/// A guard whose last whole look is older is not at work.
const RECENT: Millis = Millis::from_secs(10);

impl Desk {
    /// Whether this process guards at least one account, and each one that it leads: a fresh price, and a whole look a
    /// moment ago. An account whose key was refused is alarmed for itself and does not count.
    pub fn is_vigilant(&self) -> bool {
        let now = self.clock.now();
        let led: Vec<_> = self.all_served().into_iter().filter(|desk| is_led(desk)).collect();
        !led.is_empty() && led.iter().all(|desk| is_at_work(desk, now))
    }

    /// What keeps guards from their work, account by account.
    pub fn list_troubles(&self) -> Vec<(AccountId, Alarm)> {
        let trouble = |desk: Arc<AccountDesk>| Some((desk.account.id, desk.view().alarm.filter(|it| is_trouble(*it))?));
        let mut troubles: Vec<_> = self.all_served().into_iter().filter_map(trouble).collect();
        troubles.sort_unstable_by_key(|(account, _)| *account);
        troubles
    }

    pub(super) fn all_served(&self) -> Vec<Arc<AccountDesk>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).values().map(Arc::clone).collect()
    }
}

fn is_led(desk: &AccountDesk) -> bool {
    !matches!(desk.view().alarm, Some(Alarm::GuardedElsewhere | Alarm::KeyUnfit(_)))
}

fn is_at_work(desk: &AccountDesk, now: Timestamp) -> bool {
    let view = desk.view();
    let has_looked = view.checked_at.is_some_and(|at| now.since(at) <= RECENT);
    let is_late = view.alarm == Some(Alarm::GuardLate);
    has_looked && !is_late && desk.price().is_some_and(|price| !price.is_stale(now))
}

/// A person's own switch is none, and neither is another process at work.
fn is_trouble(alarm: Alarm) -> bool {
    !matches!(alarm, Alarm::GuardedElsewhere | Alarm::GuardStopped | Alarm::PriceStale)
}

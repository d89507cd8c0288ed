//! An intent that is written while the exchange is still being read: most looks that a price calls find what the look
//! before them left, and then the disk and the exchange need not wait for one another.
//!
//! It is decided on what was seen a moment ago, and sent only where what is read now leads to the very same intent.
//! Whatever differs, it is taken back before the look ends: it was never sent, so that nothing has to be looked up.

use super::MarginGuard;
use super::books::Calm;
use super::protection::spent;
use super::protocol::Committed;
use super::urgency::{distance, urgency};
use crate::snapshot::guards;
use domain::GuardState;
use domain::action::{Change, Intent};
use engine::guard::{GuardInput, Verdict, evaluate};
use store::Lease;

impl MarginGuard {
    /// What this look will want to add, unless the exchange tells something new; `None` wherever anything is in doubt.
    pub(super) fn foresee(&self, calm: &Calm) -> Option<Intent> {
        let now = self.clock.now();
        let tick = self.desk.price().filter(|price| !price.is_stale(now))?.tick;
        let guard = calm.guard().filter(|guard| guard.state == GuardState::Live)?;
        let free = self.desk.view().wallet?;
        let guarded = self.known.values().filter(|position| guards(&guard, position));
        let position = guarded.min_by_key(|position| urgency(position, &tick))?;
        let is_hindered = !self.doubts.is_empty() || !self.resting_until.is_empty() || self.key.objection().is_some();
        if is_hindered || guard.policy.trigger() < distance(position, &tick) || !self.confirmation.is_plausible(&tick) {
            return None;
        }
        let spending = calm.spending(position.id, tick.at.start_of_day())?;
        let (policy, mark, spent) = (&guard.policy, tick.mark(position.side), spent(&spending));
        match evaluate(&GuardInput { policy, position, mark, free, spent, now: tick.at }) {
            Verdict::AddMargin(approved) => {
                let change = Change::AddMargin { amount: approved.get().amount };
                Some(self.intent_at(tick.at, &guard, position, change))
            }
            Verdict::Hold(_) | Verdict::Refused(_) | Verdict::Close(_) => None,
        }
    }

    /// Whatever keeps it from being written is met again by the look itself, which says so.
    pub(super) async fn write_ahead(&self, lease: &Lease, foreseen: Option<Intent>) -> Option<Committed> {
        let written = Committed::write(&*self.store, foreseen?, None, self.leadership.fence(lease)).await;
        written.ok()?.ok()
    }

    /// Keeps what was written ahead until the look has decided.
    pub(super) fn keep_ahead(&mut self, ahead: Option<Committed>) {
        if ahead.is_some() {
            self.leadership.count_intent();
        }
        self.ahead = ahead;
    }

    /// What was written ahead, where it says what the look now wants.
    pub(super) fn take_ahead(&mut self, wanted: &Intent) -> Option<Committed> {
        let now = self.clock.now();
        self.ahead.take_if(|ahead| ahead.is_fresh(now) && is_same(ahead.intent(), wanted))
    }

    /// Takes back what was written ahead and not sent. Where even that fails, it is found as it is after a crash.
    pub(super) async fn take_back(&mut self) {
        let Some(ahead) = self.ahead.take() else { return };
        self.calm = None;
        self.desk.wake.notify_one();
        if let Err(error) = ahead.withdraw().record(&*self.store, &[]).await {
            tracing::warn!(account = %self.account(), %error, "an intent that was not sent stays open");
        }
    }

    /// Whether it says what is wanted, and reading took so long that it cannot be sent any more.
    pub(super) fn is_ahead_late(&self, wanted: &Intent) -> bool {
        let now = self.clock.now();
        self.ahead.as_ref().is_some_and(|ahead| !ahead.is_fresh(now) && is_same(ahead.intent(), wanted))
    }

    /// Whether an intent was written ahead, of which the database now speaks.
    pub(super) fn is_ahead(&self) -> bool {
        self.ahead.is_some()
    }
}

/// All but the name and the moment.
fn is_same(written: &Intent, wanted: &Intent) -> bool {
    let Intent { id, written_at, market_at, not_after, .. } = *written;
    Intent { id, written_at, market_at, not_after, ..*wanted } == *written
}

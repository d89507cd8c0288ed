//! Why, for the owner of an account; and the watch that no crossing stays without a word.

use super::{Desk, DeskError};
use crate::authority::Need;
use crate::chronicle::{Chronicle, Scene};
use crate::crossings::Crossing;
use crate::why::explain_with;
use domain::live::Alarm;
use domain::why::Why;
use domain::{AccountId, LedgerEntry, LedgerOutcome, Millis, PositionId, Reason, Tick, Timestamp, UserId};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinHandle;

impl Desk {
    /// Why the guard did what it did with a position at a time of our own clock; `None` asks about the newest decision.
    pub async fn why(
        &self,
        user: UserId,
        account: AccountId,
        position: PositionId,
        at: Option<Timestamp>,
    ) -> Result<Why, DeskError> {
        self.check(user, account, Need::See).await?;
        let desk = self.find_served(account);
        let newer = |entry| desk.as_ref().and_then(|desk| desk.runs.find(entry));
        if !self.store.list_accounts_of(position).await?.contains(&account) {
            return Err(DeskError::NotFound);
        }
        Ok(explain_with(&*self.store, account, position, at, newer).await?)
    }

    /// Calls the guard of each account among `lives_here` whose trigger this price has reached; each crossing waits from
    /// `received_at`, by our own clock, until it is answered.
    pub fn call(&self, tick: &Tick, received_at: Timestamp, lives_here: impl Fn(AccountId) -> bool) {
        let mut crossed = self.triggers.crossed(tick);
        crossed.retain(|(account, _)| lives_here(*account));
        let called: BTreeSet<AccountId> = crossed.iter().map(|(account, _)| *account).collect();
        called.into_iter().filter_map(|account| self.find_served(account)).for_each(|desk| desk.wake.notify_one());
        let crossings = self.triggers.crossings();
        for (account, position) in crossed {
            let (price, market_at, at, awaited_since) = (tick.last, tick.at, received_at, received_at);
            crossings.note(Crossing { account, position, price, market_at, at, awaited_since });
        }
    }

    /// Alarms each crossing that has gone unanswered for too long, once. The ledger is written beside: a database that
    /// does not answer holds up no alarm.
    pub fn alarm_overdue(&self) -> Option<JoinHandle<()>> {
        let now = self.clock.now();
        let overdue = self.triggers.crossings().take_overdue(now);
        for crossing in &overdue {
            let Crossing { account, position, awaited_since, .. } = crossing;
            let waited = now.since(*awaited_since);
            tracing::error!(%account, %position, ?waited, "a price has reached a trigger, and no look has answered it");
            if let Some(desk) = self.find_served(*account) {
                desk.change_view(|view| view.alarm = Some(Alarm::GuardLate));
            }
            self.alarms().raise(&entry(crossing, waited, now));
        }
        let (store, clock, bus) = (Arc::clone(&self.store), Arc::clone(&self.clock), self.bus.clone());
        (!overdue.is_empty()).then(|| {
            tokio::spawn(async move {
                for crossing in overdue {
                    let chronicle =
                        Chronicle::new(crossing.account, Arc::clone(&store), Arc::clone(&clock), bus.clone());
                    record(chronicle, crossing, now.since(crossing.awaited_since)).await;
                }
            })
        })
    }
}

/// The alarm as the ledger will hold it.
fn entry(crossing: &Crossing, waited: Millis, now: Timestamp) -> LedgerEntry {
    let Crossing { account, position, price, market_at, .. } = *crossing;
    LedgerEntry {
        seq: 0,
        account,
        position: Some(position),
        at: now,
        market_at,
        price: Some(price),
        distance: None,
        outcome: LedgerOutcome::Alarmed,
        reason: Reason::CrossingUnanswered { price, waited },
    }
}

async fn record(mut chronicle: Chronicle, crossing: Crossing, waited: Millis) {
    let Crossing { account, position, price, market_at, .. } = crossing;
    let scene = Scene { market_at, price: Some(price), distance: None };
    let reason = Reason::CrossingUnanswered { price, waited };
    if let Err(error) = chronicle.say(scene, Some(position), LedgerOutcome::Alarmed, reason).await {
        tracing::error!(%account, %error, "an unanswered crossing could not be recorded");
    }
}

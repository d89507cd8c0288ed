//! Writes the decision ledger, and says a thing that goes on only once.

use crate::clock::Clock;
use bus::Bus;
use domain::ledger::Limit;
use domain::live::LiveEvent;
use domain::{AccountId, Bps, LedgerEntry, LedgerOutcome, PositionId, Price, Reason, Timestamp};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;
use store::{NewEntry, Store, StoreError};

/// The moment that a decision belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub market_at: Timestamp,
    pub price: Option<Price>,
    pub distance: Option<Bps>,
}

/// One account's part of the ledger.
pub(crate) struct Chronicle {
    account: AccountId,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    bus: Bus,
    said: HashMap<Option<PositionId>, Said>,
}

/// What makes two entries about the same subject say the same.
type Said = (LedgerOutcome, Discriminant<Reason>, Option<Limit>);

impl Chronicle {
    pub fn new(account: AccountId, store: Arc<dyn Store>, clock: Arc<dyn Clock>, bus: Bus) -> Chronicle {
        Chronicle { account, store, clock, bus, said: HashMap::new() }
    }

    /// Records a decision unless it repeats the last one about the same position (or, without one, the account).
    pub async fn say_once(
        &mut self,
        scene: Scene,
        position: Option<PositionId>,
        outcome: LedgerOutcome,
        reason: Reason,
    ) -> Result<(), StoreError> {
        if self.said.get(&position) == Some(&said(outcome, &reason)) {
            return Ok(());
        }
        self.say(scene, position, outcome, reason).await
    }

    /// Records a decision.
    pub async fn say(
        &mut self,
        scene: Scene,
        position: Option<PositionId>,
        outcome: LedgerOutcome,
        reason: Reason,
    ) -> Result<(), StoreError> {
        let entries = vec![self.entry(scene, position, outcome, reason)];
        let seqs = self.store.append_entries(&entries).await?;
        self.publish(entries, seqs);
        Ok(())
    }

    /// An entry to be written together with what it is about.
    pub fn entry(
        &self,
        scene: Scene,
        position: Option<PositionId>,
        outcome: LedgerOutcome,
        reason: Reason,
    ) -> NewEntry {
        let Scene { market_at, price, distance } = scene;
        let at = self.clock.now();
        let account = self.account;
        let entry = LedgerEntry { seq: 0, account, position, at, market_at, price, distance, outcome, reason };
        NewEntry { notify: concerns_a_person(outcome), entry }
    }

    /// Tells those who watch what has been written.
    pub fn publish(&mut self, entries: Vec<NewEntry>, seqs: Vec<i64>) {
        for (NewEntry { entry, .. }, seq) in entries.into_iter().zip(seqs) {
            self.said.insert(entry.position, said(entry.outcome, &entry.reason));
            self.bus.publish(self.account, LiveEvent::Decision(Box::new(LedgerEntry { seq, ..entry })));
        }
    }

    /// Whether anything was ever recorded about a position.
    pub async fn mentions(&self, position: PositionId) -> Result<bool, StoreError> {
        let filter = store::LedgerFilter { position: Some(position), ..store::LedgerFilter::newest(1) };
        Ok(!self.store.list_ledger(self.account, filter).await?.is_empty())
    }
}

fn said(outcome: LedgerOutcome, reason: &Reason) -> Said {
    let limit = match reason {
        Reason::LimitReached { limit, .. } | Reason::WouldClose { limit } => Some(*limit),
        _ => None,
    };
    (outcome, discriminant(reason), limit)
}

fn concerns_a_person(outcome: LedgerOutcome) -> bool {
    matches!(outcome, LedgerOutcome::Acted | LedgerOutcome::Refused | LedgerOutcome::Alarmed)
}

//! Writes the decision ledger, and says a thing that goes on only once.

use crate::alarm::{AlarmSink, Unheard, is_alarm};
use crate::clock::Clock;
use crate::crossings::Crossings;
use crate::runs::OpenRuns;
use bus::Bus;
use domain::ledger::Limit;
use domain::live::LiveEvent;
use domain::order::Turn;
use domain::why::{RuleSight, Sight};
use domain::{AccountId, Bps, LedgerEntry, LedgerOutcome, Millis, PositionId, Price, Reason, Timestamp};
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;
use std::time::Duration;
use store::{NewEntry, Store, StoreError};

/// The number of an entry that waits in a journal beside the database: pages hear of it once it has one of its own.
const JOURNALED: i64 = 0;

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
    crossings: Arc<Crossings>,
    runs: Arc<OpenRuns>,
    seen: HashMap<PositionId, Seen>,
    alarms: Arc<dyn AlarmSink>,
}

/// What the look that is under way knows of a position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub price_age: Millis,
    pub rule: RuleSight,
}

/// The next look does not wait longer for what no decision depends on.
const PATIENCE: Duration = Duration::from_millis(500);
/// How far back the report of a pulled switch is looked for.
const RECENT: u32 = 500;

/// What makes two entries about the same subject say the same.
type Said = (LedgerOutcome, Discriminant<Reason>, Option<Limit>);

impl Chronicle {
    pub fn new(account: AccountId, store: Arc<dyn Store>, clock: Arc<dyn Clock>, bus: Bus) -> Chronicle {
        Chronicle {
            account,
            store,
            clock,
            bus,
            said: HashMap::new(),
            crossings: Arc::default(),
            runs: Arc::default(),
            seen: HashMap::new(),
            alarms: Arc::new(Unheard),
        }
    }

    /// The same, for an account whose crossings wait for answers, whose runs others read, and whose alarms are heard.
    pub fn with(self, crossings: Arc<Crossings>, runs: Arc<OpenRuns>, alarms: Arc<dyn AlarmSink>) -> Chronicle {
        Chronicle { crossings, runs, alarms, ..self }
    }

    /// Takes note of what the look knows of a position, before it decides.
    pub fn see(&mut self, position: PositionId, seen: Seen) {
        self.seen.insert(position, seen);
    }

    /// What was seen ends with its look.
    pub fn forget_seen(&mut self) {
        self.seen.clear();
    }

    /// Records a decision unless it repeats the last one about the same position (or, without one, the account).
    pub async fn say_once(
        &mut self,
        scene: Scene,
        position: Option<PositionId>,
        outcome: LedgerOutcome,
        reason: Reason,
    ) -> Result<(), StoreError> {
        self.answer(scene, position, outcome, &reason).await?;
        if self.said.get(&position) == Some(&said(outcome, &reason)) {
            self.runs.extend(position, self.sight(scene, position, self.clock.now()));
            return Ok(());
        }
        self.say(scene, position, outcome, reason).await
    }

    /// Another program speaks for this account now: what was said last here may not be the last word any more.
    pub fn fall_silent(&mut self) {
        self.said.clear();
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
        let seqs = match self.store.append_entries(&entries).await {
            Ok(seqs) => seqs,
            Err(error) => {
                entries.iter().for_each(|new| self.sound(&new.entry));
                return Err(error);
            }
        };
        self.publish(entries, seqs);
        Ok(())
    }

    /// Alarms a person about something that cannot be recorded.
    pub fn cry(&self, scene: Scene, reason: Reason) {
        let NewEntry { entry, .. } = self.entry(scene, None, LedgerOutcome::Alarmed, reason);
        self.sound(&entry);
    }

    fn sound(&self, entry: &LedgerEntry) {
        if is_alarm(entry) {
            self.alarms.raise(entry);
        }
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
        NewEntry { notify: concerns_a_person(outcome) && !was_told_at_once(&entry.reason), entry }
    }

    /// Tells those who watch what has been written.
    pub fn publish(&mut self, entries: Vec<NewEntry>, seqs: Vec<i64>) {
        for (NewEntry { entry, .. }, seq) in entries.into_iter().zip(seqs) {
            self.said.insert(entry.position, said(entry.outcome, &entry.reason));
            self.end_crossing(&entry);
            self.sound(&LedgerEntry { seq, ..entry.clone() });
            if seq == JOURNALED {
                self.runs.end(entry.position);
                continue;
            }
            let scene = Scene { market_at: entry.market_at, price: entry.price, distance: entry.distance };
            self.runs.begin(entry.position, seq, self.sight(scene, entry.position, entry.at));
            self.bus.publish(self.account, LiveEvent::Decision(Box::new(LedgerEntry { seq, ..entry })));
        }
    }

    /// Stores the runs that are due. What cannot be stored waits; no decision depends on it.
    pub async fn store_runs(&self) {
        let now = self.clock.now();
        let due = self.runs.due(now);
        if due.is_empty() {
            return;
        }
        match tokio::time::timeout(PATIENCE, self.store.save_runs(&due)).await {
            Ok(Ok(())) => self.runs.stored(&due, now),
            Ok(Err(error)) => tracing::warn!(account = %self.account, %error, "how often was decided the same waits"),
            Err(_) => {
                tracing::warn!(account = %self.account, "the database is slow: how often was decided the same waits")
            }
        }
    }

    /// A decision on a price that is no older than a crossing ends it. One that was over before anybody looked is told
    /// for itself: else nothing would say what became of it.
    async fn answer(
        &mut self,
        scene: Scene,
        position: Option<PositionId>,
        outcome: LedgerOutcome,
        reason: &Reason,
    ) -> Result<(), StoreError> {
        let Some(id) = position else {
            if outcome == LedgerOutcome::Alarmed {
                self.crossings.answer_all(self.account, self.clock.now());
            }
            return Ok(());
        };
        let Some(seen) = self.seen.get(&id) else { return Ok(()) };
        let now = self.clock.now();
        let answered = self.crossings.answer(self.account, id, now.minus(seen.price_age), now);
        let Some(crossing) = answered.filter(|_| matches!(reason, Reason::AboveTrigger { .. })) else { return Ok(()) };
        let told = Reason::CrossedAndBack { crossed: crossing.price, after: now.since(crossing.at) };
        self.say(scene, position, LedgerOutcome::Noted, told).await
    }

    /// An entry that was written with what it is about ends a crossing as well: money moved, or a person is called.
    fn end_crossing(&self, entry: &LedgerEntry) {
        // What a person did says nothing of what the guard thinks of the price.
        if matches!(entry.reason, Reason::ByHand { .. }) {
            return;
        }
        match (entry.position, entry.outcome) {
            (Some(position), LedgerOutcome::Acted | LedgerOutcome::Refused | LedgerOutcome::Alarmed) => {
                self.crossings.answer(self.account, position, entry.at, entry.at);
            }
            (None, LedgerOutcome::Alarmed) => self.crossings.answer_all(self.account, entry.at),
            _ => {}
        }
    }

    fn sight(&self, scene: Scene, position: Option<PositionId>, at: Timestamp) -> Sight {
        let Scene { market_at, price, distance } = scene;
        let seen = position.and_then(|position| self.seen.get(&position));
        let price_age = seen.filter(|_| price.is_some()).map(|seen| seen.price_age);
        Sight { at, market_at, price, price_age, distance, rule: seen.map(|seen| seen.rule) }
    }

    /// Whether the ledger holds the report of this very pull.
    pub async fn has_told_of(&self, stop: &store::Stop) -> Result<bool, StoreError> {
        let noted = Some(LedgerOutcome::Noted);
        let filter = store::LedgerFilter { outcome: noted, ..store::LedgerFilter::newest(RECENT) };
        let entries = self.store.list_ledger(self.account, filter).await?;
        let is_it = |reason: &Reason| matches!(reason, Reason::StopPulled { scope, stopped, .. } if (*scope, *stopped) == (stop.scope, stop.stopped));
        Ok(entries.iter().any(|entry| stop.pulled_at <= entry.at && is_it(&entry.reason)))
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

/// Whoever asked for something by hand is told where they asked, unless nobody knows what became of it.
fn was_told_at_once(reason: &Reason) -> bool {
    matches!(reason, Reason::ByHand { turn: Turn::Refused { .. } | Turn::HeldBack(_), .. })
}

fn concerns_a_person(outcome: LedgerOutcome) -> bool {
    matches!(outcome, LedgerOutcome::Acted | LedgerOutcome::Refused | LedgerOutcome::Alarmed)
}

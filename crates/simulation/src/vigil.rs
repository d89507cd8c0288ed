//! What goes on beside the guards at every tick: prices are told, the watchdog looks, and each position that is past its
//! trigger is followed until somebody has said something about it.

use crate::world::World;
use domain::{AccountId, Bps, LedgerEntry, LedgerOutcome, Millis, PositionId, Price, Reason, Tick, Timestamp};
use engine::contract;
use paper::Trade;
use service::{AlarmSink, Clock, Desk};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A crossing is explained within this.
const EXPLAINED_WITHIN: Millis = Millis::from_secs(2);
/// What no price tells of (a cash-in by hand, funding) is known once a look has read it, and reading takes a while.
const READING: Millis = Millis::SECOND;

/// Alarms as a person hears them, whatever the database does.
#[derive(Default)]
pub struct Heard(Mutex<Vec<LedgerEntry>>);

impl AlarmSink for Heard {
    fn raise(&self, alarm: &LedgerEntry) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(alarm.clone());
    }
}

impl Heard {
    pub fn all(&self) -> Vec<LedgerEntry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How long a position was past its trigger while somebody guarded it and could know.
#[derive(Clone, Copy)]
pub struct Episode {
    pub account: AccountId,
    pub position: PositionId,
    pub since: Timestamp,
    pub until: Timestamp,
    /// By when somebody must have said something.
    pub by: Timestamp,
}

#[derive(Default)]
pub struct Vigil {
    /// The accounts that are guarded, and the triggers of their rules.
    pub houses: Vec<(AccountId, Bps)>,
    /// The programs that run now.
    desks: Vec<Arc<Desk>>,
    pub episodes: Vec<Episode>,
    open: BTreeMap<PositionId, Episode>,
    liquidations: BTreeMap<PositionId, Price>,
    /// When a liquidation was moved by something that the guard learns of only by looking.
    moved: BTreeMap<PositionId, Timestamp>,
    /// What a list has named to the programs that run. A list may leave one out, and then nobody can know of it.
    named: BTreeSet<PositionId>,
}

impl Vigil {
    pub fn watch(&mut self, world: &World, told: Option<Tick>) {
        let now = world.clock.now();
        for desk in &self.desks {
            if let Some(tick) = told {
                desk.call(&tick, now, |_| true);
            }
            // Its entry in the ledger is written beside; here the alarm itself counts.
            drop(desk.alarm_overdue());
        }
        // Judged by what the feed has told: a silence is alarmed once it is too long, and explains nothing before.
        let Some(tick) = world.prices.borrow().map(|price| price.tick) else { return };
        for (account, trigger) in self.houses.clone() {
            let running = world.venue.lock().running(account);
            running.iter().for_each(|trade| self.follow(world, account, trade, trigger, &tick));
            let runs = |id: &PositionId| running.iter().any(|trade| trade.position.id == *id);
            let ended = self.open.extract_if(.., |id, episode| episode.account == account && !runs(id));
            self.episodes.extend(ended.map(|(_, episode)| Episode { until: now, ..episode }));
        }
    }

    /// Whoever runs from now on. What one that died has left open begins anew with whoever comes.
    pub fn post(&mut self, desks: Vec<Arc<Desk>>) {
        if desks.len() < self.desks.len() {
            self.open.clear();
            self.named.clear();
        }
        self.desks = desks;
    }

    /// A list was read.
    pub fn name(&mut self, positions: impl Iterator<Item = PositionId>) {
        self.named.extend(positions);
    }

    /// The guard was told by the exchange's answer what its own call did.
    pub fn know(&mut self, position: PositionId, liquidation: Price) {
        self.liquidations.insert(position, liquidation);
    }

    /// Nothing more will be told.
    pub fn end(&mut self, now: Timestamp) {
        let open = std::mem::take(&mut self.open);
        self.episodes.extend(open.into_values().map(|episode| Episode { until: now, ..episode }));
    }

    fn follow(&mut self, world: &World, account: AccountId, trade: &Trade, trigger: Bps, tick: &Tick) {
        let (now, position) = (world.clock.now(), trade.position);
        if self.liquidations.insert(position.id, position.liquidation) != Some(position.liquidation) {
            self.moved.insert(position.id, now);
        }
        let distance = contract::distance(position.side, tick.mark(position.side), position.liquidation);
        if trigger < distance {
            let ended = self.open.remove(&position.id);
            self.episodes.extend(ended.map(|episode| Episode { until: now, ..episode }));
            return;
        }
        let by = now.plus(EXPLAINED_WITHIN);
        let fresh = Episode { account, position: position.id, since: now, until: now, by };
        let episode = self.open.entry(position.id).or_insert(fresh);
        let looked_since = world.state().looking_since.get(&account).copied().unwrap_or_default();
        let is_moved = self.moved.get(&position.id).is_some_and(|moved| looked_since <= *moved);
        let is_news = is_moved || !self.named.contains(&position.id);
        // Where all programs wait for the lease of one that died, each page says that nobody guards here.
        let is_guarded = self.desks.iter().any(|desk| desk.count_guarded_elsewhere() == 0);
        if is_news || !is_guarded {
            (episode.since, episode.by) = (now, by.plus(READING));
        }
    }
}

/// Whether something was said of it in time; or what was said last, of the position or of the whole account, goes on.
pub fn is_explained(episode: &Episode, told: &[LedgerEntry], alarms: &[LedgerEntry]) -> bool {
    let Episode { account, position, since, until, by } = *episode;
    if until <= by {
        return true;
    }
    let is_about =
        |entry: &&LedgerEntry| entry.account == account && entry.position.is_none_or(|subject| subject == position);
    let in_time = |entry: &LedgerEntry| (since..=by).contains(&entry.at) && explains(entry);
    let last = |wanted: Option<PositionId>| {
        let before = told.iter().chain(alarms).filter(|entry| entry.account == account && entry.position == wanted);
        before.filter(|entry| entry.at < since).max_by_key(|entry| (entry.at, entry.seq))
    };
    let goes_on = |entry: &LedgerEntry| explains(entry) && entry.outcome != LedgerOutcome::Acted;
    told.iter().chain(alarms).filter(is_about).any(in_time)
        || [last(Some(position)), last(None)].into_iter().flatten().any(goes_on)
}

fn explains(entry: &LedgerEntry) -> bool {
    match entry.outcome {
        LedgerOutcome::Acted | LedgerOutcome::Refused | LedgerOutcome::Alarmed => true,
        LedgerOutcome::Held => !matches!(entry.reason, Reason::AboveTrigger { .. }),
        LedgerOutcome::Noted => matches!(entry.reason, Reason::CrossedAndBack { .. }),
    }
}

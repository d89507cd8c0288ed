//! The runs of one account that still go on: decisions that each look repeats.

use domain::why::{RUN_PACE, Run, Sight};
use domain::{PositionId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Runs that could not be stored yet; beyond this the oldest are forgotten, which costs their ends and no decision.
const MOST_WAITING: usize = 1_000;

/// Shared between the account's guard, which writes them, and who asks why.
#[derive(Debug, Default)]
pub(crate) struct OpenRuns {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    open: HashMap<Option<PositionId>, Kept>,
    /// Ended, and not stored yet.
    ended: Vec<Run>,
}

#[derive(Debug)]
struct Kept {
    run: Run,
    /// When what is stored was true; `None` where nothing is.
    stored_at: Option<Timestamp>,
}

impl OpenRuns {
    /// Another decision was recorded, as the entry of this number.
    pub fn begin(&self, position: Option<PositionId>, entry: i64, sight: Sight) {
        let run = Run { entry, first: sight, last: sight, looks: 1, closest: sight.distance };
        let inner = &mut *self.lock();
        if let Some(before) = inner.open.insert(position, Kept { run, stored_at: None }) {
            inner.ended.push(before.run);
        }
        if MOST_WAITING < inner.ended.len() {
            inner.ended.remove(0);
        }
    }

    /// What is decided now is not in the ledger (yet): nothing repeats the last entry any more.
    pub fn end(&self, position: Option<PositionId>) {
        let inner = &mut *self.lock();
        if let Some(kept) = inner.open.remove(&position) {
            inner.ended.push(kept.run);
        }
    }

    /// A look decided as the last one did.
    pub fn extend(&self, position: Option<PositionId>, sight: Sight) {
        if let Some(kept) = self.lock().open.get_mut(&position) {
            kept.run.extend(sight);
        }
    }

    /// What must be stored now.
    pub fn due(&self, now: Timestamp) -> Vec<Run> {
        let inner = self.lock();
        let open = inner.open.values().filter(|kept| kept.stored_at.is_none_or(|at| RUN_PACE <= now.since(at)));
        let changed = open.filter(|kept| kept.stored_at.is_none_or(|at| at < kept.run.last.at));
        inner.ended.iter().copied().chain(changed.map(|kept| kept.run)).collect()
    }

    /// That has been stored.
    pub fn stored(&self, runs: &[Run], now: Timestamp) {
        let inner = &mut *self.lock();
        inner.ended.retain(|ended| !runs.contains(ended));
        for kept in inner.open.values_mut().filter(|kept| runs.iter().any(|run| run.entry == kept.run.entry)) {
            kept.stored_at = Some(now);
        }
    }

    /// Forgets positions that run no more, once their end is stored.
    pub fn keep(&self, runs_on: impl Fn(PositionId) -> bool) {
        self.lock().open.retain(|position, kept| kept.stored_at.is_none() || position.is_none_or(&runs_on));
    }

    /// The newest state of a run, where it is still at hand.
    pub fn find(&self, entry: i64) -> Option<Run> {
        let inner = self.lock();
        let mut runs = inner.open.values().map(|kept| kept.run).chain(inner.ended.iter().copied());
        runs.find(|run| run.entry == entry)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Millis;

    fn sight(second: i64) -> Sight {
        let at = Timestamp::EPOCH.plus(Millis::from_secs(second));
        Sight { at, market_at: at, price: None, price_age: None, distance: None, rule: None }
    }

    fn entries(runs: &OpenRuns, second: i64) -> Vec<(i64, u32)> {
        let now = sight(second).at;
        let due = runs.due(now);
        runs.stored(&due, now);
        due.iter().map(|run| (run.entry, run.looks)).collect()
    }

    #[test]
    fn a_run_is_stored_when_it_begins_now_and_then_and_when_it_ends() {
        let runs = OpenRuns::default();
        runs.begin(None, 1, sight(0));
        assert_eq!(entries(&runs, 0), [(1, 1)]);
        for second in 1..15 {
            runs.extend(None, sight(second));
            assert_eq!(entries(&runs, second), []);
        }
        runs.extend(None, sight(15));
        assert_eq!(entries(&runs, 15), [(1, 16)]);
        assert_eq!(entries(&runs, 40), [], "nothing new");
        runs.extend(None, sight(41));
        runs.begin(None, 2, sight(42));
        assert_eq!(entries(&runs, 42), [(1, 17), (2, 1)]);
        assert_eq!(entries(&runs, 43), []);
    }
}

//! Which accounts does this price call? One index over all guarded positions.

use crate::crossings::Crossings;
use domain::{AccountId, PositionId, Price, Side, Tick};
use engine::trigger_index::TriggerIndex;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The trigger prices of all accounts.
#[derive(Default)]
pub struct Triggers {
    inner: Mutex<Inner>,
    /// Triggers that were reached, until the guard has answered.
    crossings: Arc<Crossings>,
}

#[derive(Default)]
struct Inner {
    index: TriggerIndex<(AccountId, PositionId)>,
    /// What stands in the index for each account, so that it can be replaced whole.
    positions: HashMap<AccountId, Vec<PositionId>>,
}

impl Triggers {
    /// The accounts with a position whose trigger this price has reached, each once.
    pub fn hits(&self, tick: &Tick) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> = self.crossed(tick).into_iter().map(|(account, _)| account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }

    /// The positions whose trigger this price has reached, with their accounts.
    pub(crate) fn crossed(&self, tick: &Tick) -> Vec<(AccountId, PositionId)> {
        self.lock().index.hits(tick.mark(Side::Long), tick.mark(Side::Short)).collect()
    }

    pub(crate) fn crossings(&self) -> Arc<Crossings> {
        Arc::clone(&self.crossings)
    }

    /// Replaces all triggers of an account.
    pub(crate) fn replace(&self, account: AccountId, triggers: &[(PositionId, Side, Price)]) {
        let inner = &mut *self.lock();
        for position in inner.positions.remove(&account).unwrap_or_default() {
            inner.index.remove(&(account, position));
        }
        for &(position, side, price) in triggers {
            inner.index.insert((account, position), side, price);
        }
        let positions = triggers.iter().map(|&(position, ..)| position).collect();
        inner.positions.insert(account, positions);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

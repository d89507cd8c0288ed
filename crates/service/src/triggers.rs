//! Which accounts does this price call? One index over all guarded positions.

use domain::{AccountId, PositionId, Price, Side, Tick};
use engine::trigger_index::TriggerIndex;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The trigger prices of all accounts.
#[derive(Default)]
pub struct Triggers {
    inner: Mutex<Inner>,
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
        let inner = self.lock();
        let hits = inner.index.hits(tick.mark(Side::Long), tick.mark(Side::Short));
        let mut accounts: Vec<AccountId> = hits.map(|(account, _)| account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
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

//! An account that somebody follows: what they may see was checked once, and is asked again now and then.

use super::{Desk, DeskError, Served, served};
use crate::authority::{Authority, Need};
use crate::clock::Clock;
use crate::snapshot::snapshot;
use bus::Subscription;
use domain::live::{AccountSnapshot, LiveEvent, LiveTick};
use domain::{AccountId, LedgerEntry, UserId};
use std::sync::Arc;
use store::{LedgerFilter, Store, StoreError};

/// Made by [`Desk::watch`] for who may see the account.
pub struct Watch {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    open: Served,
    user: UserId,
    account: AccountId,
    events: Subscription,
}

impl Desk {
    /// Follows what happens to an account from now on.
    pub async fn watch(&self, user: UserId, account: AccountId) -> Result<Watch, DeskError> {
        self.check(user, account, Need::See).await?;
        let (store, clock, open) = (Arc::clone(&self.store), Arc::clone(&self.clock), Arc::clone(&self.open));
        Ok(Watch { store, clock, open, user, account, events: self.bus.subscribe(account) })
    }
}

impl Watch {
    /// Whether whoever watches still may. Asks the database, which knows of those who were suspended, and of those who
    /// owe a second factor.
    pub async fn is_still_allowed(&self) -> bool {
        let authority = Authority::new(Arc::clone(&self.store));
        let known = authority.find_known(self.user).await;
        known.is_ok_and(|known| known.is_some_and(|known| !known.owes_factor))
            && authority.check(self.user, self.account, Need::See).await.is_ok()
    }

    /// What happens next; `None` at the program's end.
    pub async fn next(&mut self) -> Option<LiveEvent> {
        self.events.next().await
    }

    /// The account as it stands; `None` where it is not served yet.
    pub fn snapshot(&self) -> Option<AccountSnapshot> {
        snapshot(&*served(&self.open, self.account)?, self.clock.now()).ok()
    }

    /// The newest price with its age; `None` before the first.
    pub fn price(&self) -> Option<LiveTick> {
        let price = served(&self.open, self.account)?.price()?;
        Some(price.live(self.clock.now()))
    }

    pub async fn list_activity(&self, filter: LedgerFilter) -> Result<Vec<LedgerEntry>, StoreError> {
        self.store.list_ledger(self.account, filter).await
    }
}

//! Accounts as they come, change and go while the program runs.

use super::{Desk, DeskError};
use crate::clock::new_id;
use domain::{AccountId, KeyFault, Mode, UserId};
use std::sync::PoisonError;
use store::Account;
use tokio::sync::broadcast;

impl Desk {
    /// Adds an account; whoever listens to [`Desk::account_changes`] starts to serve it.
    pub async fn add_account(
        &self,
        user: UserId,
        name: &str,
        mode: Mode,
        seal: impl FnOnce(AccountId) -> Option<Vec<u8>> + Send,
    ) -> Result<AccountId, DeskError> {
        let (id, created_at) = (self.new_account_id(), self.clock.now());
        let account = Account { id, user, name: name.to_owned(), mode, sealed_key: seal(id), created_at };
        self.store.insert_account(&account).await?;
        self.tell_of(id);
        Ok(id)
    }

    pub(crate) fn new_account_id(&self) -> AccountId {
        AccountId::from_uuid(new_id(&*self.clock, &*self.entropy))
    }

    /// Says that an account was added, has another key, or is gone.
    pub(crate) fn tell_of(&self, account: AccountId) {
        // A send fails only when nobody listens: the next start finds the accounts as they are.
        let _ = self.changed.send(account);
    }

    /// Accounts as they are added, get another key and are removed.
    pub fn account_changes(&self) -> broadcast::Receiver<AccountId> {
        self.changed.subscribe()
    }

    /// Ends the service of an account; its guard must have ended before.
    pub fn close_account(&self, account: AccountId) {
        self.open.write().unwrap_or_else(PoisonError::into_inner).remove(&account);
        self.triggers.replace(account, &[]);
        self.triggers.crossings().keep(account, |_| false);
    }

    /// The accounts that this program serves now.
    pub fn list_served(&self) -> Vec<AccountId> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// What is wrong with the key of an account that is served, and whether the account was read with it.
    pub(crate) fn sight_of_key(&self, account: AccountId) -> Option<(Option<KeyFault>, bool)> {
        let view = self.find_served(account)?.view();
        Some((view.key_fault, view.read_at.is_some()))
    }
}

//! The kill switches of one's own account, and the end of a freeze.

use super::{Desk, DeskError};
use crate::chronicle::{Chronicle, Scene};
use domain::brake::Stopped;
use domain::{AccountId, LedgerOutcome, PositionId, Reason, UserId};
use std::sync::Arc;
use store::{FrozenAction, Stop, StoreError};

impl Desk {
    /// Lifts the freeze of a position, after a person has looked at the exchange what became of the frozen action.
    pub async fn thaw(&self, account: AccountId, position: PositionId, frozen: FrozenAction) -> Result<(), StoreError> {
        let scene = Scene { market_at: self.clock.now(), price: None, distance: None };
        let mut chronicle = Chronicle::new(account, Arc::clone(&self.store), Arc::clone(&self.clock), self.bus.clone());
        let entries = vec![chronicle.entry(scene, Some(position), LedgerOutcome::Noted, Reason::Thawed)];
        let seqs = self.store.thaw_position(account, position, frozen, &entries).await?;
        chronicle.publish(entries, seqs);
        self.wake(account);
        Ok(())
    }

    /// From the moment this returns no intent of the account is written, and after one second more no call goes out;
    /// the guard then reports what stays open.
    pub async fn pull_stop(&self, user: UserId, account: AccountId, stopped: Stopped) -> Result<(), DeskError> {
        self.check_owner(user, account).await?;
        self.store.stop(Some(account), stopped, self.clock.now()).await?;
        self.wake(account);
        Ok(())
    }

    pub async fn release_stop(&self, user: UserId, account: AccountId, stopped: Stopped) -> Result<(), DeskError> {
        self.check_owner(user, account).await?;
        self.store.resume(Some(account), stopped).await?;
        self.wake(account);
        Ok(())
    }

    /// What holds the account back, the switches for everything included.
    pub async fn list_stops(&self, user: UserId, account: AccountId) -> Result<Vec<Stop>, DeskError> {
        self.check_owner(user, account).await?;
        Ok(self.store.list_stops(account).await?)
    }
}

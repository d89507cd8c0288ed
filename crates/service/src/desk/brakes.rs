//! The kill switches of one's own account.

use super::{Desk, DeskError};
use domain::brake::Stopped;
use domain::{AccountId, UserId};
use store::Stop;

impl Desk {
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

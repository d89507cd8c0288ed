//! Who else sees an account: given by its owner, taken back at once.

use crate::audit::Audit;
use crate::authority::{Authority, Denied, Need};
use crate::clock::Clock;
use crate::deeds::{Caller, Confirmed};
use crate::identity::normal_email;
use crate::throttle::{Admission, Subject, Throttle};
use domain::{Access, AccountId, AuditAction, UserId};
use serde::Serialize;
use std::sync::Arc;
use store::{Share, Store, StoreError};

/// Accounts and those with whom they are shared.
pub struct Sharing {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    audit: Arc<Audit>,
    authority: Arc<Authority>,
    throttle: Throttle,
}

#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nobody here has this address, or it is the owner's own.
    #[error("nobody here has this address")]
    NoSuchPerson,
    /// Too many addresses that nobody has.
    #[error("too many attempts; further ones wait")]
    Locked,
    #[error("this cannot be read or written now")]
    Store(#[from] StoreError),
}

#[derive(Serialize)]
struct Shared<'a> {
    with: &'a str,
    access: Access,
}

impl Sharing {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, audit: Arc<Audit>, authority: Arc<Authority>) -> Sharing {
        let throttle = Throttle::new(Arc::clone(&store), Arc::clone(&clock));
        Sharing { store, clock, audit, authority, throttle }
    }

    /// With whom an account is shared; for its owner.
    pub async fn list(&self, caller: &Caller, account: AccountId) -> Result<Vec<Share>, SharingError> {
        self.authority.check(caller.user, account, Need::Own).await?;
        Ok(self.store.list_shares(account).await?)
    }

    /// Shares an account with somebody who is known here; `may_act` lets them act on it unless they are a viewer.
    /// Addresses that nobody has are counted, so that this is no way to find out who is here.
    pub async fn share(
        &self,
        confirmed: &Confirmed,
        account: AccountId,
        email: &str,
        access: Access,
    ) -> Result<(), SharingError> {
        let caller = confirmed.caller();
        self.authority.check(caller.user, account, Need::Own).await?;
        let access = if access == Access::Act { Access::Act } else { Access::See };
        let attempt = match self.throttle.admit(vec![Subject::stranger(caller.user)]).await? {
            Admission::Welcome(attempt) => attempt,
            Admission::Locked { .. } => return Err(SharingError::Locked),
        };
        let email = normal_email(email).map_err(|_| SharingError::NoSuchPerson)?;
        let user = self.store.find_user_by_email(&email).await?.ok_or(SharingError::NoSuchPerson)?;
        let deed = caller.did(AuditAction::AccountShared, account.to_string()).to(&Shared { with: &email, access });
        let (with, now) = (user.id, self.clock.now());
        let sharing = |store: Arc<dyn Store>| async move { store.share_account(account, with, access, now).await };
        match self.audit.together(&deed, sharing).await {
            Err(StoreError::Conflict) => return Err(SharingError::NoSuchPerson),
            done => done?,
        }
        Ok(self.throttle.succeeded(attempt).await?)
    }

    /// Takes an account back from somebody; their open streams of it end within a second.
    pub async fn unshare(&self, caller: &Caller, account: AccountId, user: UserId) -> Result<(), SharingError> {
        self.authority.check(caller.user, account, Need::Own).await?;
        let deed = caller.did(AuditAction::AccountUnshared, account.to_string()).from(&user);
        match self.audit.together(&deed, |store| async move { store.unshare_account(account, user).await }).await {
            Err(StoreError::Conflict) => Err(Denied::NotFound.into()),
            done => Ok(done?),
        }
    }
}

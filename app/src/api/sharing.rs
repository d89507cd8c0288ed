//! With whom an account is shared: seen, given, taken back.

use crate::api::SecurityFault;
use crate::api::json::Json;
use domain::{Access, AccountId, Timestamp, UserId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Somebody who sees an account that is another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedWith {
    pub user: UserId,
    pub email: String,
    pub access: Access,
    pub since: Timestamp,
}

/// An account of the reader's own, with who else sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedAccount {
    pub account: AccountId,
    pub name: String,
    pub shared_with: Vec<SharedWith>,
}

/// Every account that the reader owns.
#[server(endpoint = "sharing", protocol = Json)]
pub async fn find_sharing() -> Result<Vec<SharedAccount>, SecurityFault> {
    let (services, _, caller) = super::security::asking().await?;
    let accounts = services.desk.list_accounts(caller.user).await?;
    let mut shared = Vec::new();
    for account in accounts.into_iter().filter(|account| account.access == Access::Owner) {
        let shares = services.sharing.list(&caller, account.id).await?;
        let shared_with = shares.into_iter().map(told).collect();
        shared.push(SharedAccount { account: account.id, name: account.name, shared_with });
    }
    Ok(shared)
}

/// Shares an account of the reader's with somebody who is known here; needs a fresh confirmation.
#[server(endpoint = "share_account", protocol = Json)]
pub async fn share_account(account: AccountId, email: String, may_act: bool) -> Result<(), SecurityFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    let access = if may_act { Access::Act } else { Access::See };
    Ok(services.sharing.share(&confirmed, account, &email, access).await?)
}

/// Takes an account back; asks for nothing, since it only takes away.
#[server(endpoint = "unshare_account", protocol = Json)]
pub async fn unshare_account(account: AccountId, user: UserId) -> Result<(), SecurityFault> {
    let (services, _, caller) = super::security::asking().await?;
    Ok(services.sharing.unshare(&caller, account, user).await?)
}

#[cfg(feature = "ssr")]
fn told(share: service::Share) -> SharedWith {
    let service::Share { user, email, access, shared_at } = share;
    SharedWith { user, email, access, since: shared_at }
}

#[cfg(feature = "ssr")]
impl From<service::SharingError> for SecurityFault {
    fn from(error: service::SharingError) -> SecurityFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::SharingError::Denied(denied) => return denied.into(),
            service::SharingError::NoSuchPerson => (StatusCode::UNPROCESSABLE_ENTITY, SecurityFault::NoSuchPerson),
            service::SharingError::Locked => (StatusCode::TOO_MANY_REQUESTS, SecurityFault::Locked),
            service::SharingError::Store(error) => return super::security::unavailable(error),
        };
        crate::session::answer_with(status);
        fault
    }
}

#[cfg(feature = "ssr")]
impl From<service::Denied> for SecurityFault {
    fn from(denied: service::Denied) -> SecurityFault {
        use http::StatusCode;
        let (status, fault) = match denied {
            service::Denied::NotFound => (StatusCode::NOT_FOUND, SecurityFault::NotFound),
            service::Denied::Forbidden => (StatusCode::FORBIDDEN, SecurityFault::Forbidden),
            service::Denied::Store(error) => return super::security::unavailable(error),
        };
        crate::session::answer_with(status);
        fault
    }
}

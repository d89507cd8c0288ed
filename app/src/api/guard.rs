//! The guard's rule: read, and saved as a next version.

use crate::api::ReadFault;
use crate::api::json::Json;
use domain::guard_policy::{Guard, GuardPolicyDraft, GuardPolicyError};
use domain::{AccountId, GuardState, PlanFull};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// The guard of an account with all that it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardHistory {
    /// The newest version; `None` before the first was saved.
    pub current: Option<Guard>,
    /// Every version, newest first.
    pub versions: Vec<Guard>,
}

/// Why a guard was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SaveGuardFault {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("there is no such account")]
    NotFound,
    #[error("this is not allowed")]
    Forbidden,
    /// Someone saved meanwhile: read it again and repeat the change.
    #[error("the guard was changed meanwhile")]
    Conflict,
    #[error(transparent)]
    Invalid(GuardPolicyError),
    /// The plan of the account's owner allows no more guards.
    #[error(transparent)]
    Full(PlanFull),
    #[error("the guard cannot be saved now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for SaveGuardFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> SaveGuardFault {
        SaveGuardFault::Unreachable
    }
}

/// The guard of an account, with every version.
#[server(endpoint = "find_guard", protocol = Json)]
pub async fn find_guard(account: AccountId) -> Result<GuardHistory, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    let current = desk.find_guard(caller, account).await?;
    let versions = desk.list_guard_versions(caller, account).await?;
    Ok(GuardHistory { current, versions })
}

/// Saves the guard's next version, which takes effect at once. `based_on` is the version that the editor showed, 0 for
/// none.
#[server(endpoint = "save_guard", protocol = Json)]
pub async fn save_guard(
    account: AccountId,
    draft: GuardPolicyDraft,
    state: GuardState,
    based_on: u32,
) -> Result<Guard, SaveGuardFault> {
    let caller = crate::session::accountable().await.ok_or(SaveGuardFault::SignedOut)?;
    let services = expect_context::<service::Services>();
    let policy = domain::GuardPolicy::new(draft).map_err(|error| {
        crate::session::answer_with(http::StatusCode::UNPROCESSABLE_ENTITY);
        SaveGuardFault::Invalid(error)
    })?;
    Ok(services.save_guard(&caller, account, policy, state, based_on).await?)
}

#[cfg(feature = "ssr")]
impl From<service::ArmGuardError> for SaveGuardFault {
    fn from(error: service::ArmGuardError) -> SaveGuardFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::ArmGuardError::NotFound => (StatusCode::NOT_FOUND, SaveGuardFault::NotFound),
            service::ArmGuardError::Forbidden => (StatusCode::FORBIDDEN, SaveGuardFault::Forbidden),
            service::ArmGuardError::Conflict => (StatusCode::CONFLICT, SaveGuardFault::Conflict),
            service::ArmGuardError::Full(full) => (StatusCode::CONFLICT, SaveGuardFault::Full(full)),
            service::ArmGuardError::Store(error) => {
                tracing::error!(%error, "a guard cannot be saved");
                (StatusCode::SERVICE_UNAVAILABLE, SaveGuardFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

//! The kill switches and the breaker: read, pulled, released.

use crate::api::json::Json;
use crate::api::{ReadFault, SecurityFault};
use domain::AccountId;
use domain::brake::{BrakeReport, Stopped};
use leptos::prelude::*;

/// What holds the account back, and what stays open meanwhile.
#[server(endpoint = "find_brakes", protocol = Json)]
pub async fn find_brakes(account: AccountId) -> Result<BrakeReport, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    Ok(desk.report_brakes(caller, account).await?)
}

/// Pulls a switch: of an account, or with `None` of everything. It holds when this answers.
#[server(endpoint = "pull_stop", protocol = Json)]
pub async fn pull_stop(account: Option<AccountId>, stopped: Stopped, keep_orders: bool) -> Result<(), SecurityFault> {
    let caller = crate::session::accountable().await.ok_or(SecurityFault::SignedOut)?;
    let services = expect_context::<service::Services>();
    Ok(services.pull_stop(&caller, reach(account), stopped, keep_orders).await?)
}

/// Releases a switch; password and code must have been given a short while ago.
#[server(endpoint = "release_stop", protocol = Json)]
pub async fn release_stop(account: Option<AccountId>, stopped: Stopped) -> Result<(), SecurityFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.release_stop(&confirmed, reach(account), stopped).await?)
}

/// Arms the breaker again; as [`release_stop`].
#[server(endpoint = "rearm_breaker", protocol = Json)]
pub async fn rearm_breaker() -> Result<(), SecurityFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.rearm_breaker(&confirmed).await?)
}

#[cfg(feature = "ssr")]
fn reach(account: Option<AccountId>) -> service::Reach {
    account.map_or(service::Reach::Everything, service::Reach::Account)
}

#[cfg(feature = "ssr")]
impl From<service::DeskError> for SecurityFault {
    fn from(error: service::DeskError) -> SecurityFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::DeskError::NotFound => (StatusCode::NOT_FOUND, SecurityFault::NotFound),
            service::DeskError::Forbidden => (StatusCode::FORBIDDEN, SecurityFault::Forbidden),
            error => {
                tracing::error!(%error, "a switch cannot be moved");
                (StatusCode::SERVICE_UNAVAILABLE, SecurityFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

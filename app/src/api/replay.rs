//! What a rule would have done, had it been on.

use crate::api::json::Json;
use domain::{AccountId, Leverage, Quantity, Sats, Side};
use engine::replay::comparison::Comparison;
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why there was no replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ReplayFault {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("there is no such account")]
    NotFound,
    #[error("no price history is kept")]
    NoHistory,
    #[error("opening the position takes {needed} sats, and {wallet} are free")]
    WalletTooSmall { needed: Sats, wallet: Sats },
    #[error("this cannot be done now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for ReplayFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> ReplayFault {
        ReplayFault::Unreachable
    }
}

/// Replays the last `days` days (1 to 365) for a position that is opened at their beginning: with the rule, with a
/// plain stop-loss, and with nothing.
#[server(endpoint = "replay", protocol = Json)]
pub async fn replay(
    account: AccountId,
    side: Side,
    quantity: Quantity,
    leverage: Leverage,
    wallet: Sats,
    policy: domain::guard_policy::GuardPolicyDraft,
    days: u16,
) -> Result<Comparison, ReplayFault> {
    let caller = crate::session::caller().await.ok_or(ReplayFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    let policy = domain::GuardPolicy::new(policy).map_err(|_| ReplayFault::NotFound)?;
    let setup = engine::replay::comparison::Setup { side, quantity, leverage, wallet, policy };
    Ok(desk.replay(caller, account, setup, days.clamp(1, 365)).await?)
}

#[cfg(feature = "ssr")]
impl From<service::ReplayRefusal> for ReplayFault {
    fn from(refusal: service::ReplayRefusal) -> ReplayFault {
        use http::StatusCode;
        use service::{DeskError, ReplayRefusal};
        let (status, fault) = match refusal {
            ReplayRefusal::NoHistory => (StatusCode::NOT_FOUND, ReplayFault::NoHistory),
            ReplayRefusal::WalletTooSmall { needed, wallet } => {
                (StatusCode::UNPROCESSABLE_ENTITY, ReplayFault::WalletTooSmall { needed, wallet })
            }
            ReplayRefusal::TooMany => (StatusCode::TOO_MANY_REQUESTS, ReplayFault::Unavailable),
            ReplayRefusal::Desk(DeskError::NotFound) => (StatusCode::NOT_FOUND, ReplayFault::NotFound),
            ReplayRefusal::Desk(error) => {
                tracing::warn!(%error, "a rule cannot be replayed");
                (StatusCode::SERVICE_UNAVAILABLE, ReplayFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

//! What a person asks for by hand, and what became of it.

use crate::api::ReadFault;
use crate::api::json::Json;
use domain::action::Change;
use domain::{AccountId, ActionId, OrderFate, PositionId};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why it is not known what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum OrderFault {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("there is no such account")]
    NotFound,
    #[error("this is not allowed")]
    Forbidden,
    /// No page that is sound asks for it.
    #[error("this can't be meant")]
    Nonsense,
    #[error("this cannot be done now")]
    Unavailable,
    /// It may have arrived all the same: ask for its fate.
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for OrderFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> OrderFault {
        OrderFault::Unreachable
    }
}

/// Carries out what is asked for, once for each key, however often it is asked.
#[server(endpoint = "carry_out", protocol = Json)]
pub async fn carry_out(
    account: AccountId,
    key: ActionId,
    position: Option<PositionId>,
    change: Change,
) -> Result<OrderFate, OrderFault> {
    let caller = crate::session::caller().await.ok_or(OrderFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    Ok(desk.carry_out(caller, account, service::HandOrder { key, position, change }).await?)
}

/// What became of it; `None` where nothing was sent.
#[server(endpoint = "find_fate", protocol = Json)]
pub async fn find_fate(account: AccountId, key: ActionId) -> Result<Option<OrderFate>, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    Ok(desk.find_fate(caller, account, key).await?)
}

#[cfg(feature = "ssr")]
impl From<service::OrderError> for OrderFault {
    fn from(error: service::OrderError) -> OrderFault {
        use http::StatusCode;
        use service::{DeskError, OrderError};
        let (status, fault) = match error {
            OrderError::Nonsense(_) | OrderError::KeyIsSpent => {
                (StatusCode::UNPROCESSABLE_ENTITY, OrderFault::Nonsense)
            }
            OrderError::Desk(DeskError::NotFound) => (StatusCode::NOT_FOUND, OrderFault::NotFound),
            OrderError::Desk(DeskError::Forbidden) => (StatusCode::FORBIDDEN, OrderFault::Forbidden),
            OrderError::Desk(error) => {
                tracing::error!(%error, "what was asked for by hand cannot be carried out");
                (StatusCode::SERVICE_UNAVAILABLE, OrderFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

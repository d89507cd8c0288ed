//! Opening a position with play money.

use crate::api::json::Json;
use domain::{AccountId, Leverage, PositionId, Quantity, Side};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why no position was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PracticeFault {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("there is no such account")]
    NotFound,
    /// Real money is never moved from here.
    #[error("practice positions are for paper accounts")]
    NotPaper,
    /// In the exchange's own words.
    #[error("the exchange refused: {0}")]
    Refused(String),
    #[error("this cannot be done now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for PracticeFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> PracticeFault {
        PracticeFault::Unreachable
    }
}

/// Opens a position at market on a paper account.
#[server(endpoint = "open_practice_position", protocol = Json)]
pub async fn open_practice_position(
    account: AccountId,
    side: Side,
    quantity: Quantity,
    leverage: Leverage,
) -> Result<PositionId, PracticeFault> {
    let caller = crate::session::caller().await.ok_or(PracticeFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    let order = domain::position::NewPosition { side, quantity, leverage, stop_loss: None, take_profit: None };
    Ok(desk.open_practice_position(caller, account, order).await?.id)
}

#[cfg(feature = "ssr")]
impl From<service::PracticeError> for PracticeFault {
    fn from(error: service::PracticeError) -> PracticeFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::PracticeError::NotPaper => (StatusCode::FORBIDDEN, PracticeFault::NotPaper),
            service::PracticeError::Refused(rejection) => {
                (StatusCode::UNPROCESSABLE_ENTITY, PracticeFault::Refused(rejection.message))
            }
            service::PracticeError::Desk(service::DeskError::NotFound) => {
                (StatusCode::NOT_FOUND, PracticeFault::NotFound)
            }
            service::PracticeError::Desk(error) => {
                tracing::warn!(%error, "a practice position cannot be opened");
                (StatusCode::SERVICE_UNAVAILABLE, PracticeFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

//! Why, for one position and a time.

use crate::api::ReadFault;
use crate::api::json::Json;
use domain::why::Why;
use domain::{AccountId, PositionId, Timestamp};
use leptos::prelude::*;

/// What the guard knew and decided about a position at a time of the server's clock; `None` asks about the newest
/// decision.
#[server(name = AskWhy, endpoint = "why", protocol = Json)]
pub async fn why(account: AccountId, position: PositionId, at: Option<Timestamp>) -> Result<Why, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    Ok(desk.why(caller, account, position, at).await?)
}

//! `GET /past/{account}`: the past of an account's market, for a browser that replays a rule by itself.

use app::session::Known;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::AccountId;
use serde::Deserialize;
use service::{Desk, DeskError, ReplayRefusal};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// How far back, 1 to 365.
    days: u16,
}

pub async fn past(
    State(desk): State<Arc<Desk>>,
    Path(account): Path<String>,
    Query(wanted): Query<Wanted>,
    known: Option<Extension<Known>>,
) -> Response {
    let Some(Extension(Known { user, .. })) = known else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(account) = account.parse::<AccountId>() else { return StatusCode::NOT_FOUND.into_response() };
    match desk.encoded_past(user, account, wanted.days.clamp(1, 365)).await {
        Ok(past) => ([(header::CONTENT_TYPE, "application/octet-stream")], past).into_response(),
        Err(ReplayRefusal::Desk(DeskError::NotFound)) => StatusCode::NOT_FOUND.into_response(),
        Err(ReplayRefusal::TooMany) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(error) => {
            tracing::warn!(error = crate::told(&error), "the past of a market cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

//! `GET /api/v1/why`: the answer to "why" for programs, with a session's cookie.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{AccountId, PositionId, iso8601};
use serde::Deserialize;
use service::{Desk, DeskError};
use std::sync::Arc;
use tower_sessions::Session;

/// `at` is ISO 8601 in UTC, by the server's clock; without it the newest decision is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    account: String,
    position: String,
    at: Option<String>,
}

/// Answers a [`domain::why::Why`]. Who is not signed in gets 401; what belongs to another is not found.
pub async fn why(State(desk): State<Arc<Desk>>, Query(question): Query<Question>, session: Session) -> Response {
    let Some(user) = app::session::user_id(&session).await else { return StatusCode::UNAUTHORIZED.into_response() };
    let Question { account, position, at } = question;
    let ids = account.parse::<AccountId>().ok().zip(position.parse::<PositionId>().ok());
    let Some((account, position)) = ids else { return StatusCode::NOT_FOUND.into_response() };
    let at = match at.as_deref().map(iso8601::read) {
        None => None,
        Some(Some(at)) => Some(at),
        Some(None) => return (StatusCode::BAD_REQUEST, "at must be like 2026-03-12T10:41:07Z\n").into_response(),
    };
    match desk.why(user, account, position, at).await {
        Ok(why) => Json(why).into_response(),
        Err(DeskError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(error = crate::told(&error), "why cannot be answered");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

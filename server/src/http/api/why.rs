//! `GET /api/v1/why`: the answer to "why" for programs.

use super::caller::{May, WHY};
use super::refusal::Refusal;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::why::Why;
use domain::{AccountId, PositionId, iso8601};
use serde::Deserialize;
use service::Services;

/// `at` is ISO 8601 in UTC, by the server's clock; without it the newest decision is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    account: String,
    position: String,
    at: Option<String>,
}

/// Who is not signed in gets 401; what belongs to another is not found.
pub async fn why(
    State(services): State<Services>,
    May(user): May<WHY>,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<Why>, Refusal> {
    let Query(Question { account, position, at }) = question?;
    let ids = account.parse::<AccountId>().ok().zip(position.parse::<PositionId>().ok());
    let (account, position) = ids.ok_or(Refusal::NotFound)?;
    let at = match at.as_deref().map(iso8601::read) {
        None => None,
        Some(Some(at)) => Some(at),
        Some(None) => return Err(Refusal::BadRequest("at_must_be_like_2026-03-12T10:41:07Z")),
    };
    Ok(Json(services.desk.why(user, account, position, at).await?))
}

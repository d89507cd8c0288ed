//! How things stand: accounts, positions, and the guard's rule.

use super::caller::{GUARD, May, POSITIONS};
use super::refusal::Refusal;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::AccountId;
use domain::account::AccountSummary;
use domain::guard_policy::Guard;
use domain::live::AccountSnapshot;
use serde::{Deserialize, Serialize};
use service::Services;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    account: String,
}

/// An account's guard; `null` where it never had one.
#[derive(Serialize)]
pub struct Rule {
    guard: Option<Guard>,
}

/// The accounts that the person may see.
pub async fn accounts(
    State(services): State<Services>,
    May(user): May<POSITIONS>,
) -> Result<Json<Vec<AccountSummary>>, Refusal> {
    Ok(Json(services.desk.list_accounts(user).await?))
}

/// An account as it was last read, with its positions and how long ago that was (`read_age`, in milliseconds).
pub async fn positions(
    State(services): State<Services>,
    May(user): May<POSITIONS>,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<Json<AccountSnapshot>, Refusal> {
    Ok(Json(services.desk.find_snapshot(user, account(of)?).await?))
}

pub async fn guard(
    State(services): State<Services>,
    May(user): May<GUARD>,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<Json<Rule>, Refusal> {
    let guard = services.desk.find_guard(user, account(of)?).await?;
    Ok(Json(Rule { guard }))
}

fn account(of: Result<Query<Of>, QueryRejection>) -> Result<AccountId, Refusal> {
    let Query(Of { account }) = of?;
    account.parse().map_err(|_| Refusal::NotFound)
}

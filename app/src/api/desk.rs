//! What a trader sees: the account, the price, the bars, the decisions.

use crate::api::ReadFault;
use crate::api::json::Json;
use domain::account::AccountSummary;
use domain::live::{AccountSnapshot, LiveTick};
use domain::{AccountId, Candle, LedgerEntry, LedgerOutcome, PositionId, Role, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// All that a page starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// What the reader may do on this server.
    pub role: Role,
    pub accounts: Vec<AccountSummary>,
    /// The account that the rest is about; `None` where there is none yet.
    pub chosen: Option<AccountSummary>,
    /// `None` where the chosen account is not served yet.
    pub snapshot: Option<AccountSnapshot>,
    /// `None` before the first price.
    pub price: Option<LiveTick>,
    /// The newest decisions, newest first.
    pub recent: Vec<LedgerEntry>,
}

/// Which decisions are wanted; newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityQuery {
    pub outcome: Option<LedgerOutcome>,
    pub position: Option<PositionId>,
    /// Recorded then or later.
    pub from: Option<Timestamp>,
    /// Recorded before then.
    pub until: Option<Timestamp>,
    /// Only entries before this one.
    pub before: Option<i64>,
    pub limit: u32,
}

/// How many decisions the first page brings along.
#[cfg(feature = "ssr")]
const RECENT: u32 = 30;

/// The account that is asked for; else the one that the reader chose last; else the caller's first.
#[server(name = ReadOverview, endpoint = "overview", protocol = Json)]
pub async fn overview(account: Option<AccountId>) -> Result<Overview, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    let role = crate::session::known().ok_or(ReadFault::SignedOut)?.role;
    let accounts = desk.list_accounts(caller).await?;
    let chosen = match account {
        Some(wanted) => Some(accounts.iter().find(|known| known.id == wanted).ok_or(ReadFault::NotFound)?.clone()),
        None => remembered(&accounts).or(accounts.first()).cloned(),
    };
    let Some(id) = chosen.as_ref().map(|chosen| chosen.id) else {
        return Ok(Overview { role, accounts, chosen, snapshot: None, price: None, recent: Vec::new() });
    };
    let snapshot = match desk.find_snapshot(caller, id).await {
        Ok(snapshot) => Some(snapshot),
        Err(service::DeskError::Unavailable) => None,
        Err(error) => return Err(error.into()),
    };
    let price = if snapshot.is_some() { desk.find_price(caller, id).await? } else { None };
    let recent = desk.list_activity(caller, id, filter(ActivityQuery { limit: RECENT, ..Default::default() })).await?;
    Ok(Overview { role, accounts, chosen, snapshot, price, recent })
}

/// The account that the reader's cookie names, if it is the reader's.
#[cfg(feature = "ssr")]
fn remembered(accounts: &[AccountSummary]) -> Option<&AccountSummary> {
    let parts = use_context::<http::request::Parts>()?;
    let chosen: AccountId =
        crate::theme::cookie_value(&parts, crate::components::account_switch::COOKIE)?.parse().ok()?;
    accounts.iter().find(|known| known.id == chosen)
}

/// The newest bars of a length in seconds, oldest first.
#[server(endpoint = "candles", protocol = Json)]
pub async fn candles(account: AccountId, seconds: i64, limit: u32) -> Result<Vec<Candle>, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    let interval = domain::Interval::new(domain::Millis::from_secs(seconds)).ok_or(ReadFault::NotFound)?;
    Ok(desk.list_candles(caller, account, interval, limit.min(1_000)).await?)
}

/// Decisions and non-decisions that mattered, newest first.
#[server(endpoint = "activity", protocol = Json)]
pub async fn activity(account: AccountId, query: ActivityQuery) -> Result<Vec<LedgerEntry>, ReadFault> {
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let desk = expect_context::<service::Services>().desk;
    Ok(desk.list_activity(caller, account, filter(query)).await?)
}

#[cfg(feature = "ssr")]
fn filter(query: ActivityQuery) -> service::LedgerFilter {
    service::LedgerFilter {
        position: query.position,
        outcome: query.outcome,
        before: query.before,
        after: None,
        from: query.from,
        until: query.until,
        limit: query.limit.clamp(1, 500),
    }
}

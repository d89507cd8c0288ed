//! Whether the program lives, and whether it can do its work.

use crate::jobs::market_feed::MarketFeed;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::live::Alarm;
use domain::source::SourceHealth;
use notify::Alarms;
use serde::Serialize;
use service::{Clock, Desk, Origin, Sources};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::Store;

const PATIENCE: Duration = Duration::from_secs(2);

/// What readiness is judged by.
#[derive(Clone)]
pub struct Health {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    /// Answers the markets that are in use now.
    pub feeds: Arc<dyn Fn() -> Vec<Arc<MarketFeed>> + Send + Sync>,
    /// How many accounts can't be served.
    pub unserved: Arc<AtomicUsize>,
    pub desk: Arc<Desk>,
    pub sources: Arc<Sources>,
    pub alarms: Alarms,
}

#[derive(Debug, Serialize)]
pub struct Readiness {
    ready: bool,
    database: Part,
    feeds: Vec<FeedHealth>,
    /// Every source of prices, second opinions included; readiness is judged by `feeds` alone.
    sources: Vec<SourceHealth>,
    /// Accounts that another process guards while this one watches: its right where several serve one database, and a
    /// mistake where only one should.
    guarded_elsewhere: usize,
    /// What is off, in words.
    off: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Ok,
    Off,
}

#[derive(Debug, Serialize)]
struct FeedHealth {
    market: &'static str,
    state: Part,
    /// `None` before the first price.
    age_ms: Option<i64>,
}

/// The process answers; nothing more is promised.
pub async fn live() -> &'static str {
    "alive\n"
}

/// To strangers: whether, and nothing of what.
#[derive(Debug, Serialize)]
struct Verdict {
    ready: bool,
}

/// Headers by which a proxy says that it asks for somebody else.
const FOR_OTHERS: [&str; 4] = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

/// Whether a program of this machine asks, and for nobody else.
fn is_near(origin: Option<&Origin>, headers: &HeaderMap) -> bool {
    let is_loopback = origin.and_then(Origin::address).is_some_and(|address| address.is_loopback());
    is_loopback && !FOR_OTHERS.iter().any(|name| headers.contains_key(*name))
}

/// 200 only while the database answers, every market in use has a fresh price, every account is served and guarded, and
/// alarms get out. What is wrong is told to this machine alone.
pub async fn ready(State(health): State<Health>, origin: Option<Extension<Origin>>, headers: HeaderMap) -> Response {
    let (status, readiness) = judge(health).await;
    if is_near(origin.as_deref(), &headers) {
        return (status, Json(readiness)).into_response();
    }
    (status, Json(Verdict { ready: readiness.ready })).into_response()
}

async fn judge(health: Health) -> (StatusCode, Readiness) {
    let database = match tokio::time::timeout(PATIENCE, health.store.ping()).await {
        Ok(Ok(())) => Part::Ok,
        _ => Part::Off,
    };
    let feeds: Vec<_> = (health.feeds)().iter().map(|feed| feed_health(feed, &*health.clock)).collect();
    let mut off: Vec<String> = feeds
        .iter()
        .filter(|feed| feed.state == Part::Off)
        .map(|feed| format!("no fresh price: {}", feed.market))
        .collect();
    if database == Part::Off {
        off.push("the database does not answer".to_owned());
    }
    let unserved = health.unserved.load(Ordering::Relaxed);
    if 0 < unserved {
        off.push(format!("{unserved} accounts cannot be served; see the log"));
    }
    off.extend(
        health.desk.list_troubles().into_iter().map(|(account, alarm)| format!("{}: account {account}", word(alarm))),
    );
    off.extend(
        health.alarms.ways().iter().filter_map(|way| Some(format!("alarms by {}: {}", way.name, way.failure()?))),
    );
    let ready = off.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let guarded_elsewhere = health.desk.count_guarded_elsewhere();
    (status, Readiness { ready, database, feeds, sources: health.sources.list(), guarded_elsewhere, off })
}

/// The word by which programs know it: `guard_late`.
fn word(alarm: Alarm) -> String {
    match serde_json::to_value(alarm) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(named)) => named.keys().cloned().collect(),
        _ => "trouble".to_owned(),
    }
}

fn feed_health(feed: &MarketFeed, clock: &dyn Clock) -> FeedHealth {
    let age = feed.age(clock);
    let state = if age.is_some_and(|(_, fresh)| fresh) { Part::Ok } else { Part::Off };
    FeedHealth { market: feed.name(), state, age_ms: age.map(|(age, _)| age.get()) }
}

//! What needs no key.

use super::Paper;
use super::answer::{Answer, ApiError};
use super::paging::{ListQuery, Page};
use super::rate_limit::Told;
use super::wire::market::{
    BestPriceJson, CandleJson, LeaderboardJson, PlaceJson, SettlementJson, TickerJson, TimeJson,
};
use super::wire::price;
use crate::market::{BarLength, Period};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::Uri;
use axum::http::request::Parts;
use domain::{Candle, Interval, Millis, iso8601};
use serde_json::{Value, json};
use std::sync::Arc;

/// A request that was not signed, within the limit for those.
pub(super) struct Unsigned {
    uri: Uri,
}

impl FromRequestParts<Arc<Paper>> for Unsigned {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, paper: &Arc<Paper>) -> Result<Unsigned, ApiError> {
        if let Some(limiter) = &paper.limiter {
            limiter.take_public((paper.clock)(), &Told::of(&parts.extensions))?;
        }
        Ok(Unsigned { uri: parts.uri.clone() })
    }
}

pub(super) async fn ping(_: Unsigned) -> Json<&'static str> {
    Json("pong")
}

pub(super) async fn time(State(paper): State<Arc<Paper>>, _: Unsigned) -> Json<TimeJson> {
    Json((paper.clock)().into())
}

pub(super) async fn ticker(State(paper): State<Arc<Paper>>, _: Unsigned) -> Answer<TickerJson> {
    let venue = paper.venue();
    let now = venue.ticker().zip(venue.quotes());
    now.map(|(ticker, quotes)| Json(TickerJson::of(ticker, quotes))).ok_or_else(ApiError::unavailable)
}

pub(super) async fn best_price(State(paper): State<Arc<Paper>>, _: Unsigned) -> Answer<BestPriceJson> {
    let quotes = paper.venue().quotes();
    quotes.map(|quotes| Json(quotes.into())).ok_or_else(ApiError::unavailable)
}

pub(super) async fn leaderboard(State(paper): State<Arc<Paper>>, _: Unsigned) -> Json<LeaderboardJson> {
    let venue = paper.venue();
    let places = |days: Option<i64>| -> Vec<PlaceJson> {
        let period = days.map(|days| Millis::new(days.saturating_mul(Millis::DAY.get())));
        venue.leaderboard(period).into_iter().map(PlaceJson::from).collect()
    };
    let (daily, weekly, monthly) = (places(Some(1)), places(Some(7)), places(Some(30)));
    Json(LeaderboardJson { daily, weekly, monthly, all_time: places(None) })
}

/// The venue removed this in July 2026; one of its official clients still has it.
pub(super) async fn oracle_index(State(paper): State<Arc<Paper>>, request: Unsigned) -> Answer<Vec<Value>> {
    oracle(&paper, &request, "index")
}

/// The venue removed this in July 2026; one of its official clients still has it.
pub(super) async fn oracle_last_price(State(paper): State<Arc<Paper>>, request: Unsigned) -> Answer<Vec<Value>> {
    oracle(&paper, &request, "lastPrice")
}

/// Closing prices of minutes, newest first, as a bare list.
fn oracle(paper: &Paper, request: &Unsigned, name: &str) -> Answer<Vec<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let bars = paper.market.closed_bars(Interval::MINUTE, query.from, query.to).unwrap_or_default();
    let wire = |bar: Candle| json!({ "time": iso8601::write(bar.at), name: price(bar.close) });
    Ok(Json(query.page(bars.into_iter().rev(), |bar| bar.at, wire).into_rows()))
}

pub(super) async fn candles(State(paper): State<Arc<Paper>>, request: Unsigned) -> Answer<Page<CandleJson>> {
    let query = ListQuery::read(&request.uri)?;
    let length = length(query.range.as_deref().unwrap_or("1m"))?;
    let until = query.to.plus(Millis::new(1));
    let bars = paper.market.closed_bars(length, query.from, until);
    let bars = bars.ok_or_else(|| ApiError::bad_request("The paper venue has no candles of this range"))?;
    Ok(Json(query.page(bars.into_iter().rev(), |bar| bar.at, CandleJson::from)))
}

pub(super) async fn funding_settlements(
    State(paper): State<Arc<Paper>>,
    request: Unsigned,
) -> Answer<Page<SettlementJson>> {
    let query = ListQuery::read(&request.uri)?;
    let settlements = paper.venue().settlements();
    Ok(Json(query.page(settlements, |settlement| settlement.at, SettlementJson::from)))
}

pub(super) fn length(range: &str) -> Result<BarLength, ApiError> {
    let minutes = match range {
        "1m" => 1,
        "3m" => 3,
        "5m" => 5,
        "10m" => 10,
        "15m" => 15,
        "30m" => 30,
        "45m" => 45,
        "1h" => 60,
        "2h" => 120,
        "3h" => 180,
        "4h" => 240,
        "1d" => 1_440,
        "1w" => return Ok(BarLength::Calendar(Period::Week)),
        "1month" => return Ok(BarLength::Calendar(Period::Month)),
        "3months" => return Ok(BarLength::Calendar(Period::Quarter)),
        _ => return Err(ApiError::bad_request("range is not valid")),
    };
    let interval = Interval::new(Millis::new(Millis::MINUTE.get().saturating_mul(minutes)));
    interval.map(BarLength::Fixed).ok_or_else(|| ApiError::bad_request("range is not valid"))
}

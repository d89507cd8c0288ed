//! What needs no key.

use super::Paper;
use super::answer::{Answer, ApiError};
use super::paging::{ListQuery, Page};
use super::wire::{CandleJson, SettlementJson, TickerJson, TimeJson};
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::Uri;
use axum::http::request::Parts;
use domain::{Interval, Millis};
use std::sync::Arc;

/// A request that was not signed, within the limit for those.
pub(super) struct Unsigned {
    uri: Uri,
}

impl FromRequestParts<Arc<Paper>> for Unsigned {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, paper: &Arc<Paper>) -> Result<Unsigned, ApiError> {
        if let Some(limiter) = &paper.limiter {
            limiter.take_public((paper.clock)())?;
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
    let ticker = paper.market.venue().lock().ticker();
    ticker.map(|ticker| Json(ticker.into())).ok_or_else(ApiError::unavailable)
}

pub(super) async fn candles(State(paper): State<Arc<Paper>>, request: Unsigned) -> Answer<Page<CandleJson>> {
    let query = ListQuery::read(&request.uri)?;
    let interval = interval(query.range.as_deref().unwrap_or("1m"))?;
    let until = query.to.plus(Millis::new(1));
    let bars = paper.market.closed_bars(interval, query.from, until);
    let bars = bars.ok_or_else(|| ApiError::bad_request("The paper venue has no candles of this range"))?;
    Ok(Json(query.page(bars.into_iter().rev(), |bar| bar.at, CandleJson::from)))
}

pub(super) async fn funding_settlements(
    State(paper): State<Arc<Paper>>,
    request: Unsigned,
) -> Answer<Page<SettlementJson>> {
    let query = ListQuery::read(&request.uri)?;
    let settlements = paper.market.venue().lock().settlements();
    Ok(Json(query.page(settlements, |settlement| settlement.at, SettlementJson::from)))
}

fn interval(range: &str) -> Result<Interval, ApiError> {
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
        // Weeks and months start on days that no fixed length falls on.
        "1w" | "1month" | "3months" => {
            return Err(ApiError::bad_request("The paper venue has no candles of this range"));
        }
        _ => return Err(ApiError::bad_request("range is not valid")),
    };
    let length = Millis::new(Millis::MINUTE.get().saturating_mul(minutes));
    Interval::new(length).ok_or_else(|| ApiError::bad_request("range is not valid"))
}

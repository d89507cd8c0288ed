//! What needs a key: one account and its isolated trades.

use super::Paper;
use super::answer::{Answer, ApiError};
use super::auth::Signed;
use super::paging::{ListQuery, Page};
use super::wire::{AccountJson, FundingFeeJson, TradeJson};
use crate::venue::{Trade, Venue};
use axum::Json;
use axum::extract::State;
use domain::{PositionId, Timestamp};
use exchange::Rejection;
use std::sync::{Arc, MutexGuard};

impl Paper {
    fn venue(&self) -> MutexGuard<'_, Venue> {
        self.market.venue().lock()
    }
}

fn trade(answer: Result<Trade, Rejection>) -> Answer<TradeJson> {
    Ok(Json(answer?.into()))
}

pub(super) async fn account(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<AccountJson> {
    let wallet = paper.venue().wallet(request.account);
    let wallet = wallet.ok_or_else(|| ApiError::unauthorized("Account does not exist"))?;
    Ok(Json(AccountJson::of(request.account, wallet)))
}

pub(super) async fn new_trade(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let order = request.new_trade()?;
    trade(paper.venue().open(request.account, order))
}

pub(super) async fn close(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id()?;
    trade(paper.venue().close(request.account, position))
}

pub(super) async fn cancel(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id()?;
    trade(paper.venue().cancel(request.account, position))
}

/// No order ever rests here, so there is nothing to cancel.
pub(super) async fn cancel_all(_: Signed) -> Json<Vec<TradeJson>> {
    Json(Vec::new())
}

pub(super) async fn add_margin(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, amount) = request.amount()?;
    trade(paper.venue().add_margin(request.account, position, amount))
}

pub(super) async fn cash_in(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, amount) = request.amount()?;
    trade(paper.venue().cash_in(request.account, position, amount))
}

pub(super) async fn set_stop_loss(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, price) = request.stop()?;
    trade(paper.venue().set_stop_loss(request.account, position, price))
}

pub(super) async fn remove_stop_loss(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id_of_query()?;
    trade(paper.venue().set_stop_loss(request.account, position, None))
}

pub(super) async fn set_take_profit(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, price) = request.stop()?;
    trade(paper.venue().set_take_profit(request.account, position, price))
}

pub(super) async fn remove_take_profit(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id_of_query()?;
    trade(paper.venue().set_take_profit(request.account, position, None))
}

/// No order ever rests here.
pub(super) async fn open_trades(_: Signed) -> Json<Vec<TradeJson>> {
    Json(Vec::new())
}

pub(super) async fn running_trades(State(paper): State<Arc<Paper>>, request: Signed) -> Json<Vec<TradeJson>> {
    Json(paper.venue().running(request.account).into_iter().map(TradeJson::from).collect())
}

pub(super) async fn closed_trades(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<TradeJson>> {
    let query = ListQuery::read(&request.uri)?;
    let closed = paper.venue().closed(request.account, query.from);
    Ok(Json(query.page(closed, |trade| trade.closed_at().unwrap_or(trade.filled_at), TradeJson::from)))
}

pub(super) async fn canceled_trades(request: Signed) -> Answer<Page<TradeJson>> {
    let query = ListQuery::read(&request.uri)?;
    Ok(Json(query.page(Vec::<Trade>::new(), |_| Timestamp::EPOCH, TradeJson::from)))
}

pub(super) async fn funding_fees(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<FundingFeeJson>> {
    let query = ListQuery::read(&request.uri)?;
    let trade: Option<PositionId> = match &query.trade_id {
        Some(id) => Some(id.parse().map_err(|_| ApiError::bad_request("tradeId must be a UUID"))?),
        None => None,
    };
    let mut rows = paper.venue().funding_rows(request.account);
    rows.retain(|row| trade.is_none_or(|trade| row.fee.position == trade));
    Ok(Json(query.page(rows, |row| row.fee.at, FundingFeeJson::from)))
}

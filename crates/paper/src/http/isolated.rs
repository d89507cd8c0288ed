//! Isolated trades of one account.

use super::Paper;
use super::answer::{Answer, ApiError};
use super::auth::Signed;
use super::paging::{ListQuery, Page};
use super::wire::trade::{FundingFeeJson, TradeJson};
use crate::venue::Trade;
use axum::Json;
use axum::extract::State;
use domain::{AccountId, PositionId, Timestamp};
use exchange::Rejection;
use std::sync::Arc;

fn trade(owner: AccountId, answer: Result<Trade, Rejection>) -> Answer<TradeJson> {
    Ok(Json(TradeJson::of(owner, answer?)))
}

fn all(owner: AccountId, trades: Vec<Trade>) -> Json<Vec<TradeJson>> {
    Json(trades.into_iter().map(|trade| TradeJson::of(owner, trade)).collect())
}

pub(super) async fn new_trade(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let order = request.new_trade()?;
    trade(request.account, paper.venue().submit(request.account, order))
}

pub(super) async fn close(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id()?;
    trade(request.account, paper.venue().close(request.account, position))
}

pub(super) async fn cancel(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id()?;
    trade(request.account, paper.venue().cancel(request.account, position))
}

pub(super) async fn cancel_all(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Vec<TradeJson>> {
    let canceled = paper.venue().cancel_all(request.account)?;
    Ok(all(request.account, canceled))
}

pub(super) async fn add_margin(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, amount) = request.amount()?;
    trade(request.account, paper.venue().add_margin(request.account, position, amount))
}

pub(super) async fn cash_in(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, amount) = request.amount()?;
    trade(request.account, paper.venue().cash_in(request.account, position, amount))
}

pub(super) async fn set_stop_loss(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, stop, distance) = request.stop_loss()?;
    let answer = match distance {
        Some(distance) => paper.venue().set_trailing_stop(request.account, position, distance),
        None => paper.venue().set_stop_loss(request.account, position, stop),
    };
    trade(request.account, answer)
}

pub(super) async fn remove_stop_loss(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id_of_query()?;
    trade(request.account, paper.venue().set_stop_loss(request.account, position, None))
}

pub(super) async fn set_take_profit(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let (position, price) = request.take_profit()?;
    trade(request.account, paper.venue().set_take_profit(request.account, position, price))
}

pub(super) async fn remove_take_profit(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<TradeJson> {
    let position = request.id_of_query()?;
    trade(request.account, paper.venue().set_take_profit(request.account, position, None))
}

pub(super) async fn open_trades(State(paper): State<Arc<Paper>>, request: Signed) -> Json<Vec<TradeJson>> {
    let resting = paper.venue().resting(request.account);
    all(request.account, resting)
}

pub(super) async fn running_trades(State(paper): State<Arc<Paper>>, request: Signed) -> Json<Vec<TradeJson>> {
    let running = paper.venue().running(request.account);
    all(request.account, running)
}

pub(super) async fn closed_trades(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<TradeJson>> {
    let query = ListQuery::read(&request.uri)?;
    let closed = paper.venue().closed(request.account, query.from);
    Ok(ended(request.account, &query, closed))
}

pub(super) async fn canceled_trades(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<TradeJson>> {
    let query = ListQuery::read(&request.uri)?;
    let canceled = paper.venue().canceled(request.account, query.from);
    Ok(ended(request.account, &query, canceled))
}

fn ended(owner: AccountId, query: &ListQuery, trades: Vec<Trade>) -> Json<Page<TradeJson>> {
    let at = |trade: &Trade| trade.closed_at().unwrap_or(Timestamp::EPOCH);
    Json(query.page(trades, at, |trade| TradeJson::of(owner, trade)))
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

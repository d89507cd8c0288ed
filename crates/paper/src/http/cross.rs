//! The cross position of one account.

use super::Paper;
use super::answer::{Answer, ApiError};
use super::auth::Signed;
use super::paging::{ListQuery, Page};
use super::wire::cross;
use super::wire::trade::FundingFeeJson;
use crate::venue::{CrossOrder, CrossOrderState, CrossView};
use axum::Json;
use axum::extract::State;
use domain::{AccountId, Timestamp};
use exchange::Rejection;
use serde_json::Value;
use std::sync::Arc;

fn order(owner: AccountId, answer: Result<CrossOrder, Rejection>) -> Answer<Value> {
    Ok(Json(cross::order(owner, answer?)))
}

fn view(owner: AccountId, answer: Result<CrossView, Rejection>) -> Answer<Value> {
    Ok(Json(cross::position(owner, &answer?)))
}

pub(super) async fn new_order(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let new = request.cross_order()?;
    order(request.account, paper.venue().cross_order(request.account, new))
}

pub(super) async fn cancel(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let id = request.id()?.uuid();
    order(request.account, paper.venue().cross_cancel(request.account, id))
}

pub(super) async fn cancel_all(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Vec<Value>> {
    let canceled = paper.venue().cross_cancel_all(request.account)?;
    Ok(Json(canceled.into_iter().map(|canceled| cross::order(request.account, canceled)).collect()))
}

pub(super) async fn close(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    order(request.account, paper.venue().cross_close(request.account))
}

pub(super) async fn position(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let held = paper.venue().cross(request.account);
    let held = held.ok_or_else(|| ApiError::unauthorized("Account does not exist"))?;
    Ok(Json(cross::position(request.account, &held)))
}

pub(super) async fn set_leverage(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let leverage = request.cross_leverage()?;
    view(request.account, paper.venue().cross_set_leverage(request.account, leverage))
}

pub(super) async fn deposit(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let amount = request.bare_amount()?;
    view(request.account, paper.venue().cross_deposit(request.account, amount))
}

pub(super) async fn withdraw(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let amount = request.bare_amount()?;
    view(request.account, paper.venue().cross_withdraw(request.account, amount))
}

pub(super) async fn open_orders(State(paper): State<Arc<Paper>>, request: Signed) -> Json<Vec<Value>> {
    let open = paper.venue().cross_open(request.account);
    Json(open.into_iter().map(|open| cross::order(request.account, open)).collect())
}

pub(super) async fn filled_orders(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let filled = paper.venue().cross_filled(request.account);
    let at = |order: &CrossOrder| match order.state {
        CrossOrderState::Filled { at } | CrossOrderState::Canceled { at } => at,
        CrossOrderState::Open => Timestamp::EPOCH,
    };
    Ok(Json(query.page(filled, at, |order| cross::order(request.account, order))))
}

pub(super) async fn transfers(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let transfers = paper.venue().cross_transfers(request.account);
    Ok(Json(query.page(transfers, |transfer| transfer.at, |transfer| cross::transfer(request.account, transfer))))
}

pub(super) async fn funding_fees(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<FundingFeeJson>> {
    let query = ListQuery::read(&request.uri)?;
    let rows = paper.venue().cross_funding(request.account);
    Ok(Json(query.page(rows, |row| row.at, FundingFeeJson::from)))
}

//! The wallet of one account: deposits, withdrawals, addresses, notifications and swaps.

use super::Paper;
use super::answer::{Answer, ApiError};
use super::auth::Signed;
use super::paging::{ListQuery, Page};
use super::wire::account::{self, AccountJson};
use crate::venue::{Deposit, Network, Withdrawal};
use axum::Json;
use axum::extract::State;
use domain::iso8601;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn account(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<AccountJson> {
    let venue = paper.venue();
    let (wallet, cents) = (venue.wallet(request.account), venue.cents(request.account));
    drop(venue);
    let wallet = wallet.ok_or_else(|| ApiError::unauthorized("Account does not exist"))?;
    Ok(Json(AccountJson::of(request.account, wallet, cents)))
}

pub(super) async fn address(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let address = paper.venue().address(request.account)?;
    Ok(Json(json!({ "address": address.address })))
}

pub(super) async fn new_address(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let format = request.address_format()?;
    let address = paper.venue().new_address(request.account, format)?;
    Ok(Json(json!({ "address": address.address, "createdAt": iso8601::write(address.created_at) })))
}

pub(super) async fn deposit_lightning(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let (amount, comment) = request.deposit()?;
    let (deposit, invoice) = paper.venue().deposit_by_lightning(request.account, amount, comment)?;
    Ok(Json(json!({ "depositId": deposit.id, "paymentRequest": invoice })))
}

pub(super) async fn withdraw_lightning(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let invoice = request.invoice()?;
    let (withdrawal, most_fees) = paper.venue().withdraw_by_lightning(request.account, &invoice)?;
    let Withdrawal { id, amount, reference, .. } = withdrawal;
    Ok(Json(json!({ "id": id, "amount": amount, "maxFees": most_fees, "paymentHash": reference })))
}

pub(super) async fn withdraw_on_chain(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let (address, amount) = request.on_chain_withdrawal()?;
    let withdrawal = paper.venue().withdraw_on_chain(request.account, &address, amount)?;
    Ok(Json(account::on_chain_withdrawal(request.account, withdrawal)))
}

pub(super) async fn lightning_deposits(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let settled = query.flag(query.settled.as_deref(), "settled")?;
    let mut deposits = deposits(&paper, &request, Network::Lightning);
    deposits.retain(|deposit| settled.is_none_or(|settled| deposit.settled_at.is_some() == settled));
    Ok(Json(query.page(deposits, |deposit| deposit.created_at, account::lightning_deposit)))
}

pub(super) async fn on_chain_deposits(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let known = ["MEMPOOL", "CONFIRMED", "IRREVERSIBLE", "under_review", "not_credited", "on_hold"];
    let mut deposits = deposits(&paper, &request, Network::Bitcoin);
    let is_asked_for = query.asks_for_status(&known, "IRREVERSIBLE")?;
    deposits.retain(|_| is_asked_for);
    Ok(Json(query.page(deposits, |deposit| deposit.created_at, account::on_chain_deposit)))
}

pub(super) async fn lightning_withdrawals(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let is_asked_for = query.asks_for_status(&["failed", "processed", "processing"], "processed")?;
    let mut withdrawals = withdrawals(&paper, &request, Network::Lightning);
    withdrawals.retain(|_| is_asked_for);
    Ok(Json(query.page(withdrawals, |withdrawal| withdrawal.created_at, account::lightning_withdrawal)))
}

pub(super) async fn on_chain_withdrawals(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let known = ["canceled", "pending", "processed", "processing", "rejected"];
    let is_asked_for = query.asks_for_status(&known, "pending")?;
    let mut withdrawals = withdrawals(&paper, &request, Network::Bitcoin);
    withdrawals.retain(|_| is_asked_for);
    let wire = |withdrawal| account::on_chain_withdrawal(request.account, withdrawal);
    Ok(Json(query.page(withdrawals, |withdrawal| withdrawal.created_at, wire)))
}

fn deposits(paper: &Paper, request: &Signed, network: Network) -> Vec<Deposit> {
    let mut deposits = paper.venue().deposits(request.account);
    deposits.retain(|deposit| deposit.network == network);
    deposits
}

fn withdrawals(paper: &Paper, request: &Signed, network: Network) -> Vec<Withdrawal> {
    let mut withdrawals = paper.venue().withdrawals(request.account);
    withdrawals.retain(|withdrawal| withdrawal.network == network);
    withdrawals
}

/// Unread ones, unless the query says otherwise.
pub(super) async fn notifications(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let read = query.flag(query.read.as_deref(), "read")?.unwrap_or(false);
    let mut notices = paper.venue().notices(request.account);
    notices.retain(|notice| notice.is_read == read);
    Ok(Json(query.page(notices, |notice| notice.at, account::notice)))
}

pub(super) async fn read_notifications(State(paper): State<Arc<Paper>>, request: Signed) -> Json<Value> {
    paper.venue().read_notices(request.account);
    Json(json!({}))
}

pub(super) async fn new_swap(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Value> {
    let sold = request.swap()?;
    let swap = paper.venue().swap(request.account, sold)?;
    Ok(Json(account::swap(swap)))
}

pub(super) async fn swaps(State(paper): State<Arc<Paper>>, request: Signed) -> Answer<Page<Value>> {
    let query = ListQuery::read(&request.uri)?;
    let swaps = paper.venue().swaps(request.account);
    Ok(Json(query.page(swaps, |swap| swap.at, account::swap)))
}

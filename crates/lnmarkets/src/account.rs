//! One account at LN Markets, behind the exchange port.

mod calls;
mod cross;
mod money;
mod orders;
mod spelling;
mod withdrawal;

pub use cross::NewCrossOrder;
pub use orders::{IsolatedOrder, OrderSize, StopLoss};
pub use withdrawal::{Consent, ConsentError, Withdrawal};

use crate::client_id::ClientId;
use crate::key_check::{standing, standing_of};
use crate::rest::{Body, ListQuery, Page, Request, outcome};
use crate::scope::Permissions;
use crate::session::{Session, Signer};
use crate::stream::{StreamOptions, whoami};
use crate::wire::{AccountWire, FundingFeeWire, TradeWire};
use async_trait::async_trait;
use domain::action::Change;
use domain::position::{FundingFee, NewPosition, PositionState};
use domain::{ActionId, NewOrder, Position, PositionId, Price, Sats, Timestamp, Wallet};
use exchange::{Deadlines, Exchange, KeyStanding, Outcome, Priority, ReadError};
use reqwest::Url;
use std::collections::HashSet;
use std::sync::Arc;

/// Rows a page; closed trades are asked for often, and few of them are new.
const PAGE_ROWS: u32 = 100;
/// A list that goes on beyond this is a fault.
const MOST_PAGES: usize = 100;
/// As many as the venue's limit lets go within the time for which an answer is waited for in a crash.
const CALLS_AT_ONCE: usize = 8;

/// A key on an endpoint. Clones and namesakes share the key's request budget.
#[derive(Clone)]
pub struct LnMarketsAccount {
    session: Arc<Session>,
    signer: Arc<Signer>,
    stream_url: Url,
}

impl LnMarketsAccount {
    pub(crate) fn new(session: Arc<Session>, signer: Signer, stream_url: Url) -> LnMarketsAccount {
        LnMarketsAccount { session, signer: Arc::new(signer), stream_url }
    }

    async fn list_trades(&self, name: &str, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.list(&format!("/futures/isolated/trades/{name}"), priority, TradeWire::position).await
    }

    /// One page of closed trades, newest first, as the venue cuts it.
    pub async fn fetch_closed_page(&self, query: &ListQuery, priority: Priority) -> Result<Page<Position>, ReadError> {
        self.page(Request::get("/futures/isolated/trades/closed"), query, priority, TradeWire::position).await
    }

    /// One page of the funding fees of all isolated trades, newest first.
    pub async fn fetch_funding_fee_page(
        &self,
        query: &ListQuery,
        priority: Priority,
    ) -> Result<Page<FundingFee>, ReadError> {
        let accept = |fee: FundingFeeWire| fee.fee().ok_or("it is not said whose fee it was");
        self.page(Request::get("/futures/isolated/funding-fees"), query, priority, accept).await
    }

    /// Pages back until a page holds nothing that ended at or after `since`.
    ///
    /// The venue is not asked for `from`: nothing says whether it counts from a trade's end or its beginning, and a
    /// position that was opened long ago and closed just now must not be missed.
    async fn list_ended(&self, name: &str, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut ended = Vec::new();
        let mut seen = HashSet::new();
        let mut query = ListQuery { limit: Some(PAGE_ROWS), ..ListQuery::default() };
        for _ in 0..MOST_PAGES {
            let request = Request::get(&format!("/futures/isolated/trades/{name}"));
            let found = self.page(request, &query, priority, TradeWire::position).await?;
            let fresh = found.items.into_iter().filter(|trade| ended_at(trade).is_some_and(|at| since <= at));
            let before = ended.len();
            ended.extend(fresh.filter(|trade| seen.insert(trade.id)));
            if !query.advance(found.next)? || ended.len() == before {
                break;
            }
        }
        ended.sort_by_key(|trade| std::cmp::Reverse(ended_at(trade)));
        Ok(ended)
    }

    async fn change_trade(
        &self,
        request: Request,
        priority: Priority,
        is_it: impl Fn(&Position) -> bool,
    ) -> Outcome<Position> {
        self.change(request, priority, |trade: TradeWire| trade.position().ok().filter(is_it)).await
    }

    async fn change_stop(&self, name: &str, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.change_trade(stop(name, position, price), Priority::Close, |trade| trade.id == position).await
    }
}

#[async_trait]
impl Exchange for LnMarketsAccount {
    async fn fetch_wallet(&self, priority: Priority) -> Result<Wallet, ReadError> {
        let account: AccountWire = self.fetch(Request::get("/account"), priority).await?;
        Ok(account.wallet())
    }

    async fn fetch_running(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut trades = self.list_trades("running", priority).await?;
        trades.retain(Position::is_running);
        Ok(trades)
    }

    async fn fetch_resting(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut trades = self.list_trades("open", priority).await?;
        trades.retain(|trade| trade.state == PositionState::Resting);
        Ok(trades)
    }

    async fn fetch_closed(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut trades = self.list_ended("closed", since, priority).await?;
        trades.retain(Position::is_closed);
        Ok(trades)
    }

    async fn fetch_canceled(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut trades = self.list_ended("canceled", since, priority).await?;
        trades.retain(|trade| matches!(trade.state, PositionState::Canceled { .. }));
        Ok(trades)
    }

    async fn fetch_funding_fees(
        &self,
        position: PositionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Vec<FundingFee>, ReadError> {
        let mut fees = Vec::new();
        let mut query = ListQuery { from: Some(since), ..ListQuery::default() };
        for _ in 0..MOST_PAGES {
            let request = Request::get("/futures/isolated/funding-fees").query("tradeId", position);
            let accept = |fee: FundingFeeWire| Ok(fee.fee_of(position));
            let found = self.page(request, &query, priority, accept).await?;
            if 0 < found.set_aside {
                return Err(ReadError::Malformed("a funding fee can't be read".to_owned()));
            }
            fees.extend(found.items.into_iter().filter(|fee| fee.position == position && since <= fee.at));
            if !query.advance(found.next)? {
                break;
            }
        }
        Ok(fees)
    }

    async fn cancel_orders(&self) -> Outcome<Vec<Position>> {
        self.cancel_all_orders().await
    }

    async fn find_order(
        &self,
        name: ActionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Option<Position>, ReadError> {
        self.find_named(&name.to_string(), since, priority).await
    }

    async fn submit_order(&self, name: ActionId, order: NewOrder) -> Outcome<Position> {
        self.submit_isolated(&named(name, order)).await
    }

    async fn cancel_order(&self, order: PositionId) -> Outcome<Position> {
        self.change_trade(cancel(order), Priority::Close, |trade| trade.id == order && is_canceled(trade)).await
    }

    async fn open_position(&self, order: NewPosition) -> Outcome<Position> {
        self.submit_isolated(&IsolatedOrder::from(NewOrder::from(order))).await
    }

    async fn fetch_standing(&self) -> Result<KeyStanding, ReadError> {
        let (url, session, key) = (self.stream_url.clone(), Arc::clone(&self.session), Some(self.signer.key.clone()));
        match whoami(StreamOptions { url, session, key, topics: Vec::new() }).await {
            Ok(permissions) => Ok(standing(&Permissions::read(&permissions))),
            Err(error) => standing_of(error),
        }
    }

    fn calls_at_once(&self) -> usize {
        CALLS_AT_ONCE
    }

    async fn wait_for_room(&self) {
        self.signer.budget.room(Priority::Guard).await;
    }

    async fn carry_out(&self, position: PositionId, change: Change, deadlines: Deadlines) -> Outcome<Position> {
        let (request, priority) = request_for(position, change);
        let answer = self.session.send_once(&self.signer, &request, priority, Some(deadlines)).await;
        outcome(answer, |trade: TradeWire| trade.position().ok().filter(|trade| answers(trade, position, change)))
    }

    async fn close_position(&self, position: PositionId) -> Outcome<Position> {
        self.change_trade(close(position), Priority::Close, |trade| trade.id == position && trade.is_closed()).await
    }

    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.change_trade(add_margin(position, amount), Priority::Guard, |trade| trade.id == position).await
    }

    async fn cash_in(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.change_trade(cash_in(position, amount), Priority::Close, |trade| trade.id == position).await
    }

    async fn set_stop_loss(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.change_stop("stoploss", position, price).await
    }

    async fn set_take_profit(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.change_stop("takeprofit", position, price).await
    }
}

pub(crate) fn add_margin(position: PositionId, amount: Sats) -> Request {
    Request::post("/futures/isolated/trade/add-margin", amount_for(position, amount))
}

/// The one call that makes a change, and how urgent it is.
fn request_for(position: PositionId, change: Change) -> (Request, Priority) {
    match change {
        Change::AddMargin { amount } => (add_margin(position, amount), Priority::Guard),
        Change::Close => (close(position), Priority::Close),
        Change::CashIn { amount } => (cash_in(position, amount), Priority::Close),
        Change::Open { order } => (named(ActionId::from_uuid(position.uuid()), order).request(), Priority::Entry),
        Change::StopLoss { price } => (stop("stoploss", position, price), Priority::Close),
        Change::TakeProfit { price } => (stop("takeprofit", position, price), Priority::Close),
        Change::Cancel => (cancel(position), Priority::Close),
    }
}

/// Whether the venue's answer is about this change.
fn answers(trade: &Position, position: PositionId, change: Change) -> bool {
    match change {
        Change::Open { order } => IsolatedOrder::from(order).is_met_by(trade),
        Change::Close => trade.id == position && trade.is_closed(),
        Change::Cancel => trade.id == position && is_canceled(trade),
        _ => trade.id == position,
    }
}

fn named(name: ActionId, order: NewOrder) -> IsolatedOrder {
    IsolatedOrder { client_id: ClientId::new(&name.to_string()).ok(), ..IsolatedOrder::from(order) }
}

const fn is_canceled(trade: &Position) -> bool {
    matches!(trade.state, PositionState::Canceled { .. })
}

fn cash_in(position: PositionId, amount: Sats) -> Request {
    Request::post("/futures/isolated/trade/cash-in", amount_for(position, amount))
}

fn cancel(order: PositionId) -> Request {
    Request::post("/futures/isolated/trade/cancel", Body::new().with("id", order.to_string()))
}

fn stop(name: &str, position: PositionId, price: Option<Price>) -> Request {
    let path = format!("/futures/isolated/trade/{name}");
    match price {
        Some(price) => {
            let body = Body::new().with("id", position.to_string()).with("value", spelling::dollars(price));
            Request::put(&path, body)
        }
        None => Request::delete(&path).query("id", position),
    }
}

fn close(position: PositionId) -> Request {
    Request::post("/futures/isolated/trade/close", Body::new().with("id", position.to_string()))
}

fn amount_for(position: PositionId, amount: Sats) -> Body {
    Body::new().with("amount", amount.get()).with("id", position.to_string())
}

const fn ended_at(trade: &Position) -> Option<Timestamp> {
    match trade.state {
        PositionState::Closed { closed_at, .. } => Some(closed_at),
        PositionState::Canceled { canceled_at } => Some(canceled_at),
        PositionState::Resting | PositionState::Running { .. } => None,
    }
}

//! One account at LN Markets, behind the exchange port.

use crate::rest::{Body, ListQuery, RawList, Request, items, number, outcome, page};
use crate::session::{Session, Signer};
use crate::wire::{AccountWire, FundingFeeWire, TradeWire};
use async_trait::async_trait;
use domain::action::Change;
use domain::position::{FundingFee, NewPosition, PositionState};
use domain::{Leverage, OrderSide, Position, PositionId, Price, Sats, Timestamp, Wallet};
use exchange::{Exchange, Outcome, Priority, ReadError};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// Rows a page; closed trades are asked for often, and few of them are new.
const PAGE_ROWS: u32 = 100;
/// A list that goes on beyond this is a fault.
const MOST_PAGES: usize = 100;

/// A key on an endpoint. Clones and namesakes share the key's request budget.
#[derive(Clone)]
pub struct LnMarketsAccount {
    session: Arc<Session>,
    signer: Arc<Signer>,
}

impl LnMarketsAccount {
    pub(crate) fn new(session: Arc<Session>, signer: Signer) -> LnMarketsAccount {
        LnMarketsAccount { session, signer: Arc::new(signer) }
    }

    async fn list(&self, name: &str, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let request = Request::get(&format!("/futures/isolated/trades/{name}"));
        let list: RawList = self.session.fetch(Some(&self.signer), &request, priority).await?;
        items(name, list, TradeWire::position)
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
            let request = query.apply(Request::get(&format!("/futures/isolated/trades/{name}")));
            let list: RawList = self.session.fetch(Some(&self.signer), &request, priority).await?;
            let found = page(name, list, TradeWire::position)?;
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

    async fn change(
        &self,
        request: Request,
        priority: Priority,
        is_it: impl Fn(&Position) -> bool,
    ) -> Outcome<Position> {
        self.change_by(None, request, priority, is_it).await
    }

    async fn change_by(
        &self,
        sign_by: Option<Timestamp>,
        request: Request,
        priority: Priority,
        is_it: impl Fn(&Position) -> bool,
    ) -> Outcome<Position> {
        let answer = self.session.send_once(&self.signer, &request, priority, sign_by).await;
        outcome(answer, |trade: TradeWire| trade.position().ok().filter(is_it))
    }

    async fn change_stop(&self, name: &str, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        let path = format!("/futures/isolated/trade/{name}");
        let request = match price {
            Some(price) => {
                Request::put(&path, Body::new().with("id", position.to_string()).with("value", dollars(price)))
            }
            None => Request::delete(&path).query("id", position),
        };
        self.change(request, Priority::Close, |trade| trade.id == position).await
    }
}

#[async_trait]
impl Exchange for LnMarketsAccount {
    async fn fetch_wallet(&self, priority: Priority) -> Result<Wallet, ReadError> {
        let account: AccountWire = self.session.fetch(Some(&self.signer), &Request::get("/account"), priority).await?;
        Ok(account.wallet())
    }

    async fn fetch_running(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut trades = self.list("running", priority).await?;
        trades.retain(Position::is_running);
        Ok(trades)
    }

    async fn fetch_resting(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        let mut trades = self.list("open", priority).await?;
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
            let request = query.apply(Request::get("/futures/isolated/funding-fees")).query("tradeId", position);
            let list: RawList = self.session.fetch(Some(&self.signer), &request, priority).await?;
            let found = page("funding fees", list, |fee: FundingFeeWire| Ok(fee.fee_of(position)))?;
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

    async fn open_position(&self, order: NewPosition) -> Outcome<Position> {
        let NewPosition { side, quantity, leverage, stop_loss, take_profit } = order;
        let times = number(leverage.times(), leverage.millionths(), Leverage::ONE_X);
        let body = Body::new()
            .with("leverage", times)
            .with("quantity", quantity.get())
            .with("side", spelling(side.opening()))
            .with_if("stoploss", stop_loss.map(dollars))
            .with_if("takeprofit", take_profit.map(dollars))
            .with("type", "market");
        let request = Request::post("/futures/isolated/trade", body);
        self.change(request, Priority::Entry, |trade| trade.side == side && trade.quantity == quantity).await
    }

    async fn carry_out(&self, position: PositionId, change: Change, sign_by: Timestamp) -> Outcome<Position> {
        let by = Some(sign_by);
        match change {
            Change::AddMargin { amount } => {
                self.change_by(by, add_margin(position, amount), Priority::Guard, |trade| trade.id == position).await
            }
            Change::Close => {
                let closed = |trade: &Position| trade.id == position && trade.is_closed();
                self.change_by(by, close(position), Priority::Close, closed).await
            }
        }
    }

    async fn close_position(&self, position: PositionId) -> Outcome<Position> {
        self.change(close(position), Priority::Close, |trade| trade.id == position && trade.is_closed()).await
    }

    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.change(add_margin(position, amount), Priority::Guard, |trade| trade.id == position).await
    }

    async fn cash_in(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        let request = Request::post("/futures/isolated/trade/cash-in", amount_for(position, amount));
        self.change(request, Priority::Close, |trade| trade.id == position).await
    }

    async fn set_stop_loss(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.change_stop("stoploss", position, price).await
    }

    async fn set_take_profit(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.change_stop("takeprofit", position, price).await
    }
}

fn add_margin(position: PositionId, amount: Sats) -> Request {
    Request::post("/futures/isolated/trade/add-margin", amount_for(position, amount))
}

fn close(position: PositionId) -> Request {
    Request::post("/futures/isolated/trade/close", Body::new().with("id", position.to_string()))
}

fn amount_for(position: PositionId, amount: Sats) -> Body {
    Body::new().with("amount", amount.get()).with("id", position.to_string())
}

fn dollars(price: Price) -> Value {
    number(price.dollars(), price.ticks(), domain::price::TICKS_PER_DOLLAR)
}

const fn spelling(side: OrderSide) -> &'static str {
    match side {
        OrderSide::Buy => "buy",
        OrderSide::Sell => "sell",
    }
}

const fn ended_at(trade: &Position) -> Option<Timestamp> {
    match trade.state {
        PositionState::Closed { closed_at, .. } => Some(closed_at),
        PositionState::Canceled { canceled_at } => Some(canceled_at),
        PositionState::Resting | PositionState::Running { .. } => None,
    }
}

//! Isolated orders beyond the port: limits, trailing stops, names, cancels.

use super::spelling::{dollars, leverage, share, side};
use super::{LnMarketsAccount, MOST_PAGES, PAGE_ROWS, ended_at};
use crate::client_id::ClientId;
use crate::rest::{Body, ListQuery, RawList, Request, items};
use crate::wire::TradeWire;
use domain::position::NewPosition;
use domain::{Bps, Leverage, NewOrder, OrderSide, Position, PositionId, Price, Quantity, Sats, Timestamp};
use exchange::{Outcome, Priority, ReadError};

/// How large a position is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderSize {
    Quantity(Quantity),
    Margin(Sats),
}

/// Where a losing position is to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopLoss {
    At(Price),
    /// This far behind the best price: 0.1 % to 1,000 %.
    Trailing(Bps),
}

/// An isolated order. One with a price waits until the market comes there, from whichever side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IsolatedOrder {
    pub side: OrderSide,
    pub size: OrderSize,
    pub leverage: Leverage,
    /// `None` takes the market's price.
    pub price: Option<Price>,
    pub stop_loss: Option<StopLoss>,
    pub take_profit: Option<Price>,
    pub client_id: Option<ClientId>,
}

impl IsolatedOrder {
    pub(super) fn request(&self) -> Request {
        Request::post("/futures/isolated/trade", self.body())
    }

    fn body(&self) -> Body {
        let mut body = Body::new().with("leverage", leverage(self.leverage));
        if let OrderSize::Margin(margin) = self.size {
            body = body.with("margin", margin.get());
        }
        body = body.with_if("price", self.price.map(dollars));
        if let OrderSize::Quantity(quantity) = self.size {
            body = body.with("quantity", quantity.get());
        }
        body = body.with("side", side(self.side));
        body = match self.stop_loss {
            Some(StopLoss::At(price)) => body.with("stoploss", dollars(price)),
            Some(StopLoss::Trailing(distance)) => {
                body.with("stoploss", share(distance)).with("stoplossMode", "trailing")
            }
            None => body,
        };
        body.with_if("takeprofit", self.take_profit.map(dollars))
            .with("type", if self.price.is_some() { "limit" } else { "market" })
            .with_if("clientId", self.client_id.as_ref().map(ClientId::as_str))
    }

    /// Whether the venue's answer is about an order such as this one.
    pub(super) fn is_met_by(&self, trade: &Position) -> bool {
        let has_size = match self.size {
            OrderSize::Quantity(quantity) => trade.quantity == quantity,
            OrderSize::Margin(_) => true,
        };
        has_size && trade.side == self.side.opens()
    }
}

fn of_name(trades: Vec<(Option<ClientId>, Position)>, name: &str) -> Option<Position> {
    let is_it = |id: &Option<ClientId>| id.as_ref().is_some_and(|id| id.as_str() == name);
    trades.into_iter().find(|(id, _)| is_it(id)).map(|(_, trade)| trade)
}

impl From<NewOrder> for IsolatedOrder {
    fn from(order: NewOrder) -> IsolatedOrder {
        let NewPosition { side, quantity, leverage, stop_loss, take_profit } = order.position;
        IsolatedOrder {
            side: side.opening(),
            size: OrderSize::Quantity(quantity),
            leverage,
            price: order.limit,
            stop_loss: stop_loss.map(StopLoss::At),
            take_profit,
            client_id: None,
        }
    }
}

impl LnMarketsAccount {
    /// An order with all that the venue offers.
    pub async fn submit_isolated(&self, order: &IsolatedOrder) -> Outcome<Position> {
        self.change_trade(order.request(), Priority::Entry, |trade| order.is_met_by(trade)).await
    }

    /// The isolated trade of this name: among those that run or wait, then among those that have ended since.
    pub(super) async fn find_named(
        &self,
        name: &str,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Option<Position>, ReadError> {
        for list in ["running", "open"] {
            let path = format!("/futures/isolated/trades/{list}");
            let trades = self.list(&path, priority, TradeWire::named).await?;
            if let Some(found) = of_name(trades, name) {
                return Ok(Some(found));
            }
        }
        for list in ["closed", "canceled"] {
            if let Some(found) = self.find_ended(list, name, since, priority).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn find_ended(
        &self,
        list: &str,
        name: &str,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Option<Position>, ReadError> {
        let mut query = ListQuery { limit: Some(PAGE_ROWS), ..ListQuery::default() };
        for _ in 0..MOST_PAGES {
            let request = Request::get(&format!("/futures/isolated/trades/{list}"));
            let found = self.page(request, &query, priority, TradeWire::named).await?;
            let goes_on = found.items.iter().any(|(_, trade)| ended_at(trade).is_some_and(|at| since <= at));
            if let Some(found) = of_name(found.items, name) {
                return Ok(Some(found));
            }
            if !query.advance(found.next)? || !goes_on {
                break;
            }
        }
        Ok(None)
    }

    /// Done with the orders that were canceled; an answer of which a part can't be read proves nothing.
    pub async fn cancel_all_orders(&self) -> Outcome<Vec<Position>> {
        let request = Request::post_bare("/futures/isolated/trades/cancel-all");
        self.change(request, Priority::Close, |list: RawList| {
            let count = list.len();
            items("canceled orders", list, TradeWire::position).ok().filter(|read| read.len() == count)
        })
        .await
    }

    /// A stop that follows the best price at this distance.
    pub async fn set_trailing_stop(&self, position: PositionId, distance: Bps) -> Outcome<Position> {
        let body = Body::new().with("id", position.to_string()).with("value", share(distance)).with("mode", "trailing");
        let request = Request::put("/futures/isolated/trade/stoploss", body);
        self.change_trade(request, Priority::Close, |trade| trade.id == position).await
    }
}

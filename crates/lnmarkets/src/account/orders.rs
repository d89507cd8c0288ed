//! Isolated orders beyond the port: limits, trailing stops, names, cancels.

use super::LnMarketsAccount;
use super::spelling::{dollars, leverage, share, side};
use crate::client_id::ClientId;
use crate::rest::{Body, RawList, Request, items};
use crate::wire::TradeWire;
use domain::position::PositionState;
use domain::{Bps, Leverage, OrderSide, Position, PositionId, Price, Quantity, Sats};
use exchange::{Outcome, Priority};

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
    fn is_met_by(&self, trade: &Position) -> bool {
        let has_size = match self.size {
            OrderSize::Quantity(quantity) => trade.quantity == quantity,
            OrderSize::Margin(_) => true,
        };
        has_size && trade.side == self.side.opens()
    }
}

impl LnMarketsAccount {
    pub async fn submit_order(&self, order: &IsolatedOrder) -> Outcome<Position> {
        let request = Request::post("/futures/isolated/trade", order.body());
        self.change_trade(request, Priority::Entry, |trade| order.is_met_by(trade)).await
    }

    pub async fn cancel_order(&self, order: PositionId) -> Outcome<Position> {
        let request = Request::post("/futures/isolated/trade/cancel", Body::new().with("id", order.to_string()));
        let is_canceled = |trade: &Position| matches!(trade.state, PositionState::Canceled { .. });
        self.change_trade(request, Priority::Close, |trade| trade.id == order && is_canceled(trade)).await
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

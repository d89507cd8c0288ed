//! Cross margin: one position for the whole account.

use super::LnMarketsAccount;
use super::spelling::{dollars, side};
use crate::client_id::ClientId;
use crate::rest::{Body, ListQuery, Page, RawList, Request, items};
use crate::wire::{
    CrossFundingFee, CrossFundingWire, CrossOrder, CrossOrderState, CrossOrderWire, CrossPosition, CrossPositionWire,
    CrossTransfer, CrossTransferWire,
};
use domain::{OrderSide, Price, Sats};
use exchange::{Outcome, Priority, ReadError};
use uuid::Uuid;

/// An order in cross margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCrossOrder {
    pub side: OrderSide,
    /// US dollars, from 1 on.
    pub quantity: u32,
    /// `None` takes the market's price.
    pub price: Option<Price>,
    pub client_id: Option<ClientId>,
}

impl NewCrossOrder {
    fn body(&self) -> Body {
        Body::new()
            .with("type", if self.price.is_some() { "limit" } else { "market" })
            .with("side", side(self.side))
            .with_if("price", self.price.map(dollars))
            .with("quantity", self.quantity)
            .with_if("clientId", self.client_id.as_ref().map(ClientId::as_str))
    }
}

impl LnMarketsAccount {
    pub async fn fetch_cross_position(&self, priority: Priority) -> Result<CrossPosition, ReadError> {
        let position: CrossPositionWire = self.fetch(Request::get("/futures/cross/position"), priority).await?;
        position.position().map_err(|reason| ReadError::Malformed(reason.to_owned()))
    }

    pub async fn fetch_cross_open_orders(&self, priority: Priority) -> Result<Vec<CrossOrder>, ReadError> {
        self.list("/futures/cross/orders/open", priority, CrossOrderWire::order).await
    }

    pub async fn fetch_cross_filled_orders(
        &self,
        query: &ListQuery,
        priority: Priority,
    ) -> Result<Page<CrossOrder>, ReadError> {
        self.page(Request::get("/futures/cross/orders/filled"), query, priority, CrossOrderWire::order).await
    }

    pub async fn fetch_cross_transfers(
        &self,
        query: &ListQuery,
        priority: Priority,
    ) -> Result<Page<CrossTransfer>, ReadError> {
        self.page(Request::get("/futures/cross/transfers"), query, priority, CrossTransferWire::transfer).await
    }

    pub async fn fetch_cross_funding_fees(
        &self,
        query: &ListQuery,
        priority: Priority,
    ) -> Result<Page<CrossFundingFee>, ReadError> {
        self.page(Request::get("/futures/cross/funding-fees"), query, priority, CrossFundingWire::fee).await
    }

    pub async fn submit_cross_order(&self, order: &NewCrossOrder) -> Outcome<CrossOrder> {
        let request = Request::post("/futures/cross/order", order.body());
        let is_it = |made: &CrossOrder| made.side == order.side && made.quantity == i64::from(order.quantity);
        self.change_cross_order(request, Priority::Entry, is_it).await
    }

    pub async fn cancel_cross_order(&self, order: Uuid) -> Outcome<CrossOrder> {
        let request = Request::post("/futures/cross/order/cancel", Body::new().with("id", order.to_string()));
        let is_it = |made: &CrossOrder| made.id == order && matches!(made.state, CrossOrderState::Canceled { .. });
        self.change_cross_order(request, Priority::Close, is_it).await
    }

    /// Done with the orders that were canceled; an answer of which a part can't be read proves nothing.
    pub async fn cancel_all_cross_orders(&self) -> Outcome<Vec<CrossOrder>> {
        let request = Request::post_bare("/futures/cross/orders/cancel-all");
        self.change(request, Priority::Close, |list: RawList| {
            let count = list.len();
            items("canceled orders", list, CrossOrderWire::order).ok().filter(|read| read.len() == count)
        })
        .await
    }

    /// Done with the order that closed it.
    pub async fn close_cross_position(&self) -> Outcome<CrossOrder> {
        let request = Request::post_bare("/futures/cross/position/close");
        let is_filled = |made: &CrossOrder| matches!(made.state, CrossOrderState::Filled { .. });
        self.change_cross_order(request, Priority::Close, is_filled).await
    }

    pub async fn set_cross_leverage(&self, times: u8) -> Outcome<CrossPosition> {
        let request = Request::put("/futures/cross/leverage", Body::new().with("leverage", times));
        self.change_cross_position(request, Priority::Close).await
    }

    /// From the wallet into cross margin.
    pub async fn deposit_to_cross(&self, amount: Sats) -> Outcome<CrossPosition> {
        let request = Request::post("/futures/cross/deposit", Body::new().with("amount", amount.get()));
        self.change_cross_position(request, Priority::Guard).await
    }

    /// From cross margin into the wallet.
    pub async fn withdraw_from_cross(&self, amount: Sats) -> Outcome<CrossPosition> {
        let request = Request::post("/futures/cross/withdraw", Body::new().with("amount", amount.get()));
        self.change_cross_position(request, Priority::Close).await
    }

    async fn change_cross_order(
        &self,
        request: Request,
        priority: Priority,
        is_it: impl Fn(&CrossOrder) -> bool,
    ) -> Outcome<CrossOrder> {
        self.change(request, priority, |order: CrossOrderWire| order.order().ok().filter(is_it)).await
    }

    async fn change_cross_position(&self, request: Request, priority: Priority) -> Outcome<CrossPosition> {
        self.change(request, priority, |position: CrossPositionWire| position.position().ok()).await
    }
}

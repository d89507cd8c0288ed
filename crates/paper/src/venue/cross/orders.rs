//! Orders for the cross position. Each call either does all of it or refuses and changes nothing.

use super::{CrossOrder, CrossOrderKind, CrossOrderState};
use crate::audit::CallKind;
use crate::venue::account::Account;
use crate::venue::depth::Quotes;
use crate::venue::event::{CrossOrderEvent, CrossPositionEvent, Event};
use crate::venue::orders::check_client_id;
use crate::venue::trade::Approach;
use crate::venue::{Venue, refusal};
use domain::{AccountId, OrderSide, PositionId, Price, Quantity, Sats, Side, Tick};
use engine::contract::cross::{Contracts, initial_margin};
use exchange::Rejection;
use uuid::Uuid;

/// Open orders that one account may have.
const MOST_OPEN: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossOrderRequest {
    pub side: OrderSide,
    pub quantity: Quantity,
    /// `None`: at market.
    pub limit: Option<Price>,
    pub client_id: Option<String>,
}

impl Venue {
    /// Fills an order at market, or places one that rests on either side of it.
    pub fn cross_order(&mut self, account: AccountId, request: CrossOrderRequest) -> Result<CrossOrder, Rejection> {
        check_client_id(request.client_id.as_deref())?;
        let (tick, quotes) = self.market()?;
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        let contracts = Contracts::from(request.quantity);
        let market = quotes.entry(request.side.opens(), contracts.get());
        let price = request.limit.unwrap_or(market);
        let order = CrossOrder {
            id: Uuid::nil(),
            kind: request.limit.map_or(CrossOrderKind::Market, |_| CrossOrderKind::Limit),
            side: request.side,
            contracts,
            price,
            fee: Sats::ZERO,
            created_at: tick.at,
            state: CrossOrderState::Open,
            client_id: request.client_id,
            approach: Approach::of(market, price),
        };
        if request.limit.is_none() {
            return self.fill_at_market(account, order, &tick, &quotes);
        }
        owner.check_cross_limit(&order, &quotes)?;
        self.place(account, order, &quotes)
    }

    /// Closes the position with a market order.
    pub fn cross_close(&mut self, account: AccountId) -> Result<CrossOrder, Rejection> {
        let (tick, quotes) = self.market()?;
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        let position = owner.cross.position.ok_or_else(|| refusal::bad_request("There is no position to close"))?;
        let order = CrossOrder {
            id: Uuid::nil(),
            kind: CrossOrderKind::Market,
            side: closing(position.side),
            contracts: position.contracts,
            price: quotes.exit(position.side, position.contracts.get()),
            fee: Sats::ZERO,
            created_at: tick.at,
            state: CrossOrderState::Open,
            client_id: None,
            approach: Approach::Above,
        };
        self.fill_at_market(account, order, &tick, &quotes)
    }

    pub fn cross_cancel(&mut self, account: AccountId, order: Uuid) -> Result<CrossOrder, Rejection> {
        let (tick, quotes) = self.market()?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let index = owner.cross.open.iter().position(|open| open.id == order);
        let index = index.ok_or_else(|| refusal::bad_request("Order is not open"))?;
        let open = owner.cross.open.remove(index);
        owner.cross.updated_at = tick.at;
        let canceled = CrossOrder { state: CrossOrderState::Canceled { at: tick.at }, ..open };
        let told = canceled.clone();
        self.journal.tell(account, || Event::CrossOrder { happened: CrossOrderEvent::Canceled, order: told });
        owner.tell_cross(CrossPositionEvent::Cancel, &quotes, &mut self.journal);
        self.record(CallKind::CrossCancel, account, PositionId::from_uuid(order), None);
        Ok(canceled)
    }

    /// Cancels all open orders, the oldest first.
    pub fn cross_cancel_all(&mut self, account: AccountId) -> Result<Vec<CrossOrder>, Rejection> {
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        let ids: Vec<Uuid> = owner.cross.open.iter().map(|order| order.id).collect();
        ids.into_iter().map(|id| self.cross_cancel(account, id)).collect()
    }

    fn fill_at_market(
        &mut self,
        account: AccountId,
        mut order: CrossOrder,
        tick: &Tick,
        quotes: &Quotes,
    ) -> Result<CrossOrder, Rejection> {
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let (price, tier) = (order.price, owner.fee_tier(tick.at));
        let fill = owner.cross.fill(&order, price, tier)?;
        order.id = self.ids.uuid();
        let filled = owner.book_cross(fill, order, price, tick.at, &mut self.journal);
        let told = filled.clone();
        self.journal.tell(account, || Event::CrossOrder { happened: CrossOrderEvent::New, order: told });
        owner.tell_cross(CrossPositionEvent::New, quotes, &mut self.journal);
        self.record(CallKind::CrossOrder, account, PositionId::from_uuid(filled.id), None);
        Ok(filled)
    }

    fn place(&mut self, account: AccountId, order: CrossOrder, quotes: &Quotes) -> Result<CrossOrder, Rejection> {
        let order = CrossOrder { id: self.ids.uuid(), ..order };
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        owner.cross.open.push(order.clone());
        owner.cross.updated_at = order.created_at;
        let told = order.clone();
        self.journal.tell(account, || Event::CrossOrder { happened: CrossOrderEvent::New, order: told });
        owner.tell_cross(CrossPositionEvent::New, quotes, &mut self.journal);
        self.record(CallKind::CrossOrder, account, PositionId::from_uuid(order.id), None);
        Ok(order)
    }

    pub(in crate::venue) fn market(&self) -> Result<(Tick, Quotes), Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        Ok((tick, Quotes::of(&tick, self.rules.depth)))
    }
}

impl Account {
    /// The venue does not tell what a resting order has to be backed by; here, by what it would bind.
    fn check_cross_limit(&self, order: &CrossOrder, quotes: &Quotes) -> Result<(), Rejection> {
        if MOST_OPEN <= self.cross.open.len() {
            return Err(refusal::bad_request(format!("At most {MOST_OPEN} open orders")));
        }
        let market = self.cross.position.map(|held| quotes.exit(held.side, held.contracts.get()));
        let bound = initial_margin(order.contracts, order.price, self.cross.leverage);
        if !self.cross.reduces(order) && self.cross.free(market) < bound {
            return Err(refusal::bad_request("Insufficient margin"));
        }
        Ok(())
    }
}

pub(super) const fn closing(side: Side) -> OrderSide {
    match side {
        Side::Long => OrderSide::Sell,
        Side::Short => OrderSide::Buy,
    }
}

//! Orders for isolated trades. Each call either does all of it or refuses and changes nothing.

use super::depth::Quotes;
use super::event::{Event, TradeEvent};
use super::quote::Quote;
use super::trade::{CloseReason, NewTrade, Order, Trade};
use super::{Venue, refusal};
use crate::audit::CallKind;
use domain::{AccountId, PositionId};
use exchange::Rejection;

impl Venue {
    /// Opens a trade at market: a long at the ask, a short at the bid.
    pub fn open(&mut self, account: AccountId, order: Order) -> Result<Trade, Rejection> {
        self.submit(account, order.into())
    }

    /// Opens a trade at market, or places a limit order that rests on either side of it.
    pub fn submit(&mut self, account: AccountId, new: NewTrade) -> Result<Trade, Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        let quotes = Quotes::of(&tick, self.rules.depth);
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        check_client_id(new.order.client_id.as_deref())?;
        let quote = Quote::of(&new, &quotes)?;
        if self.rules.max_positions <= owner.running.len().saturating_add(owner.resting.len()) {
            return Err(refusal::bad_request(format!("At most {} running trades", self.rules.max_positions)));
        }
        quote.check_stops(&new.order)?;
        let balance = owner.balance.checked_sub(quote.debit()?).map_err(refusal::too_large)?;
        if balance.is_negative() {
            return Err(refusal::insufficient_balance());
        }

        owner.balance = balance;
        quote.book(account, &mut self.journal.books);
        let id = PositionId::from_uuid(self.ids.uuid());
        let mut trade = quote.trade(id, &new, tick.at);
        let kind = if new.limit.is_some() {
            owner.resting.push(trade.clone());
            self.journal.tell(account, || Event::Trade { happened: TradeEvent::Open, trade: trade.clone() });
            CallKind::Place
        } else {
            trade.start_trailing(&quotes);
            trade = owner.fill(trade, tick.at, &mut self.journal);
            CallKind::Open
        };
        self.record(kind, account, id, Some(trade.position.margin));
        Ok(self.marked(&trade))
    }

    /// Closes a running trade at market.
    pub fn close(&mut self, account: AccountId, position: PositionId) -> Result<Trade, Rejection> {
        let depth = self.rules.depth;
        let (tick, owner, journal, index) = self.running_trade(account, position)?;
        let quotes = Quotes::of(&tick, depth);
        let trade = owner.running.get(index).map(|trade| trade.position);
        let exit = trade.map_or(tick.last, |position| quotes.exit(position.side, position.quantity.get()));
        let (trade, credit) =
            owner.settle(index, exit, tick.at, CloseReason::Manual, journal).map_err(refusal::too_large)?;
        self.record(CallKind::Close, account, position, Some(credit));
        Ok(trade)
    }

    /// Cancels a limit order.
    pub fn cancel(&mut self, account: AccountId, position: PositionId) -> Result<Trade, Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let index = owner.find_resting(position)?;
        let trade = owner.cancel(index, tick.at, &mut self.journal).map_err(refusal::too_large)?;
        self.record(CallKind::Cancel, account, position, None);
        Ok(trade)
    }

    /// Cancels all limit orders, the oldest first.
    pub fn cancel_all(&mut self, account: AccountId) -> Result<Vec<Trade>, Rejection> {
        let owner = self.accounts.get(&account).ok_or_else(refusal::unknown_account)?;
        let ids: Vec<PositionId> = owner.resting.iter().map(|trade| trade.position.id).collect();
        ids.into_iter().map(|id| self.cancel(account, id)).collect()
    }
}

impl Trade {
    /// Puts a trailing stop where the market is now.
    pub(super) fn start_trailing(&mut self, quotes: &Quotes) {
        let (side, dollars) = (self.position.side, self.position.quantity.get());
        if let Some(distance) = self.trailing {
            self.position.stop_loss = distance.stop(side, quotes.exit(side, dollars));
        }
    }
}

pub(super) fn check_client_id(client_id: Option<&str>) -> Result<(), Rejection> {
    match client_id.map(|id| id.chars().count()) {
        None | Some(1..=64) => Ok(()),
        Some(_) => Err(refusal::bad_request("clientId must have 1 to 64 characters")),
    }
}

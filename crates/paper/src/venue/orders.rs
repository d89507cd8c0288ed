//! What a trader can ask of the venue. Each call either does all of it or refuses and changes nothing.

use super::account::Account;
use super::stops::Ground;
use super::trade::{CloseReason, Order, Size, Trade};
use super::{Venue, entry_price, exit_price, refusal};
use crate::audit::CallKind;
use crate::books::{Books, Pot};
use domain::position::PositionState;
use domain::{AccountId, Leverage, Position, PositionId, Price, Quantity, Sats, Tick};
use engine::contract::{self, FeeReserve};
use exchange::Rejection;

impl Venue {
    /// Opens a trade at market: a long at the ask, a short at the bid.
    pub fn open(&mut self, account: AccountId, order: Order) -> Result<Trade, Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        check_client_id(order.client_id.as_deref())?;
        let filled = Filled::at_market(&order, &tick, owner.fee_tier)?;
        if self.rules.max_positions <= owner.running.len() {
            return Err(refusal::bad_request(format!("At most {} running trades", self.rules.max_positions)));
        }
        filled.check_stops(&order, exit_price(&tick, order.side))?;
        let debit = filled.margin.checked_add(filled.reserve.total()).map_err(refusal::too_large)?;
        let balance = owner.balance.checked_sub(debit).map_err(refusal::too_large)?;
        if balance.is_negative() {
            return Err(refusal::insufficient_balance());
        }

        owner.balance = balance;
        filled.book(account, &mut self.books);
        let id = PositionId::from_uuid(self.ids.uuid());
        let trade = filled.trade(id, &order, &tick);
        owner.running.push(trade.clone());
        self.record(CallKind::Open, account, id, Some(trade.position.margin));
        Ok(self.marked(&trade))
    }

    /// Closes a running trade at market.
    pub fn close(&mut self, account: AccountId, position: PositionId) -> Result<Trade, Rejection> {
        let (tick, owner, books, index) = self.running_trade(account, position)?;
        let exit = owner.running.get(index).map(|trade| exit_price(&tick, trade.position.side)).unwrap_or(tick.last);
        let (trade, credit) =
            owner.settle(index, exit, tick.at, CloseReason::Manual, books).map_err(refusal::too_large)?;
        self.record(CallKind::Close, account, position, Some(credit));
        Ok(trade)
    }

    /// Cancels a limit order. There are none here, so it only says why not.
    pub fn cancel(&mut self, account: AccountId, position: PositionId) -> Result<Trade, Rejection> {
        self.running_trade(account, position)?;
        Err(refusal::bad_request("Trade is not open"))
    }

    /// Moves sats from the wallet to a running trade's margin; no fee is taken.
    pub fn add_margin(&mut self, account: AccountId, position: PositionId, amount: Sats) -> Result<Trade, Rejection> {
        check_amount(amount)?;
        let (_, owner, books, index) = self.running_trade(account, position)?;
        let Account { running, balance, .. } = owner;
        let trade = running.get_mut(index).ok_or_else(refusal::not_yet)?;
        let Position { side, quantity, entry, margin, .. } = trade.position;
        let terms = contract::after_add_margin(side, quantity, entry, margin, amount).map_err(refusal::add_margin)?;
        let left = balance.checked_sub(amount).map_err(refusal::too_large)?;
        if left.is_negative() {
            return Err(refusal::insufficient_balance());
        }
        *balance = left;
        trade.take_terms(terms);
        books.post(Pot::Wallet(account), Pot::Margin(account), amount);
        let trade = trade.clone();
        self.record(CallKind::AddMargin, account, position, Some(amount));
        Ok(self.marked(&trade))
    }

    /// Moves sats from a running trade to the wallet: from its profit first, then from its margin. A stop-loss that
    /// the new liquidation has passed is dropped.
    pub fn cash_in(&mut self, account: AccountId, position: PositionId, amount: Sats) -> Result<Trade, Rejection> {
        check_amount(amount)?;
        let (tick, owner, books, index) = self.running_trade(account, position)?;
        let Account { running, balance, .. } = owner;
        let trade = running.get_mut(index).ok_or_else(refusal::not_yet)?;
        let Position { side, quantity, entry, margin, .. } = trade.position;
        let market = exit_price(&tick, side);
        let terms = contract::after_cash_in(side, quantity, entry, margin, market, amount).map_err(refusal::cash_in)?;
        let from_margin = margin.checked_sub(terms.margin).map_err(refusal::too_large)?;
        let from_profit = amount.checked_sub(from_margin).map_err(refusal::too_large)?;
        let of_margin = trade.position.cashed_in_margin.checked_add(from_margin).map_err(refusal::too_large)?;
        let of_profit = trade.position.cashed_in_pnl.checked_add(from_profit).map_err(refusal::too_large)?;
        *balance = balance.checked_add(amount).map_err(refusal::too_large)?;

        trade.take_terms(terms);
        trade.position.cashed_in_margin = of_margin;
        trade.position.cashed_in_pnl = of_profit;
        let passed = trade.position.stop_loss.is_some_and(|stop| trade.has_fallen_to(stop, terms.liquidation));
        if passed && trade.position.stop_loss != Some(terms.liquidation) {
            trade.position.stop_loss = None;
        }
        books.post(Pot::Margin(account), Pot::Wallet(account), from_margin);
        books.post(Pot::House, Pot::Wallet(account), from_profit);
        let trade = trade.clone();
        self.record(CallKind::CashIn, account, position, Some(amount));
        Ok(self.marked(&trade))
    }

    /// Sets or, with `None`, removes the stop-loss. Refused when it is so already.
    pub fn set_stop_loss(
        &mut self,
        account: AccountId,
        position: PositionId,
        price: Option<Price>,
    ) -> Result<Trade, Rejection> {
        self.change_stops(account, position, CallKind::StopLoss, |stops, ground| {
            price.map_or(Ok(()), |price| ground.check_stop_loss(price))?;
            match std::mem::replace(&mut stops.stop_loss, price) == price {
                true => Err(refusal::bad_request("Stoploss is already set to this value")),
                false => Ok(()),
            }
        })
    }

    /// Sets or, with `None`, removes the take-profit. Refused when it is so already.
    pub fn set_take_profit(
        &mut self,
        account: AccountId,
        position: PositionId,
        price: Option<Price>,
    ) -> Result<Trade, Rejection> {
        self.change_stops(account, position, CallKind::TakeProfit, |stops, ground| {
            price.map_or(Ok(()), |price| ground.check_take_profit(price))?;
            match std::mem::replace(&mut stops.take_profit, price) == price {
                true => Err(refusal::bad_request("Takeprofit is already set to this value")),
                false => Ok(()),
            }
        })
    }

    fn change_stops(
        &mut self,
        account: AccountId,
        position: PositionId,
        kind: CallKind,
        change: impl FnOnce(&mut Position, Ground) -> Result<(), Rejection>,
    ) -> Result<Trade, Rejection> {
        let (tick, owner, _, index) = self.running_trade(account, position)?;
        let trade = owner.running.get_mut(index).ok_or_else(refusal::not_yet)?;
        let Position { side, liquidation, .. } = trade.position;
        let market = exit_price(&tick, side);
        let mut changed = trade.position;
        change(&mut changed, Ground { side, liquidation, lowest: market, highest: market })?;
        trade.position = changed;
        let trade = trade.clone();
        self.record(kind, account, position, None);
        Ok(self.marked(&trade))
    }

    /// The newest tick, the account, the books, and where in the account the trade stands.
    fn running_trade(
        &mut self,
        account: AccountId,
        position: PositionId,
    ) -> Result<(Tick, &mut Account, &mut Books, usize), Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let index = owner.find_running(position)?;
        Ok((tick, owner, &mut self.books, index))
    }
}

fn check_amount(amount: Sats) -> Result<(), Rejection> {
    if amount.is_positive() { Ok(()) } else { Err(refusal::bad_request("Amount must be positive")) }
}

fn check_client_id(client_id: Option<&str>) -> Result<(), Rejection> {
    match client_id.map(|id| id.chars().count()) {
        None | Some(1..=64) => Ok(()),
        Some(_) => Err(refusal::bad_request("clientId must have 1 to 64 characters")),
    }
}

/// A market order with all that its fill comes to.
struct Filled {
    entry: Price,
    quantity: Quantity,
    margin: Sats,
    liquidation: Price,
    reserve: FeeReserve,
    opening_fee: Sats,
}

impl Filled {
    fn at_market(order: &Order, tick: &Tick, fee_tier: u8) -> Result<Filled, Rejection> {
        let leverage = Leverage::for_order(order.leverage.millionths())
            .map_err(|error| refusal::bad_request(error.to_string()))?;
        let entry = entry_price(tick, order.side);
        let (quantity, margin) = match order.size {
            Size::Quantity(quantity) => (quantity, contract::margin_for(quantity, entry, leverage)),
            Size::Margin(margin) => {
                let quantity = contract::quantity_for(margin, entry, leverage);
                (quantity.ok_or_else(|| refusal::bad_request("Quantity must be from 1 to 500000"))?, margin)
            }
        };
        let liquidation = contract::liquidation_at_leverage(order.side, quantity, entry, leverage);
        let reserve = contract::fee_reserve(quantity, entry, liquidation);
        let opening_fee = contract::fee(contract::fee_rate(fee_tier), quantity, entry);
        Ok(Filled { entry, quantity, margin, liquidation, reserve, opening_fee })
    }

    fn check_stops(&self, order: &Order, market: Price) -> Result<(), Rejection> {
        let (lowest, highest) = (market.min(self.entry), market.max(self.entry));
        let ground = Ground { side: order.side, liquidation: self.liquidation, lowest, highest };
        order.stop_loss.map_or(Ok(()), |price| ground.check_stop_loss(price))?;
        order.take_profit.map_or(Ok(()), |price| ground.check_take_profit(price))
    }

    fn book(&self, account: AccountId, books: &mut Books) {
        books.post(Pot::Wallet(account), Pot::Margin(account), self.margin);
        books.post(Pot::Wallet(account), Pot::FeeReserve(account), self.reserve.total());
        books.post(Pot::FeeReserve(account), Pot::Fees, self.opening_fee);
    }

    fn trade(&self, id: PositionId, order: &Order, tick: &Tick) -> Trade {
        let reserve_left = self.reserve.total().get().saturating_sub(self.opening_fee.get());
        let position = Position {
            id,
            side: order.side,
            quantity: self.quantity,
            margin: self.margin,
            leverage: order.leverage,
            entry: self.entry,
            liquidation: self.liquidation,
            stop_loss: order.stop_loss,
            take_profit: order.take_profit,
            fee_reserve: Sats::new(reserve_left),
            pnl: Sats::ZERO,
            opening_fee: self.opening_fee,
            closing_fee: Sats::ZERO,
            funding: Sats::ZERO,
            cashed_in_margin: Sats::ZERO,
            cashed_in_pnl: Sats::ZERO,
            state: PositionState::Running { filled_at: tick.at },
            created_at: tick.at,
        };
        Trade {
            position,
            entry_price: self.entry,
            entry_margin: self.margin,
            filled_at: tick.at,
            client_id: order.client_id.clone(),
            close_reason: None,
        }
    }
}

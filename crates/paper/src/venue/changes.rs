//! What a trader can change of a trade. Each call either does all of it or refuses and changes nothing.

use super::account::Account;
use super::depth::Quotes;
use super::journal::Journal;
use super::stops::Ground;
use super::trade::Trade;
use super::trailing::TrailingDistance;
use super::{Venue, refusal};
use crate::audit::CallKind;
use crate::books::Pot;
use domain::{AccountId, Position, PositionId, Price, Sats, Tick};
use engine::contract;
use exchange::Rejection;

impl Venue {
    /// Moves sats from the wallet to a running trade's margin; no fee is taken.
    pub fn add_margin(&mut self, account: AccountId, position: PositionId, amount: Sats) -> Result<Trade, Rejection> {
        check_amount(amount)?;
        let (_, owner, journal, index) = self.running_trade(account, position)?;
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
        journal.books.post(Pot::Wallet(account), Pot::Margin(account), amount);
        let trade = trade.clone();
        self.record(CallKind::AddMargin, account, position, Some(amount));
        Ok(self.marked(&trade))
    }

    /// Moves sats from a running trade to the wallet: from its profit first, then from its margin. A stop-loss that
    /// the new liquidation has passed is dropped.
    pub fn cash_in(&mut self, account: AccountId, position: PositionId, amount: Sats) -> Result<Trade, Rejection> {
        check_amount(amount)?;
        let depth = self.rules.depth;
        let (tick, owner, journal, index) = self.running_trade(account, position)?;
        let Account { running, balance, .. } = owner;
        let trade = running.get_mut(index).ok_or_else(refusal::not_yet)?;
        let Position { side, quantity, entry, margin, .. } = trade.position;
        let market = Quotes::of(&tick, depth).exit(side, quantity.get());
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
            trade.trailing = None;
        }
        journal.books.post(Pot::Margin(account), Pot::Wallet(account), from_margin);
        journal.books.post(Pot::House, Pot::Wallet(account), from_profit);
        let trade = trade.clone();
        self.record(CallKind::CashIn, account, position, Some(amount));
        Ok(self.marked(&trade))
    }

    /// Sets or, with `None`, removes the stop-loss, fixed or trailing. Refused when it is so already.
    pub fn set_stop_loss(
        &mut self,
        account: AccountId,
        position: PositionId,
        price: Option<Price>,
    ) -> Result<Trade, Rejection> {
        self.change_stops(account, position, CallKind::StopLoss, |trade, ground| {
            price.map_or(Ok(()), |price| ground.check_stop_loss(price))?;
            if trade.trailing.is_none() && trade.position.stop_loss == price {
                return Err(refusal::bad_request("Stoploss is already set to this value"));
            }
            trade.position.stop_loss = price;
            trade.trailing = None;
            Ok(())
        })
    }

    /// Lets the stop-loss follow the price. Refused when it does so at this distance already.
    pub fn set_trailing_stop(
        &mut self,
        account: AccountId,
        position: PositionId,
        distance: TrailingDistance,
    ) -> Result<Trade, Rejection> {
        self.change_stops(account, position, CallKind::TrailingStop, |trade, ground| {
            if trade.trailing == Some(distance) {
                return Err(refusal::bad_request("Stoploss is already set to this value"));
            }
            trade.trailing = Some(distance);
            // A limit order's stop begins to follow when it is filled.
            let runs = trade.position.is_running();
            trade.position.stop_loss = if runs { distance.stop(trade.position.side, ground.lowest) } else { None };
            Ok(())
        })
    }

    /// Sets or, with `None`, removes the take-profit. Refused when it is so already.
    pub fn set_take_profit(
        &mut self,
        account: AccountId,
        position: PositionId,
        price: Option<Price>,
    ) -> Result<Trade, Rejection> {
        self.change_stops(account, position, CallKind::TakeProfit, |trade, ground| {
            price.map_or(Ok(()), |price| ground.check_take_profit(price))?;
            match std::mem::replace(&mut trade.position.take_profit, price) == price {
                true => Err(refusal::bad_request("Takeprofit is already set to this value")),
                false => Ok(()),
            }
        })
    }

    /// Changes a running trade against the market, or a limit order against its own price.
    fn change_stops(
        &mut self,
        account: AccountId,
        position: PositionId,
        kind: CallKind,
        change: impl FnOnce(&mut Trade, Ground) -> Result<(), Rejection>,
    ) -> Result<Trade, Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        let quotes = Quotes::of(&tick, self.rules.depth);
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let refused = owner.why_not(position, "Trade is not running");
        let all = owner.running.iter_mut().chain(&mut owner.resting);
        let trade = all.into_iter().find(|trade| trade.position.id == position).ok_or(refused)?;
        let Position { side, liquidation, quantity, entry, .. } = trade.position;
        let market = if trade.position.is_running() { quotes.exit(side, quantity.get()) } else { entry };
        let mut changed = trade.clone();
        change(&mut changed, Ground { side, liquidation, lowest: market, highest: market })?;
        *trade = changed.clone();
        self.record(kind, account, position, None);
        Ok(self.marked(&changed))
    }

    /// The newest tick, the account, the journal, and where in the account the trade stands.
    pub(super) fn running_trade(
        &mut self,
        account: AccountId,
        position: PositionId,
    ) -> Result<(Tick, &mut Account, &mut Journal, usize), Rejection> {
        let tick = self.tick.ok_or_else(refusal::not_yet)?;
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        let index = owner.find_running(position)?;
        Ok((tick, owner, &mut self.journal, index))
    }
}

pub(super) fn check_amount(amount: Sats) -> Result<(), Rejection> {
    if amount.is_positive() { Ok(()) } else { Err(refusal::bad_request("Amount must be positive")) }
}

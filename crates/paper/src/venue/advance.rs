//! What the market does to the trades when the price moves.

use super::account::{Account, FundingRow, Settlement};
use super::trade::{CloseReason, Trade};
use super::{Venue, exit_price, next_funding};
use crate::books::{Books, Pot};
use domain::position::FundingFee;
use domain::{Leverage, Overflow, Position, Price, Tick, Timestamp};
use engine::contract;

impl Venue {
    /// Moves the market: settles the funding that fell due since the last tick, then liquidates, then stops losses,
    /// then takes profits. A tick older than the last one changes nothing.
    ///
    /// An error means that a sum left the range of 64 bits; the trade concerned stays as it was.
    pub fn on_tick(&mut self, tick: Tick) -> Result<(), Overflow> {
        let last = self.tick.map(|last| last.at);
        if last.is_some_and(|last| tick.at < last) {
            return Ok(());
        }
        self.tick = Some(tick);
        let mut outcome = Ok(());
        let mut due = last.map(next_funding);
        while let Some(at) = due.filter(|due| *due <= tick.at) {
            outcome = outcome.and(self.settle_funding(at, &tick));
            due = Some(next_funding(at));
        }
        for account in self.accounts.values_mut() {
            outcome = outcome.and(account.end_trades(&tick, &mut self.books));
        }
        outcome
    }

    fn settle_funding(&mut self, at: Timestamp, tick: &Tick) -> Result<(), Overflow> {
        let fixing = tick.index.unwrap_or(tick.last);
        let settlement = Settlement { id: self.ids.uuid(), at, rate: self.rules.funding_rate, fixing };
        self.settlements.push(settlement);
        let mut outcome = Ok(());
        for account in self.accounts.values_mut() {
            outcome = outcome.and(account.settle_funding(&settlement, tick, &mut self.books));
        }
        outcome
    }
}

impl Account {
    /// Ends every trade whose level the price has reached.
    fn end_trades(&mut self, tick: &Tick, books: &mut Books) -> Result<(), Overflow> {
        let mut outcome = Ok(());
        for index in (0..self.running.len()).rev() {
            let ending = self.running.get(index).and_then(|trade| ending(trade, tick));
            if let Some((exit, reason)) = ending {
                outcome = outcome.and(self.settle(index, exit, tick.at, reason, books).map(|_| ()));
            }
        }
        outcome
    }

    fn settle_funding(&mut self, settlement: &Settlement, tick: &Tick, books: &mut Books) -> Result<(), Overflow> {
        let mut outcome = Ok(());
        for index in (0..self.running.len()).rev() {
            outcome = outcome.and(self.settle_funding_of(index, settlement, tick, books));
        }
        outcome
    }

    /// A payer's fee leaves the margin, which moves the liquidation; a receiver's fee goes to the wallet. A margin that
    /// can't bear the fee ends the trade at market.
    fn settle_funding_of(
        &mut self,
        index: usize,
        settlement: &Settlement,
        tick: &Tick,
        books: &mut Books,
    ) -> Result<(), Overflow> {
        let Some(trade) = self.running.get_mut(index) else { return Ok(()) };
        let Position { id, side, quantity, entry, margin, .. } = trade.position;
        let fee = contract::funding_fee(side, quantity, settlement.rate, settlement.fixing);
        let funding = trade.position.funding.checked_add(fee)?;
        let exit = exit_price(tick, side);
        if fee.is_positive() {
            let Some(terms) = contract::after_funding(side, quantity, entry, margin, fee) else {
                return self.settle(index, exit, tick.at, CloseReason::Funding, books).map(|_| ());
            };
            trade.take_terms(terms);
            books.post(Pot::Margin(self.id), Pot::Funding, fee);
        } else {
            self.balance = self.balance.checked_sub(fee)?;
            books.post(Pot::Wallet(self.id), Pot::Funding, fee);
        }
        trade.position.funding = funding;
        let bearable = trade.position.leverage <= Leverage::MAX;
        self.funding
            .push(FundingRow { fee: FundingFee { position: id, at: settlement.at, fee }, settlement: settlement.id });
        if bearable {
            return Ok(());
        }
        self.settle(index, exit, tick.at, CloseReason::Funding, books).map(|_| ())
    }
}

/// At which price a trade ends with this tick, if it does. A liquidation takes place at its own price, where profit
/// and margin cancel out; stops fill at the market.
fn ending(trade: &Trade, tick: &Tick) -> Option<(Price, CloseReason)> {
    let Position { side, liquidation, stop_loss, take_profit, .. } = trade.position;
    let exit = exit_price(tick, side);
    if trade.has_fallen_to(exit, liquidation) {
        return Some((liquidation, CloseReason::Liquidation));
    }
    if stop_loss.is_some_and(|level| trade.has_fallen_to(exit, level)) {
        return Some((exit, CloseReason::StopLoss));
    }
    take_profit.is_some_and(|level| trade.has_risen_to(exit, level)).then_some((exit, CloseReason::TakeProfit))
}

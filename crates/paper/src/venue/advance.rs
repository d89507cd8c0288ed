//! What the market does to the trades when the price moves.

use super::account::{Account, FundingRow, Settlement};
use super::depth::Quotes;
use super::event::{Event, TradeEvent};
use super::journal::Journal;
use super::trade::{CloseReason, Trade};
use super::{Venue, next_funding};
use crate::books::Pot;
use domain::position::FundingFee;
use domain::{Leverage, Overflow, Position, Price, Tick, Timestamp};
use engine::contract;

impl Venue {
    /// Moves the market: settles the funding that fell due since the last tick, then fills limit orders, then
    /// liquidates, then stops losses, then takes profits, then lets trailing stops follow. A tick older than the last
    /// one changes nothing.
    ///
    /// An error means that a sum left the range of 64 bits; the trade concerned stays as it was.
    pub fn on_tick(&mut self, tick: Tick) -> Result<(), Overflow> {
        let last = self.tick.map(|last| last.at);
        if last.is_some_and(|last| tick.at < last) {
            return Ok(());
        }
        self.tick = Some(tick);
        let quotes = Quotes::of(&tick, self.rules.depth);
        let mut outcome = Ok(());
        let mut due = last.map(next_funding);
        while let Some(at) = due.filter(|due| *due <= tick.at) {
            outcome = outcome.and(self.settle_funding(at, &tick, &quotes));
            due = Some(next_funding(at));
        }
        let Venue { accounts, journal, ids, rules, .. } = self;
        for account in accounts.values_mut() {
            account.fill_limits(&quotes, tick.at, journal);
            outcome = outcome.and(account.end_trades(&quotes, tick.at, journal));
            outcome = outcome.and(account.move_cross(&quotes, tick.at, journal, ids));
            outcome = outcome.and(account.settle_deposits(tick.at, rules.deposit_delay, journal));
        }
        outcome
    }

    fn settle_funding(&mut self, at: Timestamp, tick: &Tick, quotes: &Quotes) -> Result<(), Overflow> {
        let fixing = tick.index.unwrap_or(tick.last);
        let settlement = Settlement { id: self.ids.uuid(), at, rate: self.rules.funding_rate, fixing };
        self.settlements.push(settlement);
        let mut outcome = Ok(());
        let Venue { accounts, journal, ids, .. } = self;
        for account in accounts.values_mut() {
            outcome = outcome.and(account.settle_funding(&settlement, quotes, tick.at, journal));
            outcome = outcome.and(account.settle_cross_funding(&settlement, quotes, tick.at, journal, ids));
        }
        outcome
    }
}

impl Account {
    /// Fills every limit order whose price has been reached, at that price.
    fn fill_limits(&mut self, quotes: &Quotes, at: Timestamp, journal: &mut Journal) {
        for index in (0..self.resting.len()).rev() {
            let reached = self.resting.get(index).is_some_and(|trade| {
                let Position { side, quantity, entry, .. } = trade.position;
                trade.approach.has_reached(quotes.entry(side, quantity.get()), entry)
            });
            if reached {
                let mut trade = self.resting.remove(index);
                trade.start_trailing(quotes);
                self.fill(trade, at, journal);
            }
        }
    }

    /// Ends every trade whose level the price has reached, and lets the trailing stops of the others follow.
    fn end_trades(&mut self, quotes: &Quotes, at: Timestamp, journal: &mut Journal) -> Result<(), Overflow> {
        let mut outcome = Ok(());
        for index in (0..self.running.len()).rev() {
            let Some(trade) = self.running.get_mut(index) else { continue };
            let Position { side, quantity, .. } = trade.position;
            let market = quotes.exit(side, quantity.get());
            if let Some((exit, reason)) = ending(trade, market) {
                outcome = outcome.and(self.settle(index, exit, at, reason, journal).map(|_| ()));
            } else if let Some(distance) = trade.trailing {
                trade.position.stop_loss = distance.followed(side, trade.position.stop_loss, market);
            }
        }
        outcome
    }

    fn settle_funding(
        &mut self,
        settlement: &Settlement,
        quotes: &Quotes,
        at: Timestamp,
        journal: &mut Journal,
    ) -> Result<(), Overflow> {
        let mut outcome = Ok(());
        for index in (0..self.running.len()).rev() {
            outcome = outcome.and(self.settle_funding_of(index, settlement, quotes, at, journal));
        }
        outcome
    }

    /// A payer's fee leaves the margin, which moves the liquidation; a receiver's fee goes to the wallet. A margin that
    /// can't bear the fee ends the trade at market.
    fn settle_funding_of(
        &mut self,
        index: usize,
        settlement: &Settlement,
        quotes: &Quotes,
        at: Timestamp,
        journal: &mut Journal,
    ) -> Result<(), Overflow> {
        let Some(trade) = self.running.get_mut(index) else { return Ok(()) };
        let Position { id, side, quantity, entry, margin, .. } = trade.position;
        let fee = contract::funding_fee(side, quantity, settlement.rate, settlement.fixing);
        let funding = trade.position.funding.checked_add(fee)?;
        let exit = quotes.exit(side, quantity.get());
        if fee.is_positive() {
            let Some(terms) = contract::after_funding(side, quantity, entry, margin, fee) else {
                return self.settle(index, exit, at, CloseReason::Funding, journal).map(|_| ());
            };
            trade.take_terms(terms);
            journal.books.post(Pot::Margin(self.id), Pot::Funding, fee);
        } else {
            self.balance = self.balance.checked_sub(fee)?;
            journal.books.post(Pot::Wallet(self.id), Pot::Funding, fee);
        }
        trade.position.funding = funding;
        let happened = TradeEvent::Funding { fee, at: settlement.at };
        journal.tell(self.id, || Event::Trade { happened, trade: trade.clone() });
        let bearable = trade.position.leverage <= Leverage::MAX;
        self.funding
            .push(FundingRow { fee: FundingFee { position: id, at: settlement.at, fee }, settlement: settlement.id });
        if bearable {
            return Ok(());
        }
        self.settle(index, exit, at, CloseReason::Funding, journal).map(|_| ())
    }
}

/// At which price a trade ends when it could be closed at `exit`, if it does. A liquidation takes place at its own
/// price, where profit and margin cancel out; stops fill at the market.
fn ending(trade: &Trade, exit: Price) -> Option<(Price, CloseReason)> {
    let Position { liquidation, stop_loss, take_profit, .. } = trade.position;
    if trade.has_fallen_to(exit, liquidation) {
        return Some((liquidation, CloseReason::Liquidation));
    }
    if stop_loss.is_some_and(|level| trade.has_fallen_to(exit, level)) {
        return Some((exit, CloseReason::StopLoss));
    }
    take_profit.is_some_and(|level| trade.has_risen_to(exit, level)).then_some((exit, CloseReason::TakeProfit))
}

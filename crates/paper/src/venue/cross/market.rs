//! What the market does to the cross position when the price moves.

use super::{CrossFundingRow, CrossOrder, CrossOrderKind, CrossOrderState};
use crate::books::Pot;
use crate::random::Chance;
use crate::venue::account::{Account, Settlement};
use crate::venue::depth::Quotes;
use crate::venue::event::{CrossOrderEvent, CrossPositionEvent, Event};
use crate::venue::journal::Journal;
use crate::venue::trade::Approach;
use domain::{Overflow, Price, Side, Timestamp};
use engine::contract::cross::CrossPosition;

impl Account {
    /// Fills the limit orders whose price has been reached, then liquidates.
    pub(in crate::venue) fn move_cross(
        &mut self,
        quotes: &Quotes,
        at: Timestamp,
        journal: &mut Journal,
        ids: &mut Chance,
    ) -> Result<(), Overflow> {
        self.fill_cross_limits(quotes, at, journal);
        let Some(position) = self.cross.position else { return Ok(()) };
        let market = quotes.exit(position.side, position.contracts.get());
        let exit = match position.liquidation(self.cross.margin) {
            None => Some(market),
            Some(level) => has_reached(position.side, market, level).then_some(level),
        };
        exit.map_or(Ok(()), |exit| self.liquidate_cross(position, exit, quotes, at, journal, ids))
    }

    /// A payer's fee leaves the margin, a receiver's fee enters it. A margin that can't bear the fee ends the position
    /// at market.
    pub(in crate::venue) fn settle_cross_funding(
        &mut self,
        settlement: &Settlement,
        quotes: &Quotes,
        at: Timestamp,
        journal: &mut Journal,
        ids: &mut Chance,
    ) -> Result<(), Overflow> {
        let Some(position) = self.cross.position else { return Ok(()) };
        let fee = position.funding_fee(settlement.rate, settlement.fixing);
        let margin = self.cross.margin.checked_sub(fee)?;
        self.cross.funding_fees = self.cross.funding_fees.checked_add(fee)?;
        self.cross.margin = margin;
        self.cross.updated_at = at;
        journal.books.post(Pot::CrossMargin(self.id), Pot::Funding, fee);
        self.cross.funding.push(CrossFundingRow { fee, at: settlement.at, settlement: settlement.id });
        self.tell_cross(CrossPositionEvent::Funding, quotes, journal);
        if position.liquidation(margin).is_some() {
            return Ok(());
        }
        let exit = quotes.exit(position.side, position.contracts.get());
        self.liquidate_cross(position, exit, quotes, at, journal, ids)
    }

    fn fill_cross_limits(&mut self, quotes: &Quotes, at: Timestamp, journal: &mut Journal) {
        for index in (0..self.cross.open.len()).rev() {
            let reached = self.cross.open.get(index).is_some_and(|order| {
                order.approach.has_reached(quotes.entry(order.side.opens(), order.contracts.get()), order.price)
            });
            if reached {
                let order = self.cross.open.remove(index);
                self.fill_cross_limit(order, quotes, at, journal);
            }
        }
    }

    /// An order that the margin does not carry when its price comes is canceled.
    fn fill_cross_limit(&mut self, order: CrossOrder, quotes: &Quotes, at: Timestamp, journal: &mut Journal) {
        match self.cross.fill(&order, order.price, self.fee_tier(at)) {
            Ok(fill) => {
                let price = order.price;
                let order = self.book_cross(fill, order, price, at, journal);
                journal.tell(self.id, || Event::CrossOrder { happened: CrossOrderEvent::Limit, order });
                self.tell_cross(CrossPositionEvent::Limit, quotes, journal);
            }
            Err(_) => {
                let order = CrossOrder { state: CrossOrderState::Canceled { at }, ..order };
                journal.tell(self.id, || Event::CrossOrder { happened: CrossOrderEvent::Canceled, order });
                self.tell_cross(CrossPositionEvent::Cancel, quotes, journal);
            }
        }
    }

    fn liquidate_cross(
        &mut self,
        position: CrossPosition,
        exit: Price,
        quotes: &Quotes,
        at: Timestamp,
        journal: &mut Journal,
        ids: &mut Chance,
    ) -> Result<(), Overflow> {
        let order = CrossOrder {
            id: ids.uuid(),
            kind: CrossOrderKind::Liquidation,
            side: super::orders::closing(position.side),
            contracts: position.contracts,
            price: exit,
            fee: domain::Sats::ZERO,
            created_at: at,
            state: CrossOrderState::Open,
            client_id: None,
            approach: Approach::Above,
        };
        let fill = self.cross.fill(&order, exit, self.fee_tier(at)).map_err(|_| Overflow)?;
        let order = self.book_cross(fill, order, exit, at, journal);
        self.cashier.notify_cross_liquidation(&order, at);
        journal.tell(self.id, || Event::CrossOrder { happened: CrossOrderEvent::New, order });
        self.tell_cross(CrossPositionEvent::Liquidation, quotes, journal);
        Ok(())
    }

    pub(super) fn tell_cross(&self, happened: CrossPositionEvent, quotes: &Quotes, journal: &mut Journal) {
        journal.tell(self.id, || {
            let position = self.cross.view(|side, contracts| Some(quotes.exit(side, contracts.get())));
            Event::CrossPosition { happened, position }
        });
    }
}

fn has_reached(side: Side, market: Price, level: Price) -> bool {
    match side {
        Side::Long => market <= level,
        Side::Short => level <= market,
    }
}

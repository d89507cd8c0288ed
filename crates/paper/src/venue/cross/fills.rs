//! How an order changes the cross position and its margin.

use super::{CrossAccount, CrossOrder, CrossOrderState};
use crate::books::Pot;
use crate::venue::account::Account;
use crate::venue::journal::Journal;
use crate::venue::refusal;
use domain::{Price, Sats, Timestamp};
use engine::contract::cross::{Contracts, CrossChange, CrossPosition, cross_fee};
use engine::contract::fee_rate;
use exchange::Rejection;

/// What a fill comes to, before it is booked.
pub(super) struct Fill {
    change: CrossChange,
    fee: Sats,
    /// May be below zero where a loss exceeds all that there is.
    margin: Sats,
    trading_fees: Sats,
    realised: Sats,
}

impl CrossAccount {
    /// Refused where the position would be too large or the margin would not carry it; what only reduces it is
    /// refused only where the margin can't pay the fee.
    pub(super) fn fill(&self, order: &CrossOrder, price: Price, fee_tier: u8) -> Result<Fill, Rejection> {
        let (side, contracts) = (order.side.opens(), order.contracts);
        let too_large = || refusal::bad_request("The position would be too large");
        let change = match self.position {
            Some(position) => position.after(side, contracts, price).ok_or_else(too_large)?,
            None => {
                let opened = CrossPosition { side, contracts, entry: price };
                CrossChange { position: Some(opened), realised: Sats::ZERO }
            }
        };
        let fee = cross_fee(fee_rate(fee_tier), contracts, price);
        let booked = change.realised.checked_sub(fee).map_err(refusal::too_large)?;
        let margin = self.margin.checked_add(booked).map_err(refusal::too_large)?;
        let trading_fees = self.trading_fees.checked_add(fee).map_err(refusal::too_large)?;
        let realised = self.realised.checked_add(change.realised).map_err(refusal::too_large)?;
        if let Some(after) = change.position {
            let is_reduced =
                self.position.is_some_and(|held| held.side == after.side && after.contracts < held.contracts);
            if !is_reduced && Contracts::largest(self.leverage) < after.contracts {
                return Err(too_large());
            }
            if margin.is_negative() || (!is_reduced && !after.is_carried_by(margin, self.leverage)) {
                return Err(refusal::bad_request("Insufficient margin"));
            }
        }
        Ok(Fill { change, fee, margin, trading_fees, realised })
    }
}

impl Account {
    /// Books a fill and answers the order as it is then.
    pub(super) fn book_cross(
        &mut self,
        fill: Fill,
        order: CrossOrder,
        price: Price,
        at: Timestamp,
        journal: &mut Journal,
    ) -> CrossOrder {
        let Fill { change, fee, margin, trading_fees, realised } = fill;
        let (pot, books) = (Pot::CrossMargin(self.id), &mut journal.books);
        books.post(Pot::House, pot, change.realised);
        books.post(pot, Pot::Fees, fee);
        if margin.is_negative() {
            books.post(Pot::Shortfall, pot, Sats::new(margin.get().saturating_neg()));
        }
        self.volume.add(at, order.contracts.get());
        let cross = &mut self.cross;
        cross.margin = margin.or_zero();
        cross.position = change.position;
        (cross.trading_fees, cross.realised, cross.updated_at) = (trading_fees, realised, at);
        let filled = CrossOrder { price, fee, state: CrossOrderState::Filled { at }, ..order };
        cross.filled.push(filled.clone());
        filled
    }
}

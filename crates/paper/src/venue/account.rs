//! One account of the venue, and how a trade of it is settled.

use super::refusal;
use super::trade::{CloseReason, Trade};
use crate::books::{Books, Pot};
use domain::position::{FundingFee, PositionState};
use domain::{AccountId, Overflow, PositionId, Price, Rate, Sats, Timestamp, Wallet};
use engine::contract;
use exchange::Rejection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A funding fee of one trade in the venue's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundingRow {
    pub fee: FundingFee,
    pub settlement: Uuid,
}

/// A funding settlement of the whole market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub id: Uuid,
    pub at: Timestamp,
    pub rate: Rate,
    pub fixing: Price,
}

#[derive(Clone, Debug)]
pub(super) struct Account {
    pub id: AccountId,
    pub balance: Sats,
    pub fee_tier: u8,
    /// In the order they were opened.
    pub running: Vec<Trade>,
    /// In the order they were closed.
    pub closed: Vec<Trade>,
    closed_ids: BTreeSet<PositionId>,
    /// In the order they fell due.
    pub funding: Vec<FundingRow>,
}

impl Account {
    pub fn new(id: AccountId, balance: Sats, fee_tier: u8) -> Account {
        let (running, closed, funding) = (Vec::new(), Vec::new(), Vec::new());
        Account { id, balance, fee_tier, running, closed, closed_ids: BTreeSet::new(), funding }
    }

    pub fn wallet(&self) -> Wallet {
        Wallet { balance: self.balance, fee_tier: self.fee_tier }
    }

    /// Where a running trade of this account stands; refuses foreign trades and those that no longer run.
    pub fn find_running(&self, position: PositionId) -> Result<usize, Rejection> {
        let found = self.running.iter().position(|trade| trade.position.id == position);
        found.ok_or_else(|| match self.closed_ids.contains(&position) {
            true => refusal::bad_request("Trade is not running"),
            false => refusal::bad_request("You do not own this trade"),
        })
    }

    /// Ends a running trade at a price and pays out what is left of it: `profit + margin + fee reserve - closing
    /// fee`, nothing below zero. Answers the closed trade and what came back; on error nothing has changed.
    pub fn settle(
        &mut self,
        index: usize,
        exit: Price,
        at: Timestamp,
        reason: CloseReason,
        books: &mut Books,
    ) -> Result<(Trade, Sats), Overflow> {
        let trade = self.running.get(index).ok_or(Overflow)?;
        let position = trade.position;
        let fee = contract::fee(contract::fee_rate(self.fee_tier), position.quantity, exit);
        let pnl = trade.pnl_at(exit);
        let reserve_left = position.fee_reserve.checked_sub(fee)?;
        let whole = Sats::checked_sum([pnl, position.margin, reserve_left])?;
        let credit = whole.or_zero();
        let shortfall = credit.checked_sub(whole)?;
        self.balance = self.balance.checked_add(credit)?;

        let wallet = Pot::Wallet(self.id);
        books.post(Pot::Margin(self.id), wallet, position.margin);
        books.post(Pot::FeeReserve(self.id), wallet, position.fee_reserve);
        books.post(wallet, Pot::Fees, fee);
        books.post(Pot::House, wallet, pnl);
        books.post(Pot::Shortfall, wallet, shortfall);

        let mut trade = self.running.remove(index);
        trade.close_reason = Some(reason);
        trade.position.pnl = pnl;
        trade.position.closing_fee = fee;
        trade.position.fee_reserve = reserve_left.or_zero();
        trade.position.state = PositionState::Closed { closed_at: at, exit };
        self.closed_ids.insert(trade.position.id);
        self.closed.push(trade.clone());
        Ok((trade, credit))
    }
}

//! One account of the venue, and how a trade of it begins and ends.

use super::cashier::Cashier;
use super::cross::CrossAccount;
use super::event::{Event, TradeEvent};
use super::journal::Journal;
use super::refusal;
use super::swap::Swap;
use super::trade::{CloseReason, Trade};
use super::volume::Volume;
use crate::books::Pot;
use domain::position::{FundingFee, PositionState};
use domain::{AccountId, Overflow, PositionId, Price, Rate, Sats, Timestamp, Wallet};
use engine::contract;
use exchange::Rejection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A funding fee of one trade in the venue's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingRow {
    pub fee: FundingFee,
    pub settlement: Uuid,
}

/// A funding settlement of the whole market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub id: Uuid,
    pub at: Timestamp,
    pub rate: Rate,
    pub fixing: Price,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Account {
    pub id: AccountId,
    pub balance: Sats,
    /// Cents of synthetic dollars.
    pub cents: i64,
    /// The tier that it was opened with; its volume can only better it.
    fee_tier: u8,
    pub volume: Volume,
    /// Limit orders, in the order they were placed.
    pub resting: Vec<Trade>,
    /// In the order they were filled.
    pub running: Vec<Trade>,
    /// In the order they were closed.
    pub closed: Vec<Trade>,
    /// In the order they were canceled.
    pub canceled: Vec<Trade>,
    ended_ids: BTreeSet<PositionId>,
    /// In the order they fell due.
    pub funding: Vec<FundingRow>,
    pub cross: CrossAccount,
    /// In the order they were made.
    pub swaps: Vec<Swap>,
    pub cashier: Cashier,
}

impl Account {
    pub fn new(id: AccountId, balance: Sats, fee_tier: u8) -> Account {
        Account {
            id,
            balance,
            cents: 0,
            fee_tier,
            volume: Volume::default(),
            resting: Vec::new(),
            running: Vec::new(),
            closed: Vec::new(),
            canceled: Vec::new(),
            ended_ids: BTreeSet::new(),
            funding: Vec::new(),
            cross: CrossAccount::of(id),
            swaps: Vec::new(),
            cashier: Cashier::default(),
        }
    }

    pub fn wallet(&self, now: Timestamp) -> Wallet {
        Wallet { balance: self.balance, fee_tier: self.fee_tier(now) }
    }

    pub fn fee_tier(&self, now: Timestamp) -> u8 {
        self.fee_tier.max(self.volume.tier(now))
    }

    /// Where a running trade of this account stands; refuses foreign trades and those that do not run.
    pub fn find_running(&self, position: PositionId) -> Result<usize, Rejection> {
        find(&self.running, position).ok_or_else(|| self.why_not(position, "Trade is not running"))
    }

    /// The same of a limit order.
    pub fn find_resting(&self, position: PositionId) -> Result<usize, Rejection> {
        find(&self.resting, position).ok_or_else(|| self.why_not(position, "Trade is not open"))
    }

    pub fn why_not(&self, position: PositionId, message: &str) -> Rejection {
        let is_own = self.ended_ids.contains(&position)
            || find(&self.running, position).is_some()
            || find(&self.resting, position).is_some();
        refusal::bad_request(if is_own { message } else { "You do not own this trade" })
    }

    /// An order becomes a running trade: its opening fee leaves the reserve.
    pub fn fill(&mut self, mut trade: Trade, at: Timestamp, journal: &mut Journal) -> Trade {
        let quantity = trade.position.quantity;
        let fee = contract::fee(contract::fee_rate(self.fee_tier(at)), quantity, trade.position.entry);
        let left = trade.position.fee_reserve.get().saturating_sub(fee.get());
        journal.books.post(Pot::FeeReserve(self.id), Pot::Fees, fee);
        self.volume.add(at, quantity.get());
        trade.position.fee_reserve = Sats::new(left);
        trade.position.opening_fee = fee;
        trade.position.state = PositionState::Running { filled_at: at };
        trade.filled_at = Some(at);
        self.running.push(trade.clone());
        journal.tell(self.id, || Event::Trade { happened: TradeEvent::Filled, trade: trade.clone() });
        trade
    }

    /// Takes back a limit order: margin and reserve return to the wallet.
    pub fn cancel(&mut self, index: usize, at: Timestamp, journal: &mut Journal) -> Result<Trade, Overflow> {
        let position = self.resting.get(index).ok_or(Overflow)?.position;
        let back = position.margin.checked_add(position.fee_reserve)?;
        self.balance = self.balance.checked_add(back)?;
        journal.books.post(Pot::Margin(self.id), Pot::Wallet(self.id), position.margin);
        journal.books.post(Pot::FeeReserve(self.id), Pot::Wallet(self.id), position.fee_reserve);
        let mut trade = self.resting.remove(index);
        trade.position.state = PositionState::Canceled { canceled_at: at };
        self.ended_ids.insert(position.id);
        self.canceled.push(trade.clone());
        journal.tell(self.id, || Event::Trade { happened: TradeEvent::Canceled, trade: trade.clone() });
        Ok(trade)
    }

    /// Ends a running trade at a price and pays out what is left of it: `profit + margin + fee reserve - closing
    /// fee`, nothing below zero. Answers the closed trade and what came back; on error nothing has changed.
    pub fn settle(
        &mut self,
        index: usize,
        exit: Price,
        at: Timestamp,
        reason: CloseReason,
        journal: &mut Journal,
    ) -> Result<(Trade, Sats), Overflow> {
        let trade = self.running.get(index).ok_or(Overflow)?;
        let position = trade.position;
        let fee = contract::fee(contract::fee_rate(self.fee_tier(at)), position.quantity, exit);
        let pnl = trade.pnl_at(exit);
        let reserve_left = position.fee_reserve.checked_sub(fee)?;
        let whole = Sats::checked_sum([pnl, position.margin, reserve_left])?;
        let credit = whole.or_zero();
        let shortfall = credit.checked_sub(whole)?;
        self.balance = self.balance.checked_add(credit)?;

        let (wallet, books) = (Pot::Wallet(self.id), &mut journal.books);
        books.post(Pot::Margin(self.id), wallet, position.margin);
        books.post(Pot::FeeReserve(self.id), wallet, position.fee_reserve);
        books.post(wallet, Pot::Fees, fee);
        books.post(Pot::House, wallet, pnl);
        books.post(Pot::Shortfall, wallet, shortfall);

        self.volume.add(at, position.quantity.get());
        let mut trade = self.running.remove(index);
        trade.close_reason = Some(reason);
        trade.position.pnl = pnl;
        trade.position.closing_fee = fee;
        trade.position.fee_reserve = reserve_left.or_zero();
        trade.position.state = PositionState::Closed { closed_at: at, exit };
        self.ended_ids.insert(trade.position.id);
        self.closed.push(trade.clone());
        journal.tell(self.id, || Event::Trade { happened: TradeEvent::Ended(reason), trade: trade.clone() });
        if reason == CloseReason::Liquidation {
            self.cashier.notify_liquidation(&trade, at);
        }
        Ok((trade, credit))
    }
}

fn find(trades: &[Trade], position: PositionId) -> Option<usize> {
    trades.iter().position(|trade| trade.position.id == position)
}

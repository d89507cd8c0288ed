//! What the venue knows, for whoever asks.

use super::account::Account;
use super::cashier::{Deposit, Notice, Withdrawal};
use super::cross::{CrossFundingRow, CrossOrder, CrossTransfer, CrossView};
use super::depth::Quotes;
use super::event::AccountEvent;
use super::swap::Swap;
use super::trade::Trade;
use super::{FundingRow, Settlement, Venue, next_funding};
use crate::audit::AcceptedCall;
use crate::random::Chance;
use domain::position::FundingFee;
use domain::{AccountId, PositionId, Tick, Ticker, Timestamp, Wallet};

impl Venue {
    /// The newest price; `None` before the first.
    pub fn last_tick(&self) -> Option<Tick> {
        self.tick
    }

    /// The price with the coming settlement, in market time; `None` before the first price.
    pub fn ticker(&self) -> Option<Ticker> {
        let tick = self.tick?;
        Some(Ticker { tick, funding_rate: self.rules.funding_rate, funding_at: next_funding(tick.at) })
    }

    /// Prices by size; `None` before the first price.
    pub fn quotes(&self) -> Option<Quotes> {
        self.tick.map(|tick| Quotes::of(&tick, self.rules.depth))
    }

    /// `None` for an account that was never opened.
    pub fn wallet(&self, account: AccountId) -> Option<Wallet> {
        let now = self.tick.map(|tick| tick.at).unwrap_or_default();
        self.accounts.get(&account).map(|owner| owner.wallet(now))
    }

    /// Cents of synthetic dollars.
    pub fn cents(&self, account: AccountId) -> i64 {
        self.accounts.get(&account).map_or(0, |owner| owner.cents)
    }

    /// All accounts, in the order of their ids.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.accounts.keys().copied()
    }

    /// Limit orders, newest first.
    pub fn resting(&self, account: AccountId) -> Vec<Trade> {
        newest_first(self.of(account, |owner| &owner.resting))
    }

    /// Running trades, marked at the newest price, newest first.
    pub fn running(&self, account: AccountId) -> Vec<Trade> {
        self.of(account, |owner| &owner.running).iter().rev().map(|trade| self.marked(trade)).collect()
    }

    /// The ids of running trades, oldest first.
    pub fn positions(&self, account: AccountId) -> Vec<PositionId> {
        self.of(account, |owner| &owner.running).iter().map(|trade| trade.position.id).collect()
    }

    /// Trades closed at or after `since`, newest first.
    pub fn closed(&self, account: AccountId, since: Timestamp) -> Vec<Trade> {
        ended_since(self.of(account, |owner| &owner.closed), since)
    }

    /// Limit orders canceled at or after `since`, newest first.
    pub fn canceled(&self, account: AccountId, since: Timestamp) -> Vec<Trade> {
        ended_since(self.of(account, |owner| &owner.canceled), since)
    }

    /// Funding fees whose rows can be read by now, newest first.
    pub fn funding_rows(&self, account: AccountId) -> Vec<FundingRow> {
        let rows = self.of(account, |owner| &owner.funding);
        rows.iter().rev().filter(|row| self.is_published(row.fee.at)).copied().collect()
    }

    /// The same without the venue's own ids.
    pub fn funding_fees(&self, account: AccountId) -> Vec<FundingFee> {
        self.funding_rows(account).into_iter().map(|row| row.fee).collect()
    }

    /// Settlements whose rows can be read by now, newest first.
    pub fn settlements(&self) -> Vec<Settlement> {
        self.settlements.iter().rev().filter(|settlement| self.is_published(settlement.at)).copied().collect()
    }

    /// The cross account at the newest price; `None` for an account that was never opened.
    pub fn cross(&self, account: AccountId) -> Option<CrossView> {
        let quotes = self.quotes();
        let owner = self.accounts.get(&account)?;
        Some(owner.cross.view(|side, contracts| quotes.map(|quotes| quotes.exit(side, contracts.get()))))
    }

    /// Open cross orders, newest first.
    pub fn cross_open(&self, account: AccountId) -> Vec<CrossOrder> {
        newest_first(self.of(account, |owner| &owner.cross.open))
    }

    /// Filled cross orders, newest first.
    pub fn cross_filled(&self, account: AccountId) -> Vec<CrossOrder> {
        newest_first(self.of(account, |owner| &owner.cross.filled))
    }

    /// Newest first.
    pub fn cross_transfers(&self, account: AccountId) -> Vec<CrossTransfer> {
        newest_first(self.of(account, |owner| &owner.cross.transfers))
    }

    /// Funding fees of the cross position whose rows can be read by now, newest first.
    pub fn cross_funding(&self, account: AccountId) -> Vec<CrossFundingRow> {
        let rows = self.of(account, |owner| &owner.cross.funding);
        rows.iter().rev().filter(|row| self.is_published(row.at)).copied().collect()
    }

    /// Newest first.
    pub fn swaps(&self, account: AccountId) -> Vec<Swap> {
        newest_first(self.of(account, |owner| &owner.swaps))
    }

    /// Newest first.
    pub fn deposits(&self, account: AccountId) -> Vec<Deposit> {
        newest_first(self.of(account, |owner| &owner.cashier.deposits))
    }

    /// Newest first.
    pub fn withdrawals(&self, account: AccountId) -> Vec<Withdrawal> {
        newest_first(self.of(account, |owner| &owner.cashier.withdrawals))
    }

    /// Newest first.
    pub fn notices(&self, account: AccountId) -> Vec<Notice> {
        newest_first(self.of(account, |owner| &owner.cashier.notices))
    }

    pub fn read_notices(&mut self, account: AccountId) {
        if let Some(owner) = self.accounts.get_mut(&account) {
            owner.cashier.notices.iter_mut().for_each(|notice| notice.is_read = true);
        }
    }

    /// Every call that changed something since this program started, oldest first.
    pub fn audit(&self) -> &[AcceptedCall] {
        &self.audit
    }

    /// How many postings the books hold.
    pub fn postings(&self) -> u64 {
        self.journal.books.postings()
    }

    /// Differs from an earlier one where money, orders or ids have moved since.
    pub fn fingerprint(&self) -> (u64, usize, Chance) {
        (self.postings(), self.audit.len(), self.ids.clone())
    }

    /// From now on events are kept until they are taken.
    pub fn listen(&mut self) {
        self.journal.listen();
    }

    /// What happened since events were last taken, oldest first.
    pub fn take_events(&mut self) -> Vec<AccountEvent> {
        self.journal.take_untold()
    }

    fn of<T>(&self, account: AccountId, part: fn(&Account) -> &Vec<T>) -> &[T] {
        self.accounts.get(&account).map(|owner| part(owner).as_slice()).unwrap_or_default()
    }

    fn is_published(&self, at: Timestamp) -> bool {
        self.tick.is_some_and(|tick| at.plus(self.rules.settlement_delay) <= tick.at)
    }

    pub(super) fn marked(&self, trade: &Trade) -> Trade {
        let mut trade = trade.clone();
        if let Some(quotes) = self.quotes().filter(|_| trade.position.is_running()) {
            trade.mark(quotes.exit(trade.position.side, trade.position.quantity.get()));
        }
        trade
    }
}

fn newest_first<T: Clone>(rows: &[T]) -> Vec<T> {
    rows.iter().rev().cloned().collect()
}

fn ended_since(trades: &[Trade], since: Timestamp) -> Vec<Trade> {
    trades.iter().rev().take_while(|trade| trade.closed_at().is_none_or(|at| since <= at)).cloned().collect()
}

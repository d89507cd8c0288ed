//! The venue itself: accounts, isolated trades and the rules they live by, moved by nothing but ticks and calls.
//!
//! Synchronous and deterministic. It never refuses without changing nothing, and every satoshi that moves is booked.

mod account;
mod advance;
mod conservation;
mod orders;
mod refusal;
mod shared;
mod stops;
mod trade;

pub use account::{FundingRow, Settlement};
pub use conservation::Imbalance;
pub use shared::SharedVenue;
pub use trade::{CloseReason, Order, Size, Trade};

use crate::audit::{AcceptedCall, CallKind};
use crate::books::{Books, Pot};
use crate::random::Chance;
use account::Account;
use domain::position::FundingFee;
use domain::{AccountId, Millis, PositionId, Price, Rate, Sats, Side, Tick, Ticker, Timestamp, Wallet};
use engine::contract::FUNDING_PERIOD;
use exchange::Rejection;
use std::collections::BTreeMap;

/// All bitcoin there will ever be, in sats: no deposit is larger.
const LARGEST_DEPOSIT: Sats = Sats::new(21_000_000 * domain::money::SATS_PER_BITCOIN);

/// What differs between one paper venue and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueRules {
    /// Positive means that longs pay shorts.
    pub funding_rate: Rate,
    /// How long after a settlement its rows can be read; the margin moves at once.
    pub settlement_delay: Millis,
    /// Running trades that one account may have.
    pub max_positions: usize,
}

impl Default for VenueRules {
    fn default() -> VenueRules {
        VenueRules {
            funding_rate: Rate::from_hundred_millionths(10_000),
            settlement_delay: Millis::new(2 * Millis::MINUTE.get()),
            max_positions: 100,
        }
    }
}

/// A paper exchange.
#[derive(Clone, Debug)]
pub struct Venue {
    rules: VenueRules,
    ids: Chance,
    tick: Option<Tick>,
    accounts: BTreeMap<AccountId, Account>,
    settlements: Vec<Settlement>,
    books: Books,
    audit: Vec<AcceptedCall>,
}

impl Venue {
    /// Trades and settlements get their ids from the generator.
    pub fn new(rules: VenueRules, ids: Chance) -> Venue {
        Venue {
            rules,
            ids,
            tick: None,
            accounts: BTreeMap::new(),
            settlements: Vec::new(),
            books: Books::default(),
            audit: Vec::new(),
        }
    }

    /// Opens an account whose balance counts as its first deposit. Refused when the account exists, the balance is
    /// negative, or the fee tier is not 0 to 3.
    pub fn open_account(&mut self, id: AccountId, balance: Sats, fee_tier: u8) -> Result<(), Rejection> {
        if self.accounts.contains_key(&id) {
            return Err(refusal::bad_request("The account exists already"));
        }
        if 3 < fee_tier || !(Sats::ZERO..=LARGEST_DEPOSIT).contains(&balance) {
            return Err(refusal::bad_request("An account needs a fee tier from 0 to 3 and a balance that can exist"));
        }
        self.accounts.insert(id, Account::new(id, balance, fee_tier));
        self.books.post(Pot::Outside, Pot::Wallet(id), balance);
        Ok(())
    }

    /// Adds play money to a wallet.
    pub fn deposit(&mut self, account: AccountId, amount: Sats) -> Result<Wallet, Rejection> {
        if !amount.is_positive() || LARGEST_DEPOSIT < amount {
            return Err(refusal::bad_request("Amount must be positive"));
        }
        let owner = self.accounts.get_mut(&account).ok_or_else(refusal::unknown_account)?;
        owner.balance = owner.balance.checked_add(amount).map_err(refusal::too_large)?;
        self.books.post(Pot::Outside, Pot::Wallet(account), amount);
        Ok(owner.wallet())
    }

    /// The rate of the coming settlements; positive means that longs pay shorts.
    pub fn set_funding_rate(&mut self, rate: Rate) {
        self.rules.funding_rate = rate;
    }

    /// The newest price; `None` before the first.
    pub fn last_tick(&self) -> Option<Tick> {
        self.tick
    }

    /// The price with the coming settlement, in market time; `None` before the first price.
    pub fn ticker(&self) -> Option<Ticker> {
        let tick = self.tick?;
        Some(Ticker { tick, funding_rate: self.rules.funding_rate, funding_at: next_funding(tick.at) })
    }

    /// `None` for an account that was never opened.
    pub fn wallet(&self, account: AccountId) -> Option<Wallet> {
        self.accounts.get(&account).map(Account::wallet)
    }

    /// Running trades, marked at the newest price, newest first.
    pub fn running(&self, account: AccountId) -> Vec<Trade> {
        let running = self.accounts.get(&account).map(|owner| owner.running.as_slice()).unwrap_or_default();
        running.iter().rev().map(|trade| self.marked(trade)).collect()
    }

    /// Trades closed at or after `since`, newest first.
    pub fn closed(&self, account: AccountId, since: Timestamp) -> Vec<Trade> {
        let closed = self.accounts.get(&account).map(|owner| owner.closed.as_slice()).unwrap_or_default();
        closed.iter().rev().take_while(|trade| trade.closed_at().is_none_or(|at| since <= at)).cloned().collect()
    }

    /// Funding fees whose rows can be read by now, newest first.
    pub fn funding_rows(&self, account: AccountId) -> Vec<FundingRow> {
        let rows = self.accounts.get(&account).map(|owner| owner.funding.as_slice()).unwrap_or_default();
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

    /// Every call that changed something, oldest first.
    pub fn audit(&self) -> &[AcceptedCall] {
        &self.audit
    }

    /// How many postings the books hold.
    pub fn postings(&self) -> u64 {
        self.books.postings()
    }

    fn is_published(&self, at: Timestamp) -> bool {
        self.tick.is_some_and(|tick| at.plus(self.rules.settlement_delay) <= tick.at)
    }

    fn marked(&self, trade: &Trade) -> Trade {
        let mut trade = trade.clone();
        if let Some(tick) = self.tick {
            trade.mark(exit_price(&tick, trade.position.side));
        }
        trade
    }

    fn record(&mut self, kind: CallKind, account: AccountId, position: PositionId, amount: Option<Sats>) {
        let at = self.tick.map(|tick| tick.at).unwrap_or_default();
        self.audit.push(AcceptedCall { account, at, kind, position, amount });
    }
}

/// What closing a position of this side gets: the bid for a long, the ask for a short.
pub fn exit_price(tick: &Tick, side: Side) -> Price {
    match side {
        Side::Long => tick.bid,
        Side::Short => tick.ask,
    }
    .unwrap_or(tick.last)
}

/// What opening a position of this side pays.
pub fn entry_price(tick: &Tick, side: Side) -> Price {
    match side {
        Side::Long => tick.ask,
        Side::Short => tick.bid,
    }
    .unwrap_or(tick.last)
}

/// The first settlement after a moment: 00:00, 08:00 and 16:00 UTC.
pub fn next_funding(after: Timestamp) -> Timestamp {
    let period = FUNDING_PERIOD.get();
    let settlements = after.unix_ms().div_euclid(period).saturating_add(1);
    Timestamp::from_unix_ms(settlements.saturating_mul(period))
}

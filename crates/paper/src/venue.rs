//! The venue itself: accounts, isolated trades and the rules they live by, moved by nothing but ticks and calls.
//!
//! Synchronous and deterministic. It never refuses without changing nothing, and every satoshi that moves is booked.

mod account;
mod advance;
mod cashier;
mod changes;
mod conservation;
mod cross;
mod depth;
mod event;
mod journal;
mod leaderboard;
mod orders;
mod quote;
mod reading;
mod refusal;
mod shared;
mod stops;
mod swap;
mod trade;
mod trailing;
mod volume;

pub use account::{FundingRow, Settlement};
pub use cashier::{Address, AddressFormat, Deposit, Network, Notice, Notified, Withdrawal};
pub use conservation::Imbalance;
pub use cross::{
    CrossFundingRow, CrossOrder, CrossOrderKind, CrossOrderRequest, CrossOrderState, CrossTransfer, CrossView,
};
pub use depth::{Bucket, Depth, Quotes};
pub use event::{AccountEvent, CrossOrderEvent, CrossPositionEvent, Event, TradeEvent};
pub use leaderboard::Place;
pub use shared::{SharedVenue, VenueGuard};
pub use swap::{Sold, Swap};
pub use trade::{CloseReason, NewTrade, Order, OrderKind, Size, Trade};
pub use trailing::TrailingDistance;

use crate::audit::{AcceptedCall, CallKind};
use crate::books::Pot;
use crate::random::Chance;
use account::Account;
use domain::{AccountId, Millis, PositionId, Rate, Sats, Tick, Timestamp};
use engine::contract::FUNDING_PERIOD;
use exchange::Rejection;
use journal::Journal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All bitcoin there will ever be, in sats: no deposit is larger.
const LARGEST_DEPOSIT: Sats = Sats::new(21_000_000 * domain::money::SATS_PER_BITCOIN);

/// What differs between one paper venue and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueRules {
    /// Positive means that longs pay shorts.
    pub funding_rate: Rate,
    /// How long after a settlement its rows can be read; the margin moves at once.
    pub settlement_delay: Millis,
    /// Isolated trades that one account may have, running and resting.
    pub max_positions: usize,
    /// Prices by size.
    pub depth: Depth,
    /// How long after it was asked for a deposit by lightning reaches the wallet.
    pub deposit_delay: Millis,
}

impl Default for VenueRules {
    fn default() -> VenueRules {
        VenueRules {
            funding_rate: Rate::from_hundred_millionths(10_000),
            settlement_delay: Millis::new(2 * Millis::MINUTE.get()),
            max_positions: 100,
            depth: Depth::default(),
            deposit_delay: Millis::new(10 * Millis::SECOND.get()),
        }
    }
}

/// A paper exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Venue {
    rules: VenueRules,
    ids: Chance,
    tick: Option<Tick>,
    accounts: BTreeMap<AccountId, Account>,
    settlements: Vec<Settlement>,
    journal: Journal,
    #[serde(skip)]
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
            journal: Journal::default(),
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
        self.journal.books.post(Pot::Outside, Pot::Wallet(id), balance);
        Ok(())
    }

    /// The rate of the coming settlements; positive means that longs pay shorts.
    pub fn set_funding_rate(&mut self, rate: Rate) {
        self.rules.funding_rate = rate;
    }

    fn record(&mut self, kind: CallKind, account: AccountId, position: PositionId, amount: Option<Sats>) {
        let at = self.tick.map(|tick| tick.at).unwrap_or_default();
        self.audit.push(AcceptedCall { account, at, kind, position, amount });
    }
}

/// The first settlement after a moment: 00:00, 08:00 and 16:00 UTC.
pub fn next_funding(after: Timestamp) -> Timestamp {
    let period = FUNDING_PERIOD.get();
    let settlements = after.unix_ms().div_euclid(period).saturating_add(1);
    Timestamp::from_unix_ms(settlements.saturating_mul(period))
}

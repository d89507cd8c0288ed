//! What the venue tells those who follow an account.

use super::cashier::{Deposit, Withdrawal};
use super::cross::{CrossOrder, CrossView};
use super::trade::{CloseReason, Trade};
use domain::{AccountId, Sats, Timestamp};

/// Something happened to an account.
#[derive(Clone, Debug)]
pub struct AccountEvent {
    pub account: AccountId,
    pub event: Event,
}

#[derive(Clone, Debug)]
pub enum Event {
    Trade { happened: TradeEvent, trade: Trade },
    CrossOrder { happened: CrossOrderEvent, order: CrossOrder },
    CrossPosition { happened: CrossPositionEvent, position: CrossView },
    Deposit { deposit: Deposit, balance: Sats },
    Withdrawal { withdrawal: Withdrawal, balance: Sats },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeEvent {
    /// A limit order rests.
    Open,
    Filled,
    Canceled,
    Ended(CloseReason),
    Funding {
        fee: Sats,
        at: Timestamp,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossOrderEvent {
    New,
    /// A resting order was filled.
    Limit,
    Canceled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossPositionEvent {
    New,
    Limit,
    Cancel,
    Leverage,
    Deposit,
    Withdraw,
    Liquidation,
    Funding,
}

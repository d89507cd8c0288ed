//! LN Markets behind the exchange port: REST v3 and Stream v1, signed, within the venue's limits, honest about silence.
//!
//! [`Client`] is one endpoint; [`Client::account`] is a key on it, [`Client::market`] and [`Client::feed`] need none.
//! A call that changes something is sent once and ends in an [`exchange::Outcome`]. Reads may be repeated, and are.
//! Numbers arrive as JavaScript writes them and become whole sats and ticks in `number` and nowhere else.
#![deny(clippy::as_conversions, clippy::float_arithmetic)]

mod account;
mod answer_time;
mod backoff;
mod budget;
mod checkup;
mod circuit;
mod client;
mod client_id;
mod dollars;
mod endpoint;
mod key;
mod key_check;
mod market;
mod number;
mod rate_headers;
mod rest;
mod retry_after;
mod scope;
mod session;
mod sieve;
mod signing;
mod stream;
mod venue_clock;
mod wire;

pub use account::{
    Consent, ConsentError, IsolatedOrder, LnMarketsAccount, NewCrossOrder, OrderSize, StopLoss, Withdrawal,
};
pub use backoff::Chance;
pub use budget::RateLimits;
pub use checkup::{Checkup, Finding, Verdict};
pub use client::{Client, ClientOptions, ReachError};
pub use client_id::{ClientId, ClientIdError};
pub use dollars::Dollars;
pub use endpoint::{Endpoint, EndpointError, Network};
pub use key::ApiKey;
pub use key_check::{KeyRefusal, KeyReport, check_key};
pub use market::LnMarketsMarket;
pub use rest::{ListQuery, Page, Patience};
pub use scope::{Permissions, Scope};
pub use sieve::Dropped;
pub use stream::{
    Announcement, Connection, IsolatedEvent, IsolatedEventKind, StreamAccountFeed, StreamEvent, StreamFeed,
    StreamHealth, StreamTicker, Topic, WalletMovement,
};
pub use venue_clock::Clock;
pub use wire::{
    AcceptedWithdrawal, BestPrice, CrossFundingFee, CrossOrder, CrossOrderKind, CrossOrderState, CrossPosition,
    CrossTransfer, DepositInvoice, FundingSettlement, Leader, Leaderboard, LightningDeposit, LightningWithdrawal,
    Money, Notification, OnChainDeposit, OnChainWithdrawal, Profile, Swap,
};

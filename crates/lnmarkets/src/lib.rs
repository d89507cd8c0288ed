//! LN Markets behind the exchange port: REST v3, signed, within the venue's limits, and honest about silence.
//!
//! [`Client`] is one endpoint; [`Client::account`] is a key on it, [`Client::market`] and [`Client::feed`] need none.
//! A call that changes something is sent once and ends in an [`exchange::Outcome`]. Reads may be repeated, and are.
//! Numbers arrive as JavaScript writes them and become whole sats and ticks in `number` and nowhere else.
#![deny(clippy::as_conversions, clippy::float_arithmetic)]

mod account;
mod backoff;
mod budget;
mod client;
mod endpoint;
mod key;
mod market;
mod number;
mod polling;
mod rest;
mod retry_after;
mod session;
mod sieve;
mod signing;
mod venue_clock;
mod wire;

pub use account::LnMarketsAccount;
pub use backoff::Chance;
pub use budget::RateLimits;
pub use client::{Client, ClientOptions, ReachError};
pub use endpoint::{Endpoint, Network};
pub use key::ApiKey;
pub use market::LnMarketsMarket;
pub use polling::PollingFeed;
pub use rest::Patience;
pub use venue_clock::Clock;

//! Binance's public spot market as a second opinion and as history: BTC/USDT, without a key.
//!
//! Its prices are in Tether, it knows no funding of ours, and nothing is ever decided on it: LN Markets' own price is
//! the only one that counts. Wherever it is shown it goes by [`NAME`].
#![deny(clippy::as_conversions, clippy::float_arithmetic)]

mod http;
mod market;
mod wire;

pub use http::{BinanceEndpoint, BinanceError};
pub use market::BinanceMarket;

/// What its prices are called on every screen.
pub const NAME: &str = "Binance spot BTC/USDT";

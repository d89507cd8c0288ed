//! The venue's JSON, and what it means.

mod account;
mod candle;
mod funding;
mod ticker;
mod trade;

pub(crate) use account::AccountWire;
pub(crate) use candle::{CandleWire, range};
pub(crate) use funding::FundingFeeWire;
pub(crate) use ticker::{TickerWire, TimeWire};
pub(crate) use trade::TradeWire;

//! The venue's JSON, and what it means.

mod account;
mod candle;
mod cross;
mod funding;
mod public;
mod swap;
mod ticker;
mod trade;
mod transfers;

pub(crate) use account::{AccountWire, NotificationWire};
pub use account::{Notification, Profile};
pub(crate) use candle::{CandleWire, range};
pub use cross::{CrossFundingFee, CrossOrder, CrossOrderKind, CrossOrderState, CrossPosition, CrossTransfer};
pub(crate) use cross::{CrossFundingWire, CrossOrderWire, CrossPositionWire, CrossTransferWire};
pub(crate) use funding::FundingFeeWire;
pub use public::{BestPrice, FundingSettlement, Leader, Leaderboard};
pub(crate) use public::{BestPriceWire, LeaderWire, SettlementWire, leaderboard};
pub(crate) use swap::SwapWire;
pub use swap::{Money, Swap};
pub(crate) use ticker::{BucketWire, TickerWire, TimeWire, smallest_prices};
pub(crate) use trade::TradeWire;
pub use transfers::{
    AcceptedWithdrawal, DepositInvoice, LightningDeposit, LightningWithdrawal, OnChainDeposit, OnChainWithdrawal,
};
pub(crate) use transfers::{
    AcceptedWithdrawalWire, LightningDepositWire, LightningWithdrawalWire, OnChainDepositWire, OnChainWithdrawalWire,
};

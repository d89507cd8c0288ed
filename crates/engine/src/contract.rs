//! The mathematics of the venue's inverse BTC/USD perpetual, in isolated and in [`cross`] margin.
//!
//! One contract is one US dollar, so a position is worth `quantity * 10^8 / price` sats. Every result is rounded as the
//! venue rounds it, and saturates where a hostile input would leave the range.

mod change;
pub mod cross;
mod distance;
mod fee;
mod funding;
mod liquidation;
mod margin;
mod pnl;
mod rounding;

pub use change::{ChangeError, Terms, after_add_margin, after_cash_in, after_funding, most_addable};
pub use distance::{distance, liquidation_at_distance, trigger_price};
pub use fee::{FeeReserve, fee, fee_rate, fee_reserve};
pub use funding::{FUNDING_PERIOD, funding_fee};
pub use liquidation::{liquidation, liquidation_at_leverage, margin_change_for_liquidation, margin_for_liquidation};
pub use margin::{leverage_of, margin_for, quantity_for};
pub use pnl::pnl;

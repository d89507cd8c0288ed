//! Where a stop-loss or a take-profit may stand.

use super::refusal::bad_request;
use domain::{Price, Side};
use exchange::Rejection;

/// The prices that a stop is held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    pub side: Side,
    pub liquidation: Price,
    /// The lowest and the highest of the prices that must lie between stop-loss and take-profit: the market, and the
    /// entry too when the trade is new.
    pub lowest: Price,
    pub highest: Price,
}

impl Ground {
    /// A long's stop-loss lies from its liquidation up to below the market, a short's the other way round.
    pub fn check_stop_loss(&self, price: Price) -> Result<(), Rejection> {
        match self.side {
            Side::Long if self.lowest <= price => Err(bad_request("Stoploss must be lower than the market price")),
            Side::Long if price < self.liquidation => {
                Err(bad_request("Stoploss must not be lower than the liquidation price"))
            }
            Side::Short if price <= self.highest => Err(bad_request("Stoploss must be higher than the market price")),
            Side::Short if self.liquidation < price => {
                Err(bad_request("Stoploss must not be higher than the liquidation price"))
            }
            _ => Ok(()),
        }
    }

    /// A long's take-profit lies above the market, a short's below; so it is always beyond the stop-loss.
    pub fn check_take_profit(&self, price: Price) -> Result<(), Rejection> {
        match self.side {
            Side::Long if price <= self.highest => Err(bad_request("Takeprofit must be higher than the market price")),
            Side::Short if self.lowest <= price => Err(bad_request("Takeprofit must be lower than the market price")),
            _ => Ok(()),
        }
    }
}

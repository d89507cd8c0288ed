//! LN Markets, live or signet, as the program reaches it.

use super::exchange_key::ExchangeKey;
use domain::Mode;
use exchange::{Exchange, Market, PriceFeed};
use service::Clock;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum LnMarketsError {
    #[error("x")]
    X,
}

pub struct LnMarkets;

impl LnMarkets {
    pub fn reach(_mode: Mode, _endpoint: Option<&str>, _clock: &Arc<dyn Clock>) -> Result<LnMarkets, LnMarketsError> {
        Err(LnMarketsError::X)
    }
    pub fn market(&self) -> Arc<dyn Market> {
        unimplemented!()
    }
    pub fn feed(&self) -> Box<dyn PriceFeed> {
        unimplemented!()
    }
    pub fn open_account(&self, _key: &ExchangeKey) -> Result<Arc<dyn Exchange>, LnMarketsError> {
        unimplemented!()
    }
}

//! Where one source's past is read.

use super::lnmarkets_side::{LnMarkets, LnMarketsError};
use binance::{BinanceEndpoint, BinanceError, BinanceMarket};
use domain::{HistorySource, Mode};
use exchange::Market;
use exchange::history::SettlementSource;
use service::Clock;
use std::sync::Arc;

/// One source's bars, and its settlements where it has any.
#[derive(Clone)]
pub struct Past {
    pub source: HistorySource,
    pub market: Arc<dyn Market>,
    pub settlements: Option<Arc<dyn SettlementSource>>,
}

#[derive(Debug, thiserror::Error)]
pub enum PastError {
    #[error("a paper exchange is wherever it was started: give its --endpoint")]
    NoEndpoint,
    #[error("what is read at another address than LN Markets' own is not LN Markets' past: use --source paper")]
    Elsewhere,
    #[error(transparent)]
    LnMarkets(#[from] LnMarketsError),
    #[error(transparent)]
    Binance(#[from] BinanceError),
}

impl Past {
    /// At the source's own address; a paper exchange has none, and counts requests as LN Markets does.
    pub fn of(source: HistorySource, endpoint: Option<&str>, clock: &Arc<dyn Clock>) -> Result<Past, PastError> {
        match (source, endpoint) {
            (HistorySource::LnMarkets, None) => Ok(LnMarkets::reach(Mode::Live, None, clock)?.past(source)),
            (HistorySource::Signet, None) => Ok(LnMarkets::reach(Mode::Signet, None, clock)?.past(source)),
            (HistorySource::LnMarkets | HistorySource::Signet, Some(_)) => Err(PastError::Elsewhere),
            (HistorySource::Paper, None) => Err(PastError::NoEndpoint),
            (HistorySource::Paper, Some(url)) => Ok(LnMarkets::reach(Mode::Live, Some(url), clock)?.past(source)),
            (HistorySource::Binance, endpoint) => {
                let market = Arc::new(binance(endpoint, clock)?);
                Ok(Past { source, market, settlements: None })
            }
        }
    }

    /// At a paper exchange that does not count requests.
    pub fn of_unlimited_paper(endpoint: &str, clock: &Arc<dyn Clock>) -> Result<Past, PastError> {
        Ok(LnMarkets::reach_unlimited(endpoint, clock)?.past(HistorySource::Paper))
    }
}

/// Binance's public market, at its own address or at a mirror.
pub fn binance(endpoint: Option<&str>, clock: &Arc<dyn Clock>) -> Result<BinanceMarket, BinanceError> {
    let endpoint = BinanceEndpoint::new(endpoint.unwrap_or(BinanceEndpoint::VISION))?;
    let clock = Arc::clone(clock);
    BinanceMarket::new(endpoint, Arc::new(move || clock.now()))
}

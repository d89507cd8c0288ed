//! A market with another one beside it.

use crate::{CandleQuery, Market, ReadError};
use async_trait::async_trait;
use domain::{Candle, Tick, Ticker, Timestamp};
use std::sync::Arc;

/// A market whose price another one may confirm. Everything else is its own.
pub struct Witnessed {
    own: Arc<dyn Market>,
    witness: Arc<dyn Market>,
}

impl Witnessed {
    pub fn new(own: Arc<dyn Market>, witness: Arc<dyn Market>) -> Witnessed {
        Witnessed { own, witness }
    }
}

#[async_trait]
impl Market for Witnessed {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        self.own.fetch_time().await
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        self.own.fetch_ticker().await
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        self.own.fetch_candles(query).await
    }

    async fn fetch_second_opinion(&self) -> Option<Tick> {
        self.witness.fetch_ticker().await.ok().map(|ticker| ticker.tick)
    }
}

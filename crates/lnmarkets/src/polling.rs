//! Prices by asking again and again, where there is no stream.

use crate::backoff::Backoff;
use crate::market::LnMarketsMarket;
use crate::sieve::Sieve;
use async_trait::async_trait;
use domain::Tick;
use exchange::{Market, PriceFeed, ReadError};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Asks for the ticker at a steady pace. A price that has not moved is told again: the venue has confirmed it.
pub struct PollingFeed {
    market: LnMarketsMarket,
    pace: Duration,
    next: Instant,
    backoff: Backoff,
    sieve: Sieve,
    dates_by_the_clock: bool,
}

impl PollingFeed {
    pub(crate) fn new(market: LnMarketsMarket, pace: Duration, dates_by_the_clock: bool) -> PollingFeed {
        let backoff = Backoff::new(Arc::clone(&market.session().chance), pace, LONGEST_PAUSE);
        PollingFeed { market, pace, next: Instant::now(), backoff, sieve: Sieve::default(), dates_by_the_clock }
    }

    async fn ask(&mut self) -> Result<Option<Tick>, ReadError> {
        sleep_until(self.next).await;
        self.next = Instant::now() + self.pace;
        match self.market.fetch_ticker().await {
            Ok(ticker) => {
                self.backoff.reset();
                let now = self.dates_by_the_clock.then(|| self.market.session().clock.now());
                Ok(self.sieve.admit(ticker.tick, now))
            }
            Err(error) => {
                self.next = Instant::now() + self.backoff.next_pause();
                Err(error)
            }
        }
    }
}

#[async_trait]
impl PriceFeed for PollingFeed {
    async fn next_tick(&mut self) -> Result<Tick, ReadError> {
        loop {
            let before = self.sieve.dropped;
            if let Some(tick) = self.ask().await? {
                return Ok(tick);
            }
            tracing::debug!(?before, after = ?self.sieve.dropped, "a price was not believed");
        }
    }
}

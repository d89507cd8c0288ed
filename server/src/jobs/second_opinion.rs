//! Asks another market for its price now and then, so that a person sees whether it agrees. Nothing is done about it.

use crate::jobs::market_feed::MarketFeed;
use domain::source::{Opinion, SourceHealth, SourceRole};
use domain::{Bps, Millis, Tick, Timestamp};
use exchange::{GuardedMarket, Market, second_opinion};
use service::Clock;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two questions.
const PACE: Duration = Duration::from_secs(10);
/// A price that is older says nothing.
const LIFE: Millis = Millis::from_secs(30);
/// Prices of two markets always differ a little.
const TOLERANCE: Bps = Bps::new(100);

/// Another market, and what it said last.
pub struct SecondOpinion<M> {
    market: Arc<GuardedMarket<M>>,
    clock: Arc<dyn Clock>,
    heard: Mutex<Option<Heard>>,
}

#[derive(Clone, Copy)]
struct Heard {
    tick: Tick,
    received_at: Timestamp,
    opinion: Opinion,
}

impl<M: Market> SecondOpinion<M> {
    pub fn new(market: Arc<GuardedMarket<M>>, clock: Arc<dyn Clock>) -> SecondOpinion<M> {
        SecondOpinion { market, clock, heard: Mutex::default() }
    }

    /// Asks until the program stops, from the first price on that there is an opinion to have of.
    pub async fn run(&self, feed: &MarketFeed, stop: &CancellationToken) {
        let asking = async {
            // The feed lives as long as this borrow of it, so there is no other end to the wait.
            let _ = feed.prices().wait_for(Option::is_some).await;
            loop {
                self.ask(feed).await;
                tokio::time::sleep(PACE).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = asking => {}
        }
    }

    /// Asks once.
    pub async fn ask(&self, feed: &MarketFeed) {
        let tick = match self.market.fetch_ticker().await {
            Ok(ticker) => ticker.tick,
            Err(error) => return tracing::debug!(market = self.market.name(), %error, "no second opinion"),
        };
        let opinion = feed.newest().map_or(Opinion::None, |own| second_opinion(&own.tick, &tick, TOLERANCE));
        let heard = Heard { tick, received_at: self.clock.now(), opinion };
        let before = self.heard.lock().unwrap_or_else(PoisonError::into_inner).replace(heard);
        let doubted = before.is_some_and(|before| matches!(before.opinion, Opinion::Doubts { .. }));
        match opinion {
            Opinion::Doubts { by } if !doubted => {
                tracing::warn!(market = self.market.name(), %by, "another market has another price");
            }
            Opinion::Agrees if doubted => tracing::info!(market = self.market.name(), "the prices agree again"),
            _ => {}
        }
    }

    pub fn health(&self) -> SourceHealth {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let age = heard.map(|heard| self.clock.now().since(heard.received_at));
        let is_fresh = age.is_some_and(|age| age < LIFE);
        SourceHealth {
            name: self.market.name().to_owned(),
            role: SourceRole::SecondOpinion,
            price: heard.map(|heard| heard.tick.last),
            age,
            is_fresh,
            breaker: self.market.state(),
            stream: None,
            clock_offset: None,
            opinion: Some(heard.filter(|_| is_fresh).map_or(Opinion::None, |heard| heard.opinion)),
        }
    }
}

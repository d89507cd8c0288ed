//! How a source of prices is watched while it is in use.

use crate::jobs::market_feed::MarketFeed;
use domain::source::{BreakerState, SourceHealth, SourceRole, StreamState};
use domain::{Millis, Mode};
use service::{Clock, Teller};
use std::sync::Arc;

/// What can be seen of a source beside its prices.
pub struct Watch {
    /// What people call it.
    pub name: String,
    pub mode: Mode,
    pub breaker: Arc<dyn Fn() -> BreakerState + Send + Sync>,
    /// `None` where prices are only asked for.
    pub stream: Option<Arc<dyn Fn() -> StreamState + Send + Sync>>,
    pub clock_offset: Arc<dyn Fn() -> Option<Millis> + Send + Sync>,
}

impl Watch {
    /// A market within this process, which nothing lies in front of.
    pub fn of_paper() -> Watch {
        Watch {
            name: "Paper".to_owned(),
            mode: Mode::Paper,
            breaker: Arc::new(|| BreakerState::Closed { failures: 0 }),
            stream: None,
            clock_offset: Arc::new(|| None),
        }
    }

    /// Tells how the source of this feed does.
    pub fn teller(self, feed: Arc<MarketFeed>, clock: Arc<dyn Clock>) -> Teller {
        Arc::new(move || {
            let age = feed.age(&*clock);
            SourceHealth {
                name: self.name.clone(),
                role: SourceRole::Decides(self.mode),
                price: feed.newest().map(|newest| newest.tick.last),
                age: age.map(|(age, _)| age),
                is_fresh: age.is_some_and(|(_, is_fresh)| is_fresh),
                breaker: (self.breaker)(),
                stream: self.stream.as_ref().map(|stream| stream()),
                clock_offset: (self.clock_offset)(),
                opinion: None,
            }
        })
    }
}

//! The sole reader of a market's price feed: newest tick to whoever watches, and a call to whom it concerns.

use domain::{AccountId, Millis, Tick};
use exchange::{Market, PriceFeed};
use service::{Clock, Desk, ReceivedTick};
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The pause after a failed read; the feed has its own patience, this one only keeps a broken feed from spinning.
const PAUSE: Duration = Duration::from_millis(500);

/// One market's prices, and the accounts that live on it.
pub struct MarketFeed {
    name: &'static str,
    market: Arc<dyn Market>,
    prices: watch::Sender<Option<ReceivedTick>>,
    accounts: RwLock<HashSet<AccountId>>,
}

impl MarketFeed {
    pub fn new(name: &'static str, market: Arc<dyn Market>) -> MarketFeed {
        MarketFeed { name, market, prices: watch::Sender::new(None), accounts: RwLock::default() }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn market(&self) -> Arc<dyn Market> {
        Arc::clone(&self.market)
    }

    pub fn prices(&self) -> watch::Receiver<Option<ReceivedTick>> {
        self.prices.subscribe()
    }

    pub fn newest(&self) -> Option<ReceivedTick> {
        *self.prices.borrow()
    }

    /// Counts an account among those that this market's prices call.
    pub fn add_account(&self, account: AccountId) {
        self.accounts.write().unwrap_or_else(PoisonError::into_inner).insert(account);
    }

    /// Reads the feed until the program stops.
    pub async fn run(&self, mut feed: Box<dyn PriceFeed>, desk: &Desk, clock: &dyn Clock, stop: &CancellationToken) {
        loop {
            let next = tokio::select! {
                () = stop.cancelled() => return,
                next = feed.next_tick() => next,
            };
            match next {
                Ok(tick) => self.receive(tick, desk, clock),
                Err(error) => {
                    tracing::warn!(market = self.name, %error, "no price");
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                }
            }
        }
    }

    /// Takes in one tick: watchers first, then a call to each account of this market whose trigger it has reached.
    pub fn receive(&self, tick: Tick, desk: &Desk, clock: &dyn Clock) {
        if self.newest().is_some_and(|newest| tick.at < newest.tick.at) {
            tracing::debug!(market = self.name, "a price older than the newest was dropped");
            return;
        }
        let received_at = clock.now();
        self.prices.send_replace(Some(ReceivedTick { tick, received_at }));
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        // The index holds the accounts of every market; another market's price is none of theirs.
        desk.call(&tick, received_at, |account| accounts.contains(&account));
    }

    /// The newest price's age and whether it may still be decided on; `None` before the first.
    pub fn age(&self, clock: &dyn Clock) -> Option<(Millis, bool)> {
        let now = clock.now();
        self.newest().map(|newest| (newest.age(now), !newest.is_stale(now)))
    }
}

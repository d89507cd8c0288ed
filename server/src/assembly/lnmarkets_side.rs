//! LN Markets, live or signet, as the program reaches it.

use super::past::Past;
use super::venues::MakeEvents;
use super::watch::Watch;
use crate::system_clock::SystemEntropy;
use domain::source::StreamState;
use domain::{HistorySource, Mode};
use exchange::{Exchange, GuardedMarket, Market, PriceFeed};
use lnmarkets::{
    ApiKey, Chance, Checkup, Client, ClientOptions, Endpoint, KeyRefusal, Network, Patience, Permissions, RateLimits,
    ReachError, StreamHealth, check_key,
};
use service::{Clock, Entropy, ExchangeKey};
use std::sync::Arc;
use std::time::Duration;

/// Why LN Markets can't be reached, whatever the network does.
#[derive(Debug, thiserror::Error)]
pub enum LnMarketsError {
    #[error(transparent)]
    Reach(#[from] ReachError),
    #[error("paper accounts do not live on LN Markets")]
    Paper,
}

/// One of LN Markets' networks, or a server that speaks its language.
pub struct LnMarkets {
    client: Arc<Client>,
    clock: lnmarkets::Clock,
}

/// Its prices, and how they are watched.
pub struct Prices {
    pub market: Arc<dyn Market>,
    pub feed: Box<dyn PriceFeed>,
    pub watch: Watch,
}

impl LnMarkets {
    /// At the mode's own address, or at `endpoint` where one is given.
    pub fn reach(mode: Mode, endpoint: Option<&str>, clock: &Arc<dyn Clock>) -> Result<LnMarkets, LnMarketsError> {
        let network = match mode {
            Mode::Live => Network::Mainnet,
            Mode::Signet => Network::Signet,
            Mode::Paper => return Err(LnMarketsError::Paper),
        };
        let endpoint = match endpoint {
            Some(url) => Endpoint::at(url, network),
            None => Endpoint::of(network),
        };
        LnMarkets::open(endpoint.map_err(ReachError::from)?, RateLimits::default(), clock)
    }

    /// At a server that does not count requests.
    pub fn reach_unlimited(endpoint: &str, clock: &Arc<dyn Clock>) -> Result<LnMarkets, LnMarketsError> {
        let endpoint = Endpoint::at(endpoint, Network::Mainnet).map_err(ReachError::from)?;
        LnMarkets::open(endpoint, RateLimits::UNLIMITED, clock)
    }

    fn open(endpoint: Endpoint, limits: RateLimits, clock: &Arc<dyn Clock>) -> Result<LnMarkets, LnMarketsError> {
        let clock = Arc::clone(clock);
        let clock: lnmarkets::Clock = Arc::new(move || clock.now());
        let patience = Patience::default();
        let options = ClientOptions { endpoint, clock: Arc::clone(&clock), chance: chance(), limits, patience };
        Ok(LnMarkets { client: Arc::new(Client::new(options)?), clock })
    }

    pub fn market(&self) -> Arc<dyn Market> {
        Arc::new(self.client.market())
    }

    /// Its bars and settlements, under the name by which they are kept.
    pub fn past(&self, source: HistorySource) -> Past {
        Past { source, market: self.market(), settlements: Some(Arc::new(self.client.market())) }
    }

    pub fn feed(&self) -> Box<dyn PriceFeed> {
        Box::new(self.client.feed())
    }

    /// Prices for the accounts of one mode. However often the market fails, it is asked: nothing else saves a position.
    pub fn prices(&self, name: &str, mode: Mode) -> Prices {
        let (feed, market) = (self.client.feed(), self.client.market());
        let (health, measured) = (feed.health(), market.clone());
        let market = Arc::new(GuardedMarket::watched(name, market, Arc::clone(&self.clock)));
        let watched = Arc::clone(&market);
        let watch = Watch {
            name: name.to_owned(),
            mode,
            breaker: Arc::new(move || watched.state()),
            stream: Some(Arc::new(move || stream_state(health()))),
            clock_offset: Arc::new(move || measured.clock_offset()),
        };
        Prices { market, feed: Box::new(feed), watch }
    }

    /// An account as its key opens it; nothing is asked of the venue yet.
    pub fn open_account(&self, key: &ExchangeKey) -> Result<Arc<dyn Exchange>, LnMarketsError> {
        Ok(Arc::new(self.client.account(api_key(key))))
    }

    /// What tells of a key's account; a socket is opened when it is listened to.
    pub fn account_events(&self, key: &ExchangeKey) -> MakeEvents {
        let (client, key) = (Arc::clone(&self.client), api_key(key));
        Box::new(move || Box::new(client.account_feed(key.clone())))
    }

    /// A look at what is taken for granted about the venue; see [`Checkup`].
    pub fn checkup<'a>(
        &'a self,
        other: Option<&'a LnMarkets>,
        key: Option<&ExchangeKey>,
        may_trade: bool,
        listen: Duration,
    ) -> Checkup<'a> {
        let other = other.map(|other| &*other.client);
        Checkup { client: &self.client, other, key: key.map(api_key), may_trade, listen }
    }

    /// Asks the venue whether the key may be kept, and what it may do. A key of the `other` network is named as such.
    pub async fn check_key(&self, key: &ExchangeKey, other: Option<&LnMarkets>) -> Result<Permissions, KeyRefusal> {
        let report = check_key(&self.client, other.map(|other| &*other.client), &api_key(key), &[]).await?;
        Ok(report.permissions)
    }
}

fn stream_state(health: StreamHealth) -> StreamState {
    let StreamHealth { is_streaming, built, frozen, dropped, unreadable, .. } = health;
    let dropped = dropped.old.saturating_add(dropped.ahead).saturating_add(dropped.leaps);
    StreamState { is_up: is_streaming, built, frozen, dropped, unreadable }
}

fn api_key(key: &ExchangeKey) -> ApiKey {
    let (secret, passphrase) = (key.secret.clone().into(), key.passphrase.clone().into());
    ApiKey { key: key.key.clone(), secret, passphrase }
}

fn chance() -> Chance {
    Arc::new(|| {
        let mut bytes = [0; 8];
        SystemEntropy.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    })
}

//! LN Markets at one endpoint.

use crate::account::LnMarketsAccount;
use crate::answer_time::AnswerTime;
use crate::backoff::Chance;
use crate::budget::{Budget, RateLimits};
use crate::circuit::Circuit;
use crate::endpoint::{Endpoint, EndpointError, Network};
use crate::key::ApiKey;
use crate::market::LnMarketsMarket;
use crate::rest::{Patience, Transport, TransportError};
use crate::session::{Session, Signer};
use crate::stream::{self, Connection, OpenError, StreamAccountFeed, StreamFeed, StreamOptions, Topic};
use crate::venue_clock::{Clock, VenueClock};
use reqwest::Url;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The public budget of one request a second leaves room for candles beside it.
const POLLING_PACE: Duration = Duration::from_millis(1_500);
/// Where requests are not counted, prices come faster.
const FAST_PACE: Duration = Duration::from_millis(200);

/// What a client is made from.
pub struct ClientOptions {
    pub endpoint: Endpoint,
    pub clock: Clock,
    pub chance: Chance,
    pub limits: RateLimits,
    pub patience: Patience,
}

/// Why LN Markets can't be reached at all.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    #[error("no connection to LN Markets can be set up")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<TransportError> for ReachError {
    fn from(error: TransportError) -> ReachError {
        ReachError::Transport(Box::new(error))
    }
}

/// What all who hold a key share.
type OfKey = (Arc<Budget>, Arc<Circuit>);

/// One endpoint with its connections, its clock and the budgets of its keys.
pub struct Client {
    session: Arc<Session>,
    limits: RateLimits,
    stream_url: Url,
    network: Network,
    is_venues_own: bool,
    keys: Mutex<HashMap<String, OfKey>>,
}

impl Client {
    /// Needs rustls's process-wide crypto provider.
    pub fn new(options: ClientOptions) -> Result<Client, ReachError> {
        let ClientOptions { endpoint, clock, chance, limits, patience } = options;
        let (is_venues_own, network, stream_url) =
            (endpoint.is_venues_own(), endpoint.network(), endpoint.stream().clone());
        let session = Session {
            answer_time: AnswerTime::default(),
            transport: Transport::new(endpoint, patience)?,
            clock: VenueClock::new(clock),
            chance,
            patience,
            public: Budget::new(limits.public),
            measuring: tokio::sync::Mutex::default(),
        };
        Ok(Client { session: Arc::new(session), limits, stream_url, network, is_venues_own, keys: Mutex::default() })
    }

    /// All accounts of the same key share its budget and its circuit.
    pub fn account(&self, key: ApiKey) -> LnMarketsAccount {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = keys.entry(key.key.clone());
        let (budget, circuit) = shared.or_insert_with(|| (Arc::new(Budget::new(self.limits.signed)), Arc::default()));
        let signer = Signer { key, budget: Arc::clone(budget), circuit: Arc::clone(circuit) };
        LnMarketsAccount::new(Arc::clone(&self.session), signer, self.stream_url.clone())
    }

    pub fn market(&self) -> LnMarketsMarket {
        LnMarketsMarket::new(Arc::clone(&self.session))
    }

    /// Prices from the stream; from REST wherever it is silent or broken.
    pub fn feed(&self) -> StreamFeed {
        let pace = if self.limits.public.is_some() { POLLING_PACE } else { FAST_PACE };
        StreamFeed::new(self.stream(None, Topic::PRICES.to_vec()), self.market(), pace, self.is_venues_own)
    }

    /// What happens to the key's account.
    pub fn account_feed(&self, key: ApiKey) -> StreamAccountFeed {
        StreamAccountFeed::new(self.stream(Some(key), Topic::ACCOUNT.to_vec()))
    }

    pub(crate) const fn session(&self) -> &Arc<Session> {
        &self.session
    }

    pub const fn network(&self) -> Network {
        self.network
    }

    /// What the venue says that a key may do.
    pub(crate) async fn whoami(&self, key: &ApiKey) -> Result<Vec<String>, OpenError> {
        let (url, session) = (self.stream_url.clone(), Arc::clone(&self.session));
        stream::whoami(StreamOptions { url, session, key: Some(key.clone()), topics: Vec::new() }).await
    }

    /// Whatever the venue tells of these topics; those of an account need its key.
    pub fn stream(&self, key: Option<ApiKey>, topics: Vec<Topic>) -> Connection {
        let (url, session) = (self.stream_url.clone(), Arc::clone(&self.session));
        Connection::new(StreamOptions { url, session, key, topics })
    }
}

//! LN Markets at one endpoint.

use crate::account::LnMarketsAccount;
use crate::backoff::Chance;
use crate::budget::{Budget, RateLimits};
use crate::endpoint::{Endpoint, EndpointError};
use crate::key::ApiKey;
use crate::market::LnMarketsMarket;
use crate::polling::PollingFeed;
use crate::rest::{Patience, Transport, TransportError};
use crate::session::{Session, Signer};
use crate::venue_clock::{Clock, VenueClock};
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

/// One endpoint with its connections, its clock and the budgets of its keys.
pub struct Client {
    session: Arc<Session>,
    limits: RateLimits,
    is_venues_own: bool,
    budgets: Mutex<HashMap<String, Arc<Budget>>>,
}

impl Client {
    /// Needs rustls's process-wide crypto provider.
    pub fn new(options: ClientOptions) -> Result<Client, ReachError> {
        let ClientOptions { endpoint, clock, chance, limits, patience } = options;
        let is_venues_own = endpoint.is_venues_own();
        let session = Session {
            transport: Transport::new(endpoint, patience)?,
            clock: VenueClock::new(clock),
            chance,
            patience,
            public: Budget::new(limits.public),
            measuring: tokio::sync::Mutex::default(),
        };
        Ok(Client { session: Arc::new(session), limits, is_venues_own, budgets: Mutex::default() })
    }

    /// All accounts of the same key share its budget.
    pub fn account(&self, key: ApiKey) -> LnMarketsAccount {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets.entry(key.key.clone()).or_insert_with(|| Arc::new(Budget::new(self.limits.signed)));
        let signer = Signer { key, budget: Arc::clone(budget) };
        LnMarketsAccount::new(Arc::clone(&self.session), signer)
    }

    pub fn market(&self) -> LnMarketsMarket {
        LnMarketsMarket::new(Arc::clone(&self.session))
    }

    pub fn feed(&self) -> PollingFeed {
        let pace = if self.limits.public.is_some() { POLLING_PACE } else { FAST_PACE };
        PollingFeed::new(self.market(), pace, self.is_venues_own)
    }
}

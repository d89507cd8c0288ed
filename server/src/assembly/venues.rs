//! The exchanges that accounts live on; each market starts when its first account needs it.

use super::exchange_key::ExchangeKey;
use super::lnmarkets_side::{LnMarkets, LnMarketsError};
use super::paper_side::{LivePrice, PaperError, PaperSide};
use crate::configuration::{PaperConfiguration, PaperSource};
use crate::jobs::history::{self, Rhythm};
use crate::jobs::market_feed::MarketFeed;
use crate::jobs::supervisor::supervise;
use domain::{HistorySource, Mode};
use exchange::{AccountFeed, Exchange, Market, PriceFeed};
use service::{Clock, Desk, Entropy, PriceHistory, SealError, Sealer};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Account, Store};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What the venues are made from.
pub struct Ground {
    pub desk: Arc<Desk>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub sealer: Sealer,
    /// LN Markets' address for live accounts; `None` for its own.
    pub live_endpoint: Option<String>,
    /// The same for signet accounts.
    pub signet_endpoint: Option<String>,
    pub paper: PaperConfiguration,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

/// Every exchange of the program.
pub struct Venues {
    ground: Ground,
    paper: OnceCell<(PaperSide, Arc<MarketFeed>)>,
    live: OnceCell<(LnMarkets, Arc<MarketFeed>)>,
    signet: OnceCell<(LnMarkets, Arc<MarketFeed>)>,
    feeds: Mutex<Vec<Arc<MarketFeed>>>,
}

/// An account's ways to its exchange.
pub struct Connection {
    pub exchange: Arc<dyn Exchange>,
    pub feed: Arc<MarketFeed>,
    pub events: MakeEvents,
}

/// Makes what tells of the account; called again where its listener has to be made anew.
pub type MakeEvents = Box<dyn Fn() -> Box<dyn AccountFeed> + Send + Sync>;

/// Why an account can't be served.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(transparent)]
    Paper(#[from] PaperError),
    #[error(transparent)]
    LnMarkets(#[from] LnMarketsError),
    #[error(transparent)]
    Key(#[from] SealError),
    #[error("the account has no key; add it again with its key")]
    NoKey,
}

impl Venues {
    pub fn new(ground: Ground) -> Venues {
        let (paper, live, signet) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Venues { ground, paper, live, signet, feeds: Mutex::default() }
    }

    pub async fn connect(&self, account: &Account) -> Result<Connection, ConnectError> {
        match account.mode {
            Mode::Paper => {
                let (side, feed) = self.paper().await?;
                let exchange = side.open_account(account.id)?;
                let told = exchange.clone();
                let events: MakeEvents = Box::new(move || Box::new(told.feed()));
                Ok(Connection { exchange: Arc::new(exchange), feed: Arc::clone(feed), events })
            }
            Mode::Live | Mode::Signet => {
                let sealed = account.sealed_key.as_deref().ok_or(ConnectError::NoKey)?;
                let key = ExchangeKey::open(sealed, account.user, account.id, &self.ground.sealer)?;
                let (side, feed) = self.lnmarkets(account.mode).await?;
                let events = side.account_events(&key);
                Ok(Connection { exchange: side.open_account(&key)?, feed: Arc::clone(feed), events })
            }
        }
    }

    /// The markets that are in use now.
    pub fn feeds(&self) -> Vec<Arc<MarketFeed>> {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn paper(&self) -> Result<&(PaperSide, Arc<MarketFeed>), ConnectError> {
        self.paper
            .get_or_try_init(|| async {
                let Ground { clock, entropy, tasks, stop, paper, .. } = &self.ground;
                let live = match paper.source {
                    PaperSource::Live => Some(self.live_price().await?),
                    PaperSource::Scenario(_) | PaperSource::CandleFile(_) => None,
                };
                let side = PaperSide::start(paper, live, Arc::clone(clock), &**entropy, tasks, stop).await?;
                let feed = self.start_feed("paper", Arc::new(side.market.clone()), Box::new(side.market.feed()));
                Ok((side, feed))
            })
            .await
    }

    async fn live_price(&self) -> Result<LivePrice, ConnectError> {
        let side = LnMarkets::reach(Mode::Live, self.ground.live_endpoint.as_deref(), &self.ground.clock)?;
        self.keep_past(&side, Mode::Live);
        Ok(LivePrice { market: side.market(), feed: side.feed() })
    }

    async fn lnmarkets(&self, mode: Mode) -> Result<&(LnMarkets, Arc<MarketFeed>), ConnectError> {
        let (cell, name, endpoint) = match mode {
            Mode::Signet => (&self.signet, "signet", self.ground.signet_endpoint.as_deref()),
            Mode::Live | Mode::Paper => (&self.live, "live", self.ground.live_endpoint.as_deref()),
        };
        cell.get_or_try_init(|| async {
            let side = LnMarkets::reach(mode, endpoint, &self.ground.clock)?;
            let feed = self.start_feed(name, side.market(), side.feed());
            self.keep_past(&side, mode);
            Ok((side, feed))
        })
        .await
    }

    /// Keeps LN Markets' past in the background. That of a paper market within this process is not kept: it begins anew
    /// with each start.
    fn keep_past(&self, side: &LnMarkets, mode: Mode) {
        let source = match (mode, &self.ground.live_endpoint) {
            (Mode::Signet, _) => HistorySource::Signet,
            (Mode::Live | Mode::Paper, None) => HistorySource::LnMarkets,
            (Mode::Live | Mode::Paper, Some(_)) => HistorySource::Paper,
        };
        let (past, stop) = (side.past(source), self.ground.stop.clone());
        let history = PriceHistory::new(Arc::clone(&self.ground.store), source);
        self.ground.tasks.spawn(async move {
            supervise("history", &stop, || {
                let (past, history, stop) = (past.clone(), history.clone(), stop.clone());
                async move { history::run(&past, &history, Rhythm::default(), &stop).await }
            })
            .await;
        });
    }

    fn start_feed(&self, name: &'static str, market: Arc<dyn Market>, prices: Box<dyn PriceFeed>) -> Arc<MarketFeed> {
        let feed = Arc::new(MarketFeed::new(name, market));
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&feed));
        let Ground { desk, clock, stop, .. } = &self.ground;
        let (reader, desk, clock, stop) = (Arc::clone(&feed), Arc::clone(desk), Arc::clone(clock), stop.clone());
        self.ground.tasks.spawn(async move { reader.run(prices, &desk, &*clock, &stop).await });
        feed
    }
}

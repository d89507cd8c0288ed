//! The exchanges that accounts live on; each market starts when its first account needs it.

use super::lnmarkets_side::{LnMarkets, LnMarketsError, Prices};
use super::paper_side::{LivePrice, PaperError, PaperSide};
use super::past;
use super::watch::Watch;
use crate::configuration::{PaperConfiguration, PaperSource, SecondOpinionSource};
use crate::jobs::history::{self, Rhythm};
use crate::jobs::market_feed::MarketFeed;
use crate::jobs::second_opinion::SecondOpinion;
use crate::jobs::supervisor::supervise;
use binance::{BinanceError, BinanceMarket};
use domain::{HistorySource, Mode};
use exchange::{AccountFeed, Exchange, GuardedMarket, Market, PriceFeed, Witnessed};
use service::{Clock, Desk, Entropy, ExchangeKey, PriceHistory, SealError, Sealer, Sources};
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
    /// Who else is asked about the price of live accounts.
    pub second_opinion: SecondOpinionSource,
    pub sources: Arc<Sources>,
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
    /// By what it was opened; `None` where no key is needed.
    pub key: Option<ExchangeKey>,
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
    Binance(#[from] BinanceError),
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
                Ok(Connection { exchange: Arc::new(exchange), feed: Arc::clone(feed), events, key: None })
            }
            Mode::Live | Mode::Signet => {
                let key = self.open_key(account)?;
                let (side, feed) = self.lnmarkets(account.mode).await?;
                let events = side.account_events(&key);
                let exchange = side.open_account(&key)?;
                Ok(Connection { exchange, feed: Arc::clone(feed), events, key: Some(key) })
            }
        }
    }

    /// The key of an account that needs one.
    pub fn open_key(&self, account: &Account) -> Result<ExchangeKey, ConnectError> {
        let sealed = account.sealed_key.as_deref().ok_or(ConnectError::NoKey)?;
        Ok(ExchangeKey::open(sealed, account.user, account.id, &self.ground.sealer)?)
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
                let market = Arc::new(side.market.clone());
                let feed = Arc::new(MarketFeed::new("paper", market));
                self.start_feed(&feed, Box::new(side.market.feed()), Watch::of_paper());
                Ok((side, feed))
            })
            .await
    }

    async fn live_price(&self) -> Result<LivePrice, ConnectError> {
        let side = LnMarkets::reach(Mode::Live, self.endpoint(Mode::Live), &self.ground.clock)?;
        self.keep_past(&side, Mode::Live);
        Ok(LivePrice { market: side.market(), feed: side.feed() })
    }

    async fn lnmarkets(&self, mode: Mode) -> Result<&(LnMarkets, Arc<MarketFeed>), ConnectError> {
        let (cell, name) = match mode {
            Mode::Signet => (&self.signet, "signet"),
            Mode::Live | Mode::Paper => (&self.live, "live"),
        };
        let endpoint = self.endpoint(mode);
        cell.get_or_try_init(|| async {
            let side = LnMarkets::reach(mode, endpoint, &self.ground.clock)?;
            let Prices { market, feed: prices, watch } = side.prices(&name_of(mode, endpoint), mode);
            let witness = if mode == Mode::Live { self.witness()? } else { None };
            let market = match &witness {
                Some(witness) => Arc::new(Witnessed::new(market, Arc::clone(witness) as Arc<dyn Market>)),
                None => market,
            };
            let feed = Arc::new(MarketFeed::new(name, market));
            self.start_feed(&feed, prices, watch);
            if let Some(witness) = witness {
                self.start_second_opinion(&feed, witness);
            }
            self.keep_past(&side, mode);
            Ok((side, feed))
        })
        .await
    }

    /// The other market, where one is asked.
    fn witness(&self) -> Result<Option<Arc<GuardedMarket<BinanceMarket>>>, ConnectError> {
        let Ground { second_opinion, clock, .. } = &self.ground;
        let SecondOpinionSource::Binance { endpoint } = second_opinion else { return Ok(None) };
        let market = past::binance(endpoint.as_deref(), clock)?;
        let clock = Arc::clone(clock);
        Ok(Some(Arc::new(GuardedMarket::new(binance::NAME, market, Arc::new(move || clock.now())))))
    }

    fn start_second_opinion(&self, feed: &Arc<MarketFeed>, witness: Arc<GuardedMarket<BinanceMarket>>) {
        let Ground { clock, sources, tasks, stop, .. } = &self.ground;
        let opinion = Arc::new(SecondOpinion::new(witness, Arc::clone(clock)));
        let told = Arc::clone(&opinion);
        sources.add(Arc::new(move || told.health()));
        let (feed, stop) = (Arc::clone(feed), stop.clone());
        tasks.spawn(async move { opinion.run(&feed, &stop).await });
    }

    /// LN Markets' address for accounts of this mode; `None` for its own.
    fn endpoint(&self, mode: Mode) -> Option<&str> {
        match mode {
            Mode::Signet => self.ground.signet_endpoint.as_deref(),
            Mode::Live | Mode::Paper => self.ground.live_endpoint.as_deref(),
        }
    }

    /// Keeps LN Markets' past in the background. That of any other server is not kept: a paper market may begin anew
    /// with each start, and another one may stand at the same address tomorrow.
    fn keep_past(&self, side: &LnMarkets, mode: Mode) {
        let source = match (mode, self.endpoint(mode)) {
            (_, Some(_)) => return,
            (Mode::Signet, None) => HistorySource::Signet,
            (Mode::Live | Mode::Paper, None) => HistorySource::LnMarkets,
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

    fn start_feed(&self, feed: &Arc<MarketFeed>, prices: Box<dyn PriceFeed>, watch: Watch) {
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(feed));
        let Ground { desk, clock, sources, tasks, stop, .. } = &self.ground;
        sources.add(watch.teller(Arc::clone(feed), Arc::clone(clock)));
        let (reader, desk, clock, stop) = (Arc::clone(feed), Arc::clone(desk), Arc::clone(clock), stop.clone());
        tasks.spawn(async move { reader.run(prices, &desk, &*clock, &stop).await });
    }
}

/// What people call the market that accounts of this mode live on.
fn name_of(mode: Mode, endpoint: Option<&str>) -> String {
    match (mode, endpoint) {
        (_, Some(endpoint)) => format!("LN Markets at {endpoint}"),
        (Mode::Signet, None) => "LN Markets signet".to_owned(),
        (Mode::Live | Mode::Paper, None) => "LN Markets".to_owned(),
    }
}

//! The paper exchange of this process: one venue and one market for all paper accounts, kept in memory.

use crate::configuration::{PaperConfiguration, PaperSource};
use domain::{AccountId, Interval, Millis, Price, Sats, Tick, Timestamp};
use exchange::{CandleQuery, Market, PriceFeed, ReadError, Rejection};
use paper::candle_file::CandleFileError;
use paper::{Chance, Pace, PaperAccount, PaperMarket, SharedVenue, Source, Spread, Venue, VenueRules};
use service::{Clock, Entropy};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Where scenarios begin, in ticks: 100,000 dollars.
const SCENARIO_START: i64 = 200_000;
/// Bars of the past that a market on the live price starts with.
const LIVE_HISTORY: u32 = 500;

#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    #[error("the paper market's candle file can't be used")]
    CandleFile(#[from] CandleFileError),
    #[error("the candle file has nothing after AXISOR_PAPER_START")]
    NothingToPlay,
    #[error("the live price for the paper market can't be read")]
    Live(#[source] ReadError),
    #[error("the paper account can't be opened")]
    Account(#[source] Rejection),
    #[error("the candle file could not be read to its end")]
    Interrupted,
}

/// A market on LN Markets' public price, when that is what paper trades on.
pub struct LivePrice {
    pub market: Arc<dyn Market>,
    pub feed: Box<dyn PriceFeed>,
}

/// The running paper exchange.
pub struct PaperSide {
    pub market: PaperMarket,
    venue: SharedVenue,
    balance: Sats,
}

impl PaperSide {
    /// Starts the market. What was traded before the program last stopped is gone: it lives in memory.
    pub async fn start(
        configuration: &PaperConfiguration,
        live: Option<LivePrice>,
        clock: Arc<dyn Clock>,
        entropy: &dyn Entropy,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<PaperSide, PaperError> {
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(fresh_seed(entropy))));
        let wall: paper::Clock = Arc::new(move || clock.now());
        let market = start_market(configuration, live, venue.clone(), wall, tasks, stop).await?;
        tracing::warn!("paper trades are kept in memory: a restart begins them anew");
        Ok(PaperSide { market, venue, balance: configuration.balance })
    }

    /// Opens an account with the configured balance.
    pub fn open_account(&self, account: AccountId) -> Result<PaperAccount, PaperError> {
        self.venue.lock().open_account(account, self.balance, 0).map_err(PaperError::Account)?;
        Ok(PaperAccount::new(self.venue.clone(), account))
    }
}

/// Moves a venue by the configured source; one that has lived before goes on from its last price.
pub async fn start_market(
    configuration: &PaperConfiguration,
    live: Option<LivePrice>,
    venue: SharedVenue,
    wall: paper::Clock,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<PaperMarket, PaperError> {
    match (&configuration.source, live) {
        (PaperSource::Live, Some(live)) => follow_live(venue, live, wall, tasks, stop).await,
        _ => {
            let last = venue.lock().last_tick();
            let source = source(configuration, (wall)(), last).await?;
            Ok(play(venue, source, configuration, wall, tasks, stop))
        }
    }
}

/// Ids of paper trades must differ from those of the last run, which the database remembers: the seed of prices is not
/// the seed of ids.
pub fn fresh_seed(entropy: &dyn Entropy) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

async fn source(configuration: &PaperConfiguration, now: Timestamp, last: Option<Tick>) -> Result<Source, PaperError> {
    let next_minute = |at: Timestamp| {
        let minutes = at.unix_ms().div_euclid(Millis::MINUTE.get()).saturating_add(1);
        Timestamp::from_unix_ms(minutes.saturating_mul(Millis::MINUTE.get()))
    };
    let resumed = last.map(|last| next_minute(last.at));
    let pace = Pace::new(configuration.speed);
    match &configuration.source {
        PaperSource::CandleFile(path) => {
            let path = path.clone();
            let series = tokio::task::spawn_blocking(move || paper::candle_file::read(&path))
                .await
                .map_err(|_| PaperError::Interrupted)??;
            let steps = pace.steps(series.interval);
            let start = configuration.start.max(resumed);
            Source::candles(series, start, steps, Spread::default()).ok_or(PaperError::NothingToPlay)
        }
        PaperSource::Scenario(kind) => {
            let this_minute = next_minute(now).minus(Millis::new(Millis::MINUTE.get()));
            let start_at = configuration.start.unwrap_or(this_minute);
            let start_at = resumed.map_or(start_at, |resumed| start_at.max(resumed));
            let start_price = last.map_or(Price::clamped(i128::from(SCENARIO_START)), |last| last.last);
            let steps = pace.steps(Interval::MINUTE);
            Ok(Source::scenario(*kind, configuration.seed, start_price, start_at, steps, Spread::default()))
        }
        PaperSource::Live => Err(PaperError::NothingToPlay),
    }
}

fn play(
    venue: SharedVenue,
    source: Source,
    configuration: &PaperConfiguration,
    wall: paper::Clock,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> PaperMarket {
    let (market, mut running) = PaperMarket::start(venue, source, Pace::new(configuration.speed), wall);
    let stop = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => running.abort(),
            _ = &mut running => tracing::warn!("the paper market's history has ended: its price stands still from now on"),
        }
    });
    market
}

async fn follow_live(
    venue: SharedVenue,
    live: LivePrice,
    wall: paper::Clock,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<PaperMarket, PaperError> {
    let now = (wall)();
    let from = now.minus(Millis::new(Millis::MINUTE.get().saturating_mul(i64::from(LIVE_HISTORY))));
    let query = CandleQuery { interval: Interval::MINUTE, from, to: now, limit: LIVE_HISTORY };
    let history = live.market.fetch_candles(query).await.map_err(PaperError::Live)?;
    let market = PaperMarket::driven(venue, history, wall);
    let (driven, stop) = (market.clone(), stop.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = paper::drive(driven, live.feed) => {}
        }
    });
    Ok(market)
}

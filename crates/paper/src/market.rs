//! The running market: a source of prices, the venue that it moves, and the history that it leaves.

mod calendar;
mod history;
mod pace;

pub use calendar::{BarLength, Period};
pub use pace::Pace;

use crate::source::{Source, Step};
use crate::venue::SharedVenue;
use async_trait::async_trait;
use domain::{Candle, Interval, Tick, Ticker, Timestamp};
use exchange::{CandleQuery, Market, PriceFeed, ReadError};
use history::History;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio::time::{Duration, Instant, sleep, sleep_until};

/// Tells the time of the wall, by which signatures are checked; market time may run faster.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Ticks that a slow reader may be behind before it skips ahead.
const TICKS_AHEAD: usize = 1_024;

/// A handle to a running market; cheap to clone.
#[derive(Clone)]
pub struct PaperMarket {
    shared: Arc<Shared>,
}

struct Shared {
    venue: SharedVenue,
    clock: Clock,
    state: Mutex<State>,
    ticks: broadcast::Sender<Tick>,
}

struct State {
    source: Option<Source>,
    history: History,
}

impl PaperMarket {
    /// A market that follows its source in wall time, at the given pace. The task ends when the source does.
    pub fn start(venue: SharedVenue, source: Source, pace: Pace, clock: Clock) -> (PaperMarket, JoinHandle<()>) {
        let market = PaperMarket::by_hand(venue, source, clock);
        let running = market.clone();
        (market, tokio::spawn(async move { running.run(pace).await }))
    }

    /// A market that moves only when [`PaperMarket::advance`] is called. It starts with the source's first tick.
    pub fn by_hand(venue: SharedVenue, mut source: Source, clock: Clock) -> PaperMarket {
        let history = History::new(source.interval(), source.take_history());
        let market = PaperMarket::of(venue, Some(source), history, clock);
        market.advance();
        market
    }

    /// A market without a source that stands at one price until [`PaperMarket::push`] moves it.
    pub fn still(venue: SharedVenue, first: Tick, clock: Clock) -> PaperMarket {
        let market = PaperMarket::driven(venue, Vec::new(), clock);
        market.push(first);
        market
    }

    /// A market for [`crate::drive`]: its ticks come from elsewhere, its past is given in one-minute bars.
    pub fn driven(venue: SharedVenue, history: Vec<Candle>, clock: Clock) -> PaperMarket {
        PaperMarket::of(venue, None, History::new(Interval::MINUTE, history), clock)
    }

    fn of(venue: SharedVenue, source: Option<Source>, history: History, clock: Clock) -> PaperMarket {
        let (ticks, _) = broadcast::channel(TICKS_AHEAD);
        PaperMarket { shared: Arc::new(Shared { venue, clock, state: Mutex::new(State { source, history }), ticks }) }
    }

    /// Makes the source's next move; `None` once it has ended, or where there is none.
    pub fn advance(&self) -> Option<Tick> {
        let mut state = self.state();
        let step = state.source.as_mut()?.next_step()?;
        self.apply(&mut state, step);
        Some(step.tick)
    }

    /// Moves the market to a price from elsewhere; one that is older than the last is dropped.
    pub fn push(&self, tick: Tick) {
        let mut state = self.state();
        if self.last_tick().is_some_and(|last| tick.at < last.at) {
            return;
        }
        let bar = state.history.bar_with(&tick);
        self.apply(&mut state, Step { tick, bar });
    }

    fn apply(&self, state: &mut State, step: Step) {
        state.history.take(step.bar);
        if let Err(error) = self.shared.venue.lock().on_tick(step.tick) {
            tracing::error!(%error, "the paper venue could not settle a trade");
        }
        // Nobody has to listen.
        let _ = self.shared.ticks.send(step.tick);
    }

    /// Follows the source until it ends. Where history has a gap, its time is not waited out.
    async fn run(&self, pace: Pace) {
        let mut origin: Option<(Instant, Timestamp)> = None;
        while let Some((at, is_gap)) = self.next_move() {
            let now = Instant::now();
            let (wall, market) = *origin.filter(|_| !is_gap).get_or_insert((now, at));
            origin = Some((wall, market));
            sleep_until(wall + pace.wall_time(at.since(market))).await;
            self.advance();
        }
    }

    /// When the source's next move is, and whether bars are missing before it.
    fn next_move(&self) -> Option<(Timestamp, bool)> {
        let mut state = self.state();
        let interval = state.history.interval().length();
        let at = state.source.as_mut()?.peek()?.tick.at;
        let is_gap = self.last_tick().is_some_and(|last| last.at.plus(interval) < at);
        Some((at, is_gap))
    }

    pub fn venue(&self) -> &SharedVenue {
        &self.shared.venue
    }

    pub fn last_tick(&self) -> Option<Tick> {
        self.shared.venue.lock().last_tick()
    }

    /// Market time: that of the newest tick.
    pub fn now(&self) -> Option<Timestamp> {
        self.last_tick().map(|tick| tick.at)
    }

    /// The bar that holds the newest price.
    pub fn forming_bar(&self) -> Option<Candle> {
        self.state().history.forming()
    }

    /// The longer bar that holds the newest price; `None` where the length is no multiple of the source's.
    pub fn forming(&self, length: impl Into<BarLength>) -> Option<Candle> {
        self.state().history.forming_of(length.into())
    }

    /// Every tick from now on.
    pub(crate) fn ticks(&self) -> broadcast::Receiver<Tick> {
        self.shared.ticks.subscribe()
    }

    /// Closed bars that opened in `[from, to)`, oldest first; `None` where the length is no multiple of the source's.
    pub fn closed_bars(&self, length: impl Into<BarLength>, from: Timestamp, to: Timestamp) -> Option<Vec<Candle>> {
        self.state().history.closed(length.into(), from, to)
    }

    /// The prices from now on, beginning with the newest.
    pub fn feed(&self) -> PaperFeed {
        let ticks = self.shared.ticks.subscribe();
        PaperFeed { newest: self.last_tick(), ticks, told: None }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Market for PaperMarket {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        Ok((self.shared.clock)())
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        let ticker = self.shared.venue.lock().ticker();
        ticker.ok_or_else(|| ReadError::Unavailable("there is no price yet".to_owned()))
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        let CandleQuery { interval, from, to, limit } = query;
        let mut bars = self
            .closed_bars(interval, from, to)
            .ok_or_else(|| ReadError::Malformed("the paper market has no bars of this length".to_owned()))?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(bars.split_off(bars.len().saturating_sub(limit)))
    }
}

/// The prices of a [`PaperMarket`]. A slow reader skips ahead; time never goes back.
pub struct PaperFeed {
    newest: Option<Tick>,
    ticks: broadcast::Receiver<Tick>,
    told: Option<Timestamp>,
}

#[async_trait]
impl PriceFeed for PaperFeed {
    async fn next_tick(&mut self) -> Result<Tick, ReadError> {
        loop {
            let tick = match self.newest.take() {
                Some(tick) => tick,
                None => match self.ticks.recv().await {
                    Ok(tick) => tick,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => {
                        // Whoever asks again and again must not spin.
                        sleep(Duration::from_secs(1)).await;
                        return Err(ReadError::Unavailable("the paper market has ended".to_owned()));
                    }
                },
            };
            if self.told.is_none_or(|told| told < tick.at) {
                self.told = Some(tick.at);
                return Ok(tick);
            }
        }
    }
}

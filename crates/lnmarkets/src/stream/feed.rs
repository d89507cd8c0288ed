//! Prices from the stream, with REST to confirm its silence and to stand in for it.
//!
//! The stream lives as long as it tells what REST tells. While it is silent, REST is asked: the same price means a quiet
//! market, another price means a frozen stream, which is given up within three seconds.

use super::assembly::Assembly;
use super::connection::Connection;
use super::event::{StreamEvent, StreamTicker};
use crate::backoff::Backoff;
use crate::market::LnMarketsMarket;
use crate::sieve::{Dropped, Sieve};
use async_trait::async_trait;
use domain::{Price, Tick, Ticker};
use exchange::{Market, PriceFeed, ReadError};
use futures::future::BoxFuture;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A stream that told nothing for so long is checked by REST.
const SILENCE: Duration = Duration::from_millis(1_000);
/// A price that REST knows may still be on its way through the stream.
const GRACE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What can be seen of a feed from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamHealth {
    pub is_streaming: bool,
    /// Sockets that were built.
    pub built: u64,
    /// Sockets that were given up because REST knew better.
    pub frozen: u64,
    /// Prices that had been told before.
    pub duplicates: u64,
    pub dropped: Dropped,
    /// Frames that could not be read.
    pub unreadable: u64,
}

pub struct StreamFeed {
    stream: Connection,
    market: LnMarketsMarket,
    pace: Duration,
    backoff: Backoff,
    dates_by_the_clock: bool,
    assembly: Assembly,
    sieve: Sieve,
    poll: Option<BoxFuture<'static, Result<Ticker, ReadError>>>,
    next_poll: Instant,
    /// REST was asked for what happened before the socket was built.
    is_reconciled: bool,
    /// When the stream last told a last price that was new.
    told_at: Instant,
    /// The price when it fell silent.
    silent_since: Option<Price>,
    /// When a stream that REST contradicts is given up.
    given_up_at: Option<Instant>,
    health: Arc<Mutex<StreamHealth>>,
}

impl StreamFeed {
    pub(crate) fn new(stream: Connection, market: LnMarketsMarket, pace: Duration, is_venues_own: bool) -> StreamFeed {
        let backoff = Backoff::new(Arc::clone(&market.session().chance), pace, LONGEST_PAUSE);
        let now = Instant::now();
        StreamFeed {
            stream,
            market,
            pace,
            backoff,
            dates_by_the_clock: is_venues_own,
            assembly: Assembly::default(),
            sieve: Sieve::default(),
            poll: None,
            next_poll: now,
            is_reconciled: false,
            told_at: now,
            silent_since: None,
            given_up_at: None,
            health: Arc::default(),
        }
    }

    /// How the feed does, for as long as it lives.
    pub fn health(&self) -> impl Fn() -> StreamHealth + Send + Sync + use<> {
        let health = Arc::clone(&self.health);
        move || *health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self) -> MutexGuard<'_, StreamHealth> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream that tells is left alone; without one REST is asked at its pace.
    fn poll_due(&self) -> Instant {
        if self.stream.is_up() && self.is_reconciled {
            self.next_poll.max(self.told_at + SILENCE)
        } else {
            self.next_poll
        }
    }

    fn start_poll(&mut self) {
        self.next_poll = Instant::now() + self.pace;
        let market = self.market.clone();
        self.poll = Some(Box::pin(async move { market.fetch_ticker().await }));
    }

    fn admit(&mut self, tick: Tick) -> Option<Tick> {
        let now = self.dates_by_the_clock.then(|| self.market.session().clock.now());
        let admitted = self.sieve.admit(tick, now);
        self.note().dropped = self.sieve.dropped;
        admitted
    }

    fn on_event(&mut self, event: &StreamEvent) -> Option<Tick> {
        match event {
            StreamEvent::Rebuilt => {
                self.note().built += 1;
                self.told_at = Instant::now();
                self.silent_since = self.sieve.newest().map(|tick| tick.last);
                self.given_up_at = None;
                self.is_reconciled = false;
            }
            StreamEvent::Lost(reason) => {
                tracing::info!(%reason, "the price stream is rebuilt; REST stands in");
                self.given_up_at = None;
            }
            _ => {}
        }
        self.note_stream();
        let tick = self.assembly.take(event)?;
        if self.sieve.newest() == Some(tick) {
            self.note().duplicates += 1;
            return None;
        }
        let is_new = tells_last_price(event);
        if !is_new && self.sieve.newest().is_none_or(|newest| newest.last != tick.last) {
            // A last price that was not believed is not confirmed by being carried along with another piece.
            return None;
        }
        let admitted = self.admit(tick)?;
        if is_new {
            self.told_at = Instant::now();
            self.silent_since = Some(admitted.last);
            self.given_up_at = None;
            self.stream.trust();
        }
        Some(admitted)
    }

    fn note_stream(&self) {
        let mut health = self.note();
        health.is_streaming = self.stream.is_up();
        health.unreadable = self.stream.unreadable();
    }

    fn on_poll(&mut self, answer: Result<Ticker, ReadError>) -> Option<Result<Tick, ReadError>> {
        match answer {
            Ok(ticker) => {
                self.backoff.reset();
                self.is_reconciled = self.stream.is_up();
                self.compare(ticker.tick.last);
                let confirmed = self.sieve.newest().filter(|newest| newest.last == ticker.tick.last);
                let tick = self.dated(ticker.tick);
                let admitted = self.admit(tick);
                admitted.into_iter().for_each(|tick| self.assembly.confirm(tick));
                admitted.or(confirmed).map(Ok)
            }
            Err(error) => {
                self.next_poll = Instant::now() + self.backoff.next_pause();
                Some(Err(error))
            }
        }
    }

    /// The stream's other pieces may have moved time on beyond a last price that only REST knows.
    fn dated(&self, tick: Tick) -> Tick {
        let knows_more = self.assembly.last_told_at().is_some_and(|told| told < tick.at);
        let newest = self.sieve.newest().map_or(tick.at, |newest| newest.at);
        if knows_more { Tick { at: tick.at.max(newest), ..tick } } else { tick }
    }

    /// A price that the silent stream did not tell makes it suspect.
    fn compare(&mut self, known_to_rest: Price) {
        let is_silent = self.stream.is_up() && SILENCE <= self.told_at.elapsed();
        if !is_silent {
            self.silent_since = Some(known_to_rest);
        }
        if self.silent_since == Some(known_to_rest) {
            self.given_up_at = None;
        } else if self.given_up_at.is_none() {
            self.given_up_at = Some(Instant::now() + GRACE);
        }
    }

    fn give_up(&mut self) {
        tracing::warn!("the price stream is frozen: REST knows another price");
        self.given_up_at = None;
        self.stream.rebuild();
        let mut health = self.note();
        health.frozen += 1;
        health.is_streaming = false;
    }
}

#[async_trait]
impl PriceFeed for StreamFeed {
    async fn next_tick(&mut self) -> Result<Tick, ReadError> {
        loop {
            let (poll_due, given_up_at) = (self.poll_due(), self.given_up_at);
            let is_idle = self.poll.is_none();
            tokio::select! {
                event = self.stream.next() => {
                    if let Some(tick) = self.on_event(&event) {
                        return Ok(tick);
                    }
                }
                answer = polled(&mut self.poll) => {
                    self.poll = None;
                    if let Some(tick) = self.on_poll(answer) {
                        return tick;
                    }
                }
                () = sleep_until(poll_due), if is_idle => self.start_poll(),
                () = sleep_until(given_up_at.unwrap_or(poll_due)), if given_up_at.is_some() => self.give_up(),
            }
        }
    }
}

/// The other pieces may go on while this one is frozen.
const fn tells_last_price(event: &StreamEvent) -> bool {
    matches!(event, StreamEvent::LastPrice { .. } | StreamEvent::Ticker(StreamTicker { last: Some(_), .. }))
}

async fn polled(poll: &mut Option<BoxFuture<'static, Result<Ticker, ReadError>>>) -> Result<Ticker, ReadError> {
    match poll {
        Some(poll) => poll.await,
        None => pending().await,
    }
}

//! `axisor history download`: patient with a source that stumbles, and never asks twice for what is kept.

use super::arguments::{DownloadArguments, SeriesArgument, SourceArgument};
use super::{listing, open};
use crate::Failure;
use crate::assembly::past::{Past, PastError};
use crate::configuration::{ConfigurationError, check_endpoint};
use crate::system_clock::SystemClock;
use async_trait::async_trait;
use domain::{HistoryKey, HistorySource, Interval, Millis, Series, Span, Timestamp};
use exchange::history::{
    CandleHistory, DownloadError, DownloadReport, Progress, SettlementHistory, SettlementSource, Sink, Source,
};
use exchange::{Market, ReadError};
use service::Clock;
use service::price_history::{FUNDING_INTERVAL, PriceHistory, find_gaps};
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreError};

/// A settlement is known some minutes after it fell due.
const SETTLING: Millis = Millis::new(15 * 60_000);
/// Failures in a row after which a person has to look.
const MOST_FAILURES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
enum DownloadCommandError {
    #[error("{0} is broken off; what came is kept, and the same command goes on from there")]
    Broken(String, #[source] DownloadError),
    #[error("the market's time can't be read")]
    Present(#[source] ReadError),
    #[error("there is nothing between these moments that has passed")]
    NoTime,
    #[error("{0} has no funding settlements")]
    NoSettlements(HistorySource),
    #[error("the database did not answer")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Past(#[from] PastError),
    #[error(transparent)]
    Endpoint(#[from] ConfigurationError),
}

pub async fn download(arguments: DownloadArguments) -> Result<(), Failure> {
    let store = open(arguments.storage.clone()).await?;
    run(&arguments, store).await.map_err(|error| match error {
        DownloadCommandError::Broken(..) | DownloadCommandError::Present(_) | DownloadCommandError::Store(_) => {
            Failure::other(error)
        }
        error => Failure::bad_input(error),
    })
}

async fn run(arguments: &DownloadArguments, store: Arc<dyn Store>) -> Result<(), DownloadCommandError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let endpoint = arguments.endpoint.clone().map(check_endpoint).transpose()?;
    let past = match (arguments.source, &endpoint) {
        (SourceArgument::Paper, Some(url)) if arguments.no_rate_limit => Past::of_unlimited_paper(url, &clock)?,
        (source, endpoint) => Past::of(source.into(), endpoint.as_deref(), &clock)?,
    };
    let now = present(&*past.market).await.map_err(DownloadCommandError::Present)?;
    let until = arguments.to.unwrap_or(now).min(now);
    let shelf = Shelving { past, store, until, from: arguments.from, gaps_again: arguments.gaps_again };
    if arguments.only != Some(SeriesArgument::Settlements) {
        shelf.fetch_candles(arguments.interval).await?;
    }
    match (&shelf.past.settlements, arguments.only) {
        (_, Some(SeriesArgument::Candles)) => Ok(()),
        // Of the last minutes there are bars, and no settlement yet.
        (Some(_), None) if now.minus(SETTLING) <= arguments.from => Ok(()),
        (Some(source), _) => shelf.fetch_settlements(&**source, now).await,
        (None, None) => Ok(()),
        (None, Some(SeriesArgument::Settlements)) => Err(DownloadCommandError::NoSettlements(shelf.past.source)),
    }
}

/// The market's own time, by which the past ends.
async fn present(market: &dyn Market) -> Result<Timestamp, ReadError> {
    let mut patience = Patience::default();
    loop {
        match market.fetch_ticker().await {
            Ok(ticker) => return Ok(ticker.tick.at),
            Err(error) => patience.wait(error, "the market").await?,
        }
    }
}

/// From where to where, and how much of it.
struct Shelving {
    past: Past,
    store: Arc<dyn Store>,
    from: Timestamp,
    until: Timestamp,
    gaps_again: bool,
}

impl Shelving {
    async fn fetch_candles(&self, interval: Interval) -> Result<(), DownloadCommandError> {
        let source = CandleHistory::new(&*self.past.market, interval);
        let key = HistoryKey { source: self.past.source, series: Series::Candles(interval) };
        let again = self.gaps(key).await?;
        let sink = self.history().candles(interval).asking_again(again);
        self.fetch(key, &source, &sink, source.until_now(self.from, self.until)).await
    }

    async fn fetch_settlements(
        &self,
        settlements: &dyn SettlementSource,
        now: Timestamp,
    ) -> Result<(), DownloadCommandError> {
        let source = SettlementHistory::new(settlements, FUNDING_INTERVAL);
        let key = HistoryKey { source: self.past.source, series: Series::Settlements };
        let again = self.gaps(key).await?;
        let sink = self.history().settlements().asking_again(again);
        self.fetch(key, &source, &sink, Span::new(self.from, self.until.min(now.minus(SETTLING)))).await
    }

    fn history(&self) -> PriceHistory {
        PriceHistory::new(Arc::clone(&self.store), self.past.source)
    }

    async fn gaps(&self, key: HistoryKey) -> Result<Vec<Span>, StoreError> {
        if self.gaps_again { find_gaps(&*self.store, key).await } else { Ok(Vec::new()) }
    }

    /// LN Markets counts all that comes from one address: a server beside this download must have its share.
    fn pause(&self) -> Duration {
        match self.past.source {
            HistorySource::LnMarkets | HistorySource::Signet => Duration::from_secs(1),
            HistorySource::Binance | HistorySource::Paper => Duration::ZERO,
        }
    }

    async fn fetch<S: Source>(
        &self,
        key: HistoryKey,
        source: &S,
        sink: &dyn Sink<S::Item>,
        wanted: Span,
    ) -> Result<(), DownloadCommandError> {
        let name = listing::name_of(key);
        if wanted.is_empty() {
            return Err(DownloadCommandError::NoTime);
        }
        let source = Gently { source, pause: self.pause() };
        let report = patiently(&source, sink, wanted, &name).await;
        let report = report.map_err(|error| DownloadCommandError::Broken(name.clone(), error))?;
        println!("{name}: {} came, {} gaps", report.items, report.gaps.len());
        print!("{}", listing::gaps(key.series, &report.gaps));
        Ok(())
    }
}

/// A source that is left in peace before each question.
struct Gently<'a, S> {
    source: &'a S,
    pause: Duration,
}

#[async_trait]
impl<S: Source> Source for Gently<'_, S> {
    type Item = S::Item;

    async fn fetch(&self, span: Span) -> Result<Vec<S::Item>, ReadError> {
        tokio::time::sleep(self.pause).await;
        self.source.fetch(span).await
    }

    fn date_of(item: &S::Item) -> Timestamp {
        S::date_of(item)
    }

    fn gaps(&self, span: Span, items: &[S::Item]) -> Vec<Span> {
        self.source.gaps(span, items)
    }

    fn piece(&self) -> Millis {
        self.source.piece()
    }
}

/// A source that fails is asked again, later each time; each piece that comes starts the count anew.
async fn patiently<S: Source>(
    source: &S,
    sink: &dyn Sink<S::Item>,
    wanted: Span,
    name: &str,
) -> Result<DownloadReport, DownloadError> {
    let (mut total, mut patience) = (DownloadReport::default(), Patience::default());
    loop {
        let mut steps = 0_u32;
        let ended = exchange::history::download_into(source, sink, wanted, &mut total, |progress| {
            steps = steps.saturating_add(1);
            tell(name, progress);
        });
        let error = match ended.await {
            Ok(()) => return Ok(total),
            Err(error @ DownloadError::Sink(_)) => return Err(error),
            Err(DownloadError::Read(error)) => error,
        };
        if 1 < steps {
            patience = Patience::default();
        }
        patience.wait(error, name).await?;
    }
}

/// How much of a source's stumbling is borne.
struct Patience {
    failures: u32,
    pause: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { failures: 0, pause: FIRST_PAUSE }
    }
}

impl Patience {
    /// Waits, longer each time and at least as long as the source asks for; gives the error back once it has run out.
    async fn wait(&mut self, error: ReadError, name: &str) -> Result<(), ReadError> {
        self.failures = self.failures.saturating_add(1);
        if MOST_FAILURES <= self.failures {
            return Err(error);
        }
        let asked = match &error {
            ReadError::RateLimited { retry_after: Some(wait) } => Duration::from_millis(wait.get().unsigned_abs()),
            _ => Duration::ZERO,
        };
        let pause = self.pause.max(asked);
        eprintln!("axisor: {name}: {error}; tried again in {} s", pause.as_secs());
        tokio::time::sleep(pause).await;
        self.pause = self.pause.saturating_mul(2);
        Ok(())
    }
}

/// One line that is written over on a terminal; nothing where nobody watches.
fn tell(name: &str, progress: Progress) {
    if !io::stderr().is_terminal() {
        return;
    }
    let percent = progress.done.get().saturating_mul(100).checked_div(progress.total.get()).unwrap_or(100);
    let end = if progress.done == progress.total { "\n" } else { "" };
    eprint!("\r{name}: {percent} %{end}");
    let _ = io::stderr().flush();
}

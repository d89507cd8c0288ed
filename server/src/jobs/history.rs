//! Keeps the past of a market in use up to date, behind everything else: a page at a time, and never in a hurry.

use crate::assembly::past::Past;
use domain::{Interval, Millis, Series, Span, Timestamp};
use exchange::history::{CandleHistory, DownloadError, SettlementHistory, Sink, SinkError, Source, download};
use service::price_history::{FUNDING_INTERVAL, PriceHistory};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How far back a past begins that nobody has downloaded.
const FIRST_STRETCH: Millis = Millis::new(7 * 86_400_000);
/// A bar may become known a little after it closed.
const BARS_SETTLE: Millis = Millis::new(2 * 60_000);
/// A settlement becomes known some minutes after it fell due.
const FUNDING_SETTLES: Millis = Millis::new(15 * 60_000);

/// When the job asks.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// Before the first question: whatever else starts with the program comes first.
    pub first: Duration,
    /// Between two pages: the venue counts all that comes from here, and a price must not wait behind the past.
    pub page: Duration,
    /// Between two rounds.
    pub round: Duration,
    /// After the first failure; it doubles with each that follows.
    pub failure: Duration,
    pub longest: Duration,
}

impl Default for Rhythm {
    fn default() -> Rhythm {
        Rhythm {
            first: Duration::from_secs(60),
            page: Duration::from_secs(10),
            round: Duration::from_secs(600),
            failure: Duration::from_secs(30),
            longest: Duration::from_secs(1_800),
        }
    }
}

/// Keeps one market's past until the program stops.
pub async fn run(past: &Past, history: &PriceHistory, rhythm: Rhythm, stop: &CancellationToken) {
    let (mut pause, mut failure) = (rhythm.first, rhythm.failure);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let round = tokio::select! {
            () = stop.cancelled() => return,
            round = catch_up(past, history, rhythm.page) => round,
        };
        match round {
            Ok(()) => (pause, failure) = (rhythm.round, rhythm.failure),
            Err(error) => {
                pause = failure;
                failure = failure.saturating_mul(2).min(rhythm.longest);
                let source = past.source.as_str();
                tracing::warn!(source, error = crate::told(&error), ?pause, "the past is not up to date");
            }
        }
    }
}

/// Fetches what is missing between what was kept first and now, dated by the market. A round that is dropped half way
/// loses nothing that was kept.
async fn catch_up(past: &Past, history: &PriceHistory, page: Duration) -> Result<(), DownloadError> {
    let now = past.market.fetch_ticker().await?.tick.at;
    let candles = CandleHistory::new(&*past.market, Interval::MINUTE);
    let from = begin(history, Series::Candles(Interval::MINUTE), now).await?;
    let wanted = candles.until_now(from, now.minus(BARS_SETTLE));
    fetch(&candles, &history.candles(Interval::MINUTE), wanted, page).await?;
    if let Some(settlements) = &past.settlements {
        let settlements = SettlementHistory::new(&**settlements, FUNDING_INTERVAL);
        let from = begin(history, Series::Settlements, now).await?;
        fetch(&settlements, &history.settlements(), Span::new(from, now.minus(FUNDING_SETTLES)), page).await?;
    }
    Ok(())
}

async fn begin(history: &PriceHistory, series: Series, now: Timestamp) -> Result<Timestamp, SinkError> {
    let first = history.find_first(series).await?;
    Ok(first.unwrap_or_else(|| now.minus(FIRST_STRETCH)))
}

async fn fetch<S: Source>(
    source: &S,
    sink: &dyn Sink<S::Item>,
    wanted: Span,
    page: Duration,
) -> Result<(), DownloadError> {
    let missing = wanted.without(&sink.list_covered().await?);
    for piece in missing.into_iter().flat_map(|span| span.pieces(source.piece())) {
        tokio::time::sleep(page).await;
        let report = download(source, sink, piece, |_| {}).await?;
        if !report.gaps.is_empty() {
            tracing::info!(gaps = report.gaps.len(), "the source's past has gaps; `axisor history list` names them");
        }
    }
    Ok(())
}

//! The past, fetched whole: in pieces, resumable, with what is missing told and never filled.

mod candles;
mod settlements;

pub use candles::CandleHistory;
pub use domain::{Settlement, Span};
pub use settlements::{SettlementHistory, SettlementSource, settlement_gaps};

use crate::ReadError;
use async_trait::async_trait;
use domain::{Millis, Timestamp};

/// Where the past comes from.
#[async_trait]
pub trait Source: Send + Sync {
    type Item: Clone + Send + Sync;

    /// Everything dated within the span, in any order.
    async fn fetch(&self, span: Span) -> Result<Vec<Self::Item>, ReadError>;

    fn date_of(item: &Self::Item) -> Timestamp;

    /// Where items should be and are not, among all items of the span, oldest first.
    fn gaps(&self, span: Span, items: &[Self::Item]) -> Vec<Span>;

    /// How much is asked for at once; whole pieces begin at its multiples.
    fn piece(&self) -> Millis;
}

/// Where the past is kept.
#[async_trait]
pub trait Sink<Item>: Send + Sync {
    /// What was kept before, in any order.
    async fn list_covered(&self) -> Result<Vec<Span>, SinkError>;

    /// Keeps the items and that the span is covered, both or neither.
    async fn insert(&self, span: Span, items: &[Item]) -> Result<(), SinkError>;
}

/// Why something could not be kept; the words are for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the history could not be kept: {0}")]
pub struct SinkError(pub String);

/// Why a download ended early. What was kept stays kept: the same call goes on from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DownloadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Sink(#[from] SinkError),
}

/// How far a download has come, in market time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: Millis,
    pub total: Millis,
}

/// What one download found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownloadReport {
    pub items: usize,
    /// Where the source has nothing though it should, oldest first.
    pub gaps: Vec<Span>,
}

/// Fetches what of `wanted` the sink does not have, the oldest first, and tells the progress after each piece.
///
/// A piece with gaps is asked for twice and what either answer had counts, since a venue's answers can be incomplete.
pub async fn download<S: Source>(
    source: &S,
    sink: &dyn Sink<S::Item>,
    wanted: Span,
    progress: impl FnMut(Progress) + Send,
) -> Result<DownloadReport, DownloadError> {
    let mut report = DownloadReport::default();
    download_into(source, sink, wanted, &mut report, progress).await?;
    Ok(report)
}

/// The same, with what was found added to `report` piece by piece, so that it is told even where the download ends
/// early.
pub async fn download_into<S: Source>(
    source: &S,
    sink: &dyn Sink<S::Item>,
    wanted: Span,
    report: &mut DownloadReport,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<(), DownloadError> {
    let missing = wanted.without(&sink.list_covered().await?);
    let left: i64 = missing.iter().map(|span| span.length().get()).sum();
    let total = wanted.length();
    let mut done = Millis::new(total.get().saturating_sub(left));
    progress(Progress { done, total });
    for piece in missing.iter().flat_map(|span| span.pieces(source.piece())) {
        let (items, gaps) = fetch_piece(source, piece).await?;
        sink.insert(piece, &items).await?;
        report.items = report.items.saturating_add(items.len());
        report.gaps = Span::joined(std::mem::take(&mut report.gaps).into_iter().chain(gaps).collect());
        done = Millis::new(done.get().saturating_add(piece.length().get()));
        progress(Progress { done, total });
    }
    Ok(())
}

async fn fetch_piece<S: Source>(source: &S, piece: Span) -> Result<(Vec<S::Item>, Vec<Span>), ReadError> {
    let mut items = ordered::<S>(piece, source.fetch(piece).await?);
    let gaps = source.gaps(piece, &items);
    if gaps.is_empty() {
        return Ok((items, gaps));
    }
    items.extend(source.fetch(piece).await?);
    let items = ordered::<S>(piece, items);
    let gaps = source.gaps(piece, &items);
    Ok((items, gaps))
}

/// Oldest first, each moment once, nothing from outside the piece.
fn ordered<S: Source>(piece: Span, mut items: Vec<S::Item>) -> Vec<S::Item> {
    items.retain(|item| piece.contains(S::date_of(item)));
    items.sort_by_key(S::date_of);
    items.dedup_by_key(|item| S::date_of(item));
    items
}

//! The past of markets in the database: where a download puts it, and what of it is there.

use async_trait::async_trait;
use domain::{Candle, HistoryKey, HistorySource, Interval, Millis, Series, Settlement, Span, Timestamp};
use exchange::history::{Sink, SinkError, settlement_gaps};
use std::sync::Arc;
use store::{Store, StoreError};

/// The longest that lies between two funding settlements.
pub const FUNDING_INTERVAL: Millis = Millis::new(8 * 3_600_000);

/// One source's past in the database.
#[derive(Clone)]
pub struct PriceHistory {
    store: Arc<dyn Store>,
    source: HistorySource,
}

/// One kind of past, as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    pub key: HistoryKey,
    /// What was asked for and answered, oldest first.
    pub covered: Vec<Span>,
    /// Where the source had nothing though it should, oldest first.
    pub gaps: Vec<Span>,
}

impl PriceHistory {
    pub fn new(store: Arc<dyn Store>, source: HistorySource) -> PriceHistory {
        PriceHistory { store, source }
    }

    /// Where bars of this length go.
    pub fn candles(&self, interval: Interval) -> StoredCandles {
        StoredCandles { history: self.clone(), interval, again: Vec::new() }
    }

    /// Where settlements go.
    pub fn settlements(&self) -> StoredSettlements {
        StoredSettlements { history: self.clone(), again: Vec::new() }
    }

    /// Where what is kept begins; `None` where nothing is.
    pub async fn find_first(&self, series: Series) -> Result<Option<Timestamp>, SinkError> {
        Ok(self.list_covered(series, &[]).await?.first().map(|span| span.from))
    }

    fn key(&self, series: Series) -> HistoryKey {
        HistoryKey { source: self.source, series }
    }

    async fn list_covered(&self, series: Series, but: &[Span]) -> Result<Vec<Span>, SinkError> {
        let covered = self.store.list_history_spans(self.key(series)).await.map_err(|error| not_kept(&error))?;
        Ok(covered.iter().flat_map(|span| span.without(but)).collect())
    }
}

/// Everything that is kept.
pub async fn list_shelves(store: &dyn Store) -> Result<Vec<Shelf>, StoreError> {
    let mut shelves = Vec::new();
    for key in store.list_histories().await? {
        shelves.push(shelf(store, key).await?);
    }
    Ok(shelves)
}

async fn shelf(store: &dyn Store, key: HistoryKey) -> Result<Shelf, StoreError> {
    let covered = store.list_history_spans(key).await?;
    let gaps = gaps_within(store, key, &covered).await?;
    Ok(Shelf { key, covered, gaps })
}

/// Where a source was asked and had nothing though it should, oldest first.
pub async fn find_gaps(store: &dyn Store, key: HistoryKey) -> Result<Vec<Span>, StoreError> {
    let covered = store.list_history_spans(key).await?;
    gaps_within(store, key, &covered).await
}

async fn gaps_within(store: &dyn Store, key: HistoryKey, covered: &[Span]) -> Result<Vec<Span>, StoreError> {
    let mut gaps = Vec::new();
    match key.series {
        Series::Candles(interval) => {
            let runs = store.list_candle_runs(key.source, interval).await?;
            gaps.extend(covered.iter().flat_map(|span| span.without(&runs)));
        }
        Series::Settlements => {
            for span in covered {
                let settlements = store.list_settlements(key.source, *span).await?;
                gaps.extend(settlement_gaps(FUNDING_INTERVAL, *span, &settlements));
            }
        }
    }
    Ok(gaps)
}

/// Bars of one length from one source.
pub struct StoredCandles {
    history: PriceHistory,
    interval: Interval,
    again: Vec<Span>,
}

impl StoredCandles {
    /// The same, with these stretches taken as never asked for. What is kept of them stays.
    pub fn asking_again(self, again: Vec<Span>) -> StoredCandles {
        StoredCandles { again, ..self }
    }
}

#[async_trait]
impl Sink<Candle> for StoredCandles {
    async fn list_covered(&self) -> Result<Vec<Span>, SinkError> {
        self.history.list_covered(Series::Candles(self.interval), &self.again).await
    }

    async fn insert(&self, span: Span, bars: &[Candle]) -> Result<(), SinkError> {
        let PriceHistory { store, source } = &self.history;
        store.insert_candles(*source, self.interval, span, bars).await.map_err(|error| not_kept(&error))
    }
}

/// Settlements from one source.
pub struct StoredSettlements {
    history: PriceHistory,
    again: Vec<Span>,
}

impl StoredSettlements {
    /// The same, with these stretches taken as never asked for. What is kept of them stays.
    pub fn asking_again(self, again: Vec<Span>) -> StoredSettlements {
        StoredSettlements { again, ..self }
    }
}

#[async_trait]
impl Sink<Settlement> for StoredSettlements {
    async fn list_covered(&self) -> Result<Vec<Span>, SinkError> {
        self.history.list_covered(Series::Settlements, &self.again).await
    }

    async fn insert(&self, span: Span, settlements: &[Settlement]) -> Result<(), SinkError> {
        let PriceHistory { store, source } = &self.history;
        store.insert_settlements(*source, span, settlements).await.map_err(|error| not_kept(&error))
    }
}

fn not_kept(error: &StoreError) -> SinkError {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    SinkError(format!("{error}{}", cause.unwrap_or_default()))
}

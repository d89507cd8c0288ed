//! The past of markets: bars, settlements, and which stretches of time are covered.

use crate::both::{alone, glance};
use crate::pools::{Postgres, Sqlite};
use crate::{Result, candle, history_span, settlement};
use async_trait::async_trait;
use domain::{Candle, HistoryKey, HistorySource, Interval, Settlement, Span};

/// The past of markets. What is kept is never rewritten: what comes again is passed over.
#[async_trait]
pub trait HistoryStore: Send + Sync {
    /// Keeps bars and that the span is covered, both or neither.
    async fn insert_candles(
        &self,
        source: HistorySource,
        interval: Interval,
        span: Span,
        bars: &[Candle],
    ) -> Result<()>;
    /// At most `limit` bars that opened within the span, oldest first.
    async fn list_candles(
        &self,
        source: HistorySource,
        interval: Interval,
        span: Span,
        limit: u32,
    ) -> Result<Vec<Candle>>;
    /// Stretches without a missing bar, oldest first.
    async fn list_candle_runs(&self, source: HistorySource, interval: Interval) -> Result<Vec<Span>>;
    /// Keeps settlements and that the span is covered, both or neither.
    async fn insert_settlements(&self, source: HistorySource, span: Span, settlements: &[Settlement]) -> Result<()>;
    /// Oldest first.
    async fn list_settlements(&self, source: HistorySource, span: Span) -> Result<Vec<Settlement>>;
    /// Every kind of past of which something is covered.
    async fn list_histories(&self) -> Result<Vec<HistoryKey>>;
    /// What was asked for and answered, oldest first; joined where it touches.
    async fn list_history_spans(&self, key: HistoryKey) -> Result<Vec<Span>>;
    /// Forgets one kind of past, and that it was covered.
    async fn delete_history(&self, key: HistoryKey) -> Result<()>;
}

macro_rules! implement_history_store {
    ($database:ident, $on:ident) => {
        #[async_trait]
        impl HistoryStore for $database {
            async fn insert_candles(
                &self,
                source: HistorySource,
                interval: Interval,
                span: Span,
                bars: &[Candle],
            ) -> Result<()> {
                alone!(self.begin_write(), candle::$on::insert(source, interval, span, bars))
            }
            async fn list_candles(
                &self,
                source: HistorySource,
                interval: Interval,
                span: Span,
                limit: u32,
            ) -> Result<Vec<Candle>> {
                glance!(self.reading(), candle::$on::list(source, interval, span, limit))
            }
            async fn list_candle_runs(&self, source: HistorySource, interval: Interval) -> Result<Vec<Span>> {
                glance!(self.reading(), candle::$on::list_runs(source, interval))
            }
            async fn insert_settlements(
                &self,
                source: HistorySource,
                span: Span,
                settlements: &[Settlement],
            ) -> Result<()> {
                alone!(self.begin_write(), settlement::$on::insert(source, span, settlements))
            }
            async fn list_settlements(&self, source: HistorySource, span: Span) -> Result<Vec<Settlement>> {
                glance!(self.reading(), settlement::$on::list(source, span))
            }
            async fn list_histories(&self) -> Result<Vec<HistoryKey>> {
                glance!(self.reading(), history_span::$on::list_keys())
            }
            async fn list_history_spans(&self, key: HistoryKey) -> Result<Vec<Span>> {
                glance!(self.reading(), history_span::$on::list(key))
            }
            async fn delete_history(&self, key: HistoryKey) -> Result<()> {
                alone!(self.begin_write(), history_span::$on::delete(key))
            }
        }
    };
}

implement_history_store!(Sqlite, sqlite);
implement_history_store!(Postgres, postgres);

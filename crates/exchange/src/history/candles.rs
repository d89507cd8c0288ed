//! Bars of the past.

use super::Source;
use crate::{CandleQuery, Market, ReadError};
use async_trait::async_trait;
use domain::{Candle, Interval, Millis, Span, Timestamp};

/// Bars in one piece: a page of the venue.
const PIECE: i64 = 1_000;

/// Bars of one length from one market.
pub struct CandleHistory<'a> {
    market: &'a dyn Market,
    interval: Interval,
}

impl<'a> CandleHistory<'a> {
    pub fn new(market: &'a dyn Market, interval: Interval) -> CandleHistory<'a> {
        CandleHistory { market, interval }
    }

    /// From `from` to the last bar that has closed by `now`.
    pub fn until_now(&self, from: Timestamp, now: Timestamp) -> Span {
        let length = self.interval.length().get();
        let floor = |at: Timestamp| at.unix_ms().div_euclid(length).saturating_mul(length);
        Span::new(Timestamp::from_unix_ms(floor(from)), Timestamp::from_unix_ms(floor(now)))
    }
}

#[async_trait]
impl Source for CandleHistory<'_> {
    type Item = Candle;

    async fn fetch(&self, span: Span) -> Result<Vec<Candle>, ReadError> {
        let limit = span.length().get().div_euclid(self.interval.length().get()).saturating_add(1);
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let query = CandleQuery { interval: self.interval, from: span.from, to: span.to, limit };
        self.market.fetch_candles(query).await
    }

    fn date_of(bar: &Candle) -> Timestamp {
        bar.at
    }

    fn gaps(&self, span: Span, bars: &[Candle]) -> Vec<Span> {
        let length = self.interval.length();
        let covered: Vec<Span> = bars.iter().map(|bar| Span::new(bar.at, bar.at.plus(length))).collect();
        span.without(&covered)
    }

    fn piece(&self) -> Millis {
        Millis::new(self.interval.length().get().saturating_mul(PIECE))
    }
}

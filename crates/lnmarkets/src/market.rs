//! LN Markets' public side: what needs no key.

use crate::rest::{ListQuery, RawList, Request, page};
use crate::session::Session;
use crate::wire::{CandleWire, TickerWire, range};
use async_trait::async_trait;
use domain::{Candle, Millis, Ticker, Timestamp};
use exchange::{CandleQuery, Market, Priority, ReadError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The venue's longest page.
const MOST_ROWS: usize = 1_000;

#[derive(Clone)]
pub struct LnMarketsMarket {
    session: Arc<Session>,
}

impl LnMarketsMarket {
    pub(crate) fn new(session: Arc<Session>) -> LnMarketsMarket {
        LnMarketsMarket { session }
    }

    /// How far the venue's clock is ahead of ours; `None` before it was measured.
    pub fn clock_offset(&self) -> Option<Millis> {
        self.session.clock.offset()
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

#[async_trait]
impl Market for LnMarketsMarket {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        self.session.measure_time().await
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        let request = Request::get("/futures/ticker");
        let ticker: TickerWire = self.session.fetch(None, &request, Priority::GuardRead).await?;
        ticker.ticker(self.session.clock.now()).map_err(|reason| ReadError::Malformed(reason.to_owned()))
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        let CandleQuery { interval, from, to, limit } = query;
        let range = range(interval)
            .ok_or_else(|| ReadError::Malformed("LN Markets has no candles of this length".to_owned()))?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut list = ListQuery { from: Some(from), to: Some(to.minus(Millis::new(1))), ..ListQuery::default() };
        let mut bars = BTreeMap::new();
        while bars.len() < wanted {
            list.limit = u32::try_from(wanted.saturating_sub(bars.len()).min(MOST_ROWS)).ok();
            let request = list.apply(Request::get("/futures/candles")).query("range", range);
            let raw: RawList = self.session.fetch(None, &request, Priority::Interface).await?;
            let found = page("candles", raw, CandleWire::candle)?;
            let before = bars.len();
            let asked = found.items.into_iter().filter(|bar| from <= bar.at && bar.at < to);
            bars.extend(asked.map(|bar| (bar.at, bar)));
            if !list.advance(found.next)? || bars.len() == before {
                break;
            }
        }
        let surplus = bars.len().saturating_sub(wanted);
        Ok(bars.into_values().skip(surplus).collect())
    }
}

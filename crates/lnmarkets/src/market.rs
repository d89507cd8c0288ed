//! LN Markets' public side: what needs no key.

use crate::rest::{ListQuery, Page, RawList, Request, page};
use crate::session::Session;
use crate::wire::{
    BestPrice, BestPriceWire, CandleWire, FundingSettlement, LeaderWire, Leaderboard, SettlementWire, TickerWire,
    leaderboard, range,
};
use async_trait::async_trait;
use domain::{Candle, Millis, Ticker, Timestamp};
use exchange::history::{Settlement, SettlementSource, Span};
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

    /// Whether the venue answers at all.
    pub async fn ping(&self) -> Result<(), ReadError> {
        let pong: String = self.session.fetch(None, &Request::get("/ping"), Priority::Interface).await?;
        if pong == "pong" { Ok(()) } else { Err(ReadError::Malformed("a ping without a pong".to_owned())) }
    }

    /// One page of closed bars, newest first; the range is the venue's name for their length.
    pub async fn fetch_candle_page(&self, range: &str, query: &ListQuery) -> Result<Page<Candle>, ReadError> {
        let request = query.apply(Request::get("/futures/candles")).query("range", range);
        let list: RawList = self.session.fetch(None, &request, Priority::Interface).await?;
        page("candles", list, CandleWire::candle)
    }

    /// One page of funding settlements, newest first.
    pub async fn fetch_funding_settlements(&self, query: &ListQuery) -> Result<Page<FundingSettlement>, ReadError> {
        let request = query.apply(Request::get("/futures/funding-settlements"));
        let list: RawList = self.session.fetch(None, &request, Priority::Interface).await?;
        page("funding settlements", list, SettlementWire::settlement)
    }

    pub async fn fetch_leaderboard(&self) -> Result<Leaderboard, ReadError> {
        let request = Request::get("/futures/leaderboard");
        let periods: BTreeMap<String, Vec<LeaderWire>> =
            self.session.fetch(None, &request, Priority::Interface).await?;
        Ok(leaderboard(periods))
    }

    /// What a synthetic dollar costs now.
    pub async fn fetch_best_price(&self) -> Result<BestPrice, ReadError> {
        let request = Request::get("/synthetic-usd/best-price");
        let prices: BestPriceWire = self.session.fetch(None, &request, Priority::Interface).await?;
        prices.prices().ok_or_else(|| ReadError::Malformed("the best price is no price".to_owned()))
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

#[async_trait]
impl SettlementSource for LnMarketsMarket {
    async fn fetch_settlements(&self, span: Span) -> Result<Vec<Settlement>, ReadError> {
        let (from, to) = (Some(span.from), Some(span.to.minus(Millis::new(1))));
        let mut query = ListQuery { from, to, ..ListQuery::default() };
        let mut settlements = Vec::new();
        loop {
            let found = self.fetch_funding_settlements(&query).await?;
            let plain = |row: FundingSettlement| Settlement { at: row.at, rate: row.rate, fixing: row.fixing };
            let before = settlements.len();
            settlements.extend(found.items.into_iter().filter(|row| span.contains(row.at)).map(plain));
            if !query.advance(found.next)? || settlements.len() == before {
                return Ok(settlements);
            }
        }
    }
}

#[async_trait]
impl Market for LnMarketsMarket {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        self.session.measure_time().await
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        let request = Request::get("/futures/ticker");
        // A price without a date is dated by the question, so that a stream's later price is never older.
        let asked = self.session.clock.now();
        let ticker: TickerWire = self.session.fetch(None, &request, Priority::GuardRead).await?;
        ticker.ticker(asked).map_err(|reason| ReadError::Malformed(reason.to_owned()))
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
            let found = self.fetch_candle_page(range, &list).await?;
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

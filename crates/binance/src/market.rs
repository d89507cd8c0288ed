//! Binance behind the market port.

use crate::http::{BinanceEndpoint, BinanceError, Http};
use crate::wire::{DayWire, Kline, TimeWire, name_of};
use async_trait::async_trait;
use domain::{Candle, Millis, Rate, Ticker, Timestamp};
use exchange::{CandleQuery, Market, ReadError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

const SYMBOL: &str = "BTCUSDT";
/// Binance's longest page.
const MOST_BARS: i64 = 1_000;
const EIGHT_HOURS: i64 = 8 * 3_600_000;

/// Tells our own time, by which a bar that still forms is known.
type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

pub struct BinanceMarket {
    http: Http,
    clock: Clock,
}

impl BinanceMarket {
    /// Needs rustls's process-wide crypto provider.
    pub fn new(endpoint: BinanceEndpoint, clock: Clock) -> Result<BinanceMarket, BinanceError> {
        Ok(BinanceMarket { http: Http::new(endpoint)?, clock })
    }

    /// Bars that opened in `[from, to)`, the oldest page of them; what can't be read is left out and told.
    async fn page(&self, name: &str, from: Timestamp, to: Timestamp) -> Result<Vec<Candle>, ReadError> {
        let query = [
            ("symbol", SYMBOL.to_owned()),
            ("interval", name.to_owned()),
            ("startTime", from.unix_ms().to_string()),
            ("endTime", to.minus(Millis::new(1)).unix_ms().to_string()),
            ("limit", MOST_BARS.to_string()),
        ];
        let rows: Vec<Vec<Value>> = self.http.get("/api/v3/klines", &query).await?;
        let count = rows.len();
        let bars: Vec<Candle> = rows.into_iter().filter_map(|row| Kline(row).candle()).collect();
        if bars.len() < count {
            tracing::warn!(set_aside = count.saturating_sub(bars.len()), "bars of Binance can't be read");
        }
        if bars.is_empty() && 0 < count {
            return Err(ReadError::Malformed("no bar of Binance can be read".to_owned()));
        }
        Ok(bars)
    }
}

#[async_trait]
impl Market for BinanceMarket {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        let time: TimeWire = self.http.get("/api/v3/time", &[]).await?;
        Ok(Timestamp::from_unix_ms(time.server_time))
    }

    /// The spot market has no funding: the rate is zero, and means nothing.
    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        let day: DayWire = self.http.get("/api/v3/ticker/24hr", &[("symbol", SYMBOL.to_owned())]).await?;
        let tick = day.tick().ok_or_else(|| ReadError::Malformed("Binance's last price is no price".to_owned()))?;
        let due = tick.at.unix_ms().div_euclid(EIGHT_HOURS).saturating_add(1).saturating_mul(EIGHT_HOURS);
        Ok(Ticker { tick, funding_rate: Rate::ZERO, funding_at: Timestamp::from_unix_ms(due) })
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        let CandleQuery { interval, from, to, limit } = query;
        let name = name_of(interval)
            .ok_or_else(|| ReadError::Malformed("Binance has no candles of this length".to_owned()))?;
        let length = interval.length();
        let closed_by = (self.clock)().minus(length).plus(Millis::new(1));
        let to = to.min(closed_by);
        let newest = Millis::new(length.get().saturating_mul(i64::from(limit)));
        let mut from = from.max(to.minus(newest));
        let mut bars = BTreeMap::new();
        while from < to && 0 < limit {
            let page = self.page(name, from, to).await?;
            let Some(last) = page.iter().map(|bar| bar.at).max().filter(|last| from <= *last) else { break };
            bars.extend(page.into_iter().filter(|bar| from <= bar.at && bar.at < to).map(|bar| (bar.at, bar)));
            from = last.plus(length);
        }
        let surplus = bars.len().saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(bars.into_values().skip(surplus).collect())
    }
}

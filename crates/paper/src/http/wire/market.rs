//! Prices, candles, settlements and the leaderboard.

use super::{price, rate};
use crate::venue::{Bucket, Place, Quotes, Settlement};
use domain::{AccountId, Candle, Ticker, Timestamp, iso8601};
use serde::Serialize;
use serde_json::Number;
use uuid::Uuid;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TimeJson {
    time: String,
}

impl From<Timestamp> for TimeJson {
    fn from(at: Timestamp) -> TimeJson {
        TimeJson { time: iso8601::write(at) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TickerJson {
    time: String,
    index: Number,
    last_price: Number,
    funding_rate: Number,
    funding_time: String,
    prices: Vec<BucketJson>,
    price_change24h: Option<()>,
    exchanges_weights: Weights,
}

/// Prices for orders of a size in dollars.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct BucketJson {
    min_size: i64,
    max_size: i64,
    ask_price: Number,
    bid_price: Number,
}

/// The paper venue has no basket behind its index.
#[derive(Serialize)]
struct Weights {
    bybit: i64,
    binance: i64,
    okx: i64,
}

impl TickerJson {
    pub fn of(ticker: Ticker, quotes: Quotes) -> TickerJson {
        let tick = ticker.tick;
        TickerJson {
            time: iso8601::write(tick.at),
            index: price(tick.index.unwrap_or(tick.last)),
            last_price: price(tick.last),
            funding_rate: rate(ticker.funding_rate),
            funding_time: iso8601::write(ticker.funding_at),
            prices: quotes.0.into_iter().map(BucketJson::from).collect(),
            price_change24h: None,
            exchanges_weights: Weights { bybit: 0, binance: 0, okx: 0 },
        }
    }
}

impl From<Bucket> for BucketJson {
    fn from(bucket: Bucket) -> BucketJson {
        let Bucket { from, to, bid, ask } = bucket;
        BucketJson { min_size: from, max_size: to, ask_price: price(ask), bid_price: price(bid) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct BestPriceJson {
    ask_price: Number,
    bid_price: Number,
}

impl From<Quotes> for BestPriceJson {
    fn from(quotes: Quotes) -> BestPriceJson {
        let [best, ..] = quotes.0;
        BestPriceJson { ask_price: price(best.ask), bid_price: price(best.bid) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CandleJson {
    time: String,
    open: Number,
    high: Number,
    low: Number,
    close: Number,
    volume: i64,
}

impl From<Candle> for CandleJson {
    fn from(candle: Candle) -> CandleJson {
        let Candle { at, open, high, low, close, volume } = candle;
        CandleJson {
            time: iso8601::write(at),
            open: price(open),
            high: price(high),
            low: price(low),
            close: price(close),
            volume,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SettlementJson {
    id: Uuid,
    time: String,
    funding_rate: Number,
    fixing_price: Number,
}

impl From<Settlement> for SettlementJson {
    fn from(settlement: Settlement) -> SettlementJson {
        SettlementJson {
            id: settlement.id,
            time: iso8601::write(settlement.at),
            funding_rate: rate(settlement.rate),
            fixing_price: price(settlement.fixing),
        }
    }
}

#[derive(Serialize)]
pub(in crate::http) struct LeaderboardJson {
    pub daily: Vec<PlaceJson>,
    pub weekly: Vec<PlaceJson>,
    pub monthly: Vec<PlaceJson>,
    #[serde(rename = "all-time")]
    pub all_time: Vec<PlaceJson>,
}

#[derive(Serialize)]
pub(in crate::http) struct PlaceJson {
    username: String,
    pl: i64,
    /// Up or down since the last look; the paper venue does not look back.
    direction: i64,
}

impl From<Place> for PlaceJson {
    fn from(place: Place) -> PlaceJson {
        PlaceJson { username: username(place.account), pl: place.pnl, direction: 0 }
    }
}

/// Nobody has a name at the paper venue.
pub(in crate::http) fn username(account: AccountId) -> String {
    let id = account.uuid().simple().to_string();
    format!("paper-{}", id.get(..8).unwrap_or_default())
}

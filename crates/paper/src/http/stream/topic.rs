//! What a client can subscribe to.

use crate::http::Paper;
use crate::http::public::length;
use crate::http::wire::{market::BucketJson, price, rate};
use crate::market::BarLength;
use domain::Tick;
use serde_json::{Value, json};
use std::fmt;

const MARKET: &str = "futures/inverse/btc_usd/";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Announcements,
    Deposits,
    Withdrawals,
    Ticker,
    LastPrice,
    Index,
    Buckets,
    Funding,
    IsolatedTrades,
    CrossOrders,
    CrossPosition,
    Ohlc { range: String, length: BarLength },
}

impl Topic {
    /// `None` for a topic that there is not.
    pub fn read(text: &str) -> Option<Topic> {
        match text {
            "announcements" => return Some(Topic::Announcements),
            "wallet/deposit" => return Some(Topic::Deposits),
            "wallet/withdrawal" => return Some(Topic::Withdrawals),
            _ => {}
        }
        let rest = text.strip_prefix(MARKET)?;
        if let Some(range) = rest.strip_prefix("ohlc/") {
            let length = length(range).ok()?;
            return Some(Topic::Ohlc { range: range.to_owned(), length });
        }
        Topic::MARKET_TOPICS.into_iter().find(|topic| topic.name() == rest)
    }

    const MARKET_TOPICS: [Topic; 8] = [
        Topic::Ticker,
        Topic::LastPrice,
        Topic::Index,
        Topic::Buckets,
        Topic::Funding,
        Topic::IsolatedTrades,
        Topic::CrossOrders,
        Topic::CrossPosition,
    ];

    const fn name(&self) -> &'static str {
        match self {
            Topic::Announcements => "announcements",
            Topic::Deposits => "wallet/deposit",
            Topic::Withdrawals => "wallet/withdrawal",
            Topic::Ticker => "ticker",
            Topic::LastPrice => "lastPrice",
            Topic::Index => "index",
            Topic::Buckets => "buckets",
            Topic::Funding => "funding",
            Topic::IsolatedTrades => "isolated/trades",
            Topic::CrossOrders => "cross/orders",
            Topic::CrossPosition => "cross/position",
            Topic::Ohlc { .. } => "ohlc",
        }
    }

    pub const fn is_private(&self) -> bool {
        matches!(
            self,
            Topic::Deposits | Topic::Withdrawals | Topic::IsolatedTrades | Topic::CrossOrders | Topic::CrossPosition
        )
    }

    /// What the market says on this topic with a tick; `None` where it says nothing.
    pub fn data(&self, paper: &Paper, tick: &Tick) -> Option<Value> {
        let time = tick.at.unix_ms();
        let index = tick.index.unwrap_or(tick.last);
        let funding = || paper.venue().ticker().map(|ticker| (rate(ticker.funding_rate), ticker.funding_at.unix_ms()));
        match self {
            Topic::Ticker => {
                let (rate, at) = funding()?;
                let funding = json!({ "rate": rate, "time": at });
                Some(json!({ "time": time, "lastPrice": price(tick.last), "index": price(index), "funding": funding }))
            }
            Topic::LastPrice => Some(json!({ "time": time, "lastPrice": price(tick.last) })),
            Topic::Index => Some(json!({ "time": time, "index": price(index) })),
            Topic::Buckets => {
                let buckets: Vec<BucketJson> = paper.venue().quotes()?.0.into_iter().map(BucketJson::from).collect();
                Some(json!({ "time": time, "buckets": buckets }))
            }
            Topic::Funding => {
                let (rate, at) = funding()?;
                Some(json!({ "pair": "btc_usd", "current": { "rate": rate, "time": at } }))
            }
            Topic::Ohlc { length, .. } => {
                let bar = paper.market.forming(*length)?;
                Some(json!({
                    "time": bar.at.unix_ms(), "open": price(bar.open), "high": price(bar.high), "low": price(bar.low),
                    "close": price(bar.close), "volume": bar.volume,
                }))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::Announcements | Topic::Deposits | Topic::Withdrawals => f.write_str(self.name()),
            Topic::Ohlc { range, .. } => write!(f, "{MARKET}ohlc/{range}"),
            other => write!(f, "{MARKET}{}", other.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_read_as_they_are_written() {
        for text in [
            "announcements",
            "wallet/deposit",
            "wallet/withdrawal",
            "futures/inverse/btc_usd/ticker",
            "futures/inverse/btc_usd/isolated/trades",
            "futures/inverse/btc_usd/cross/position",
            "futures/inverse/btc_usd/ohlc/4h",
            "futures/inverse/btc_usd/ohlc/3months",
        ] {
            assert_eq!(Topic::read(text).map(|topic| topic.to_string()), Some(text.to_owned()));
        }
        for text in [
            "",
            "ticker",
            "futures/inverse/btc_usd/",
            "futures/inverse/eth_usd/ticker",
            "futures/inverse/btc_usd/ohlc/7m",
        ] {
            assert_eq!(Topic::read(text), None, "{text}");
        }
    }
}

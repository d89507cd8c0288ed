//! What can be listened to.

use crate::scope::Scope;
use std::fmt;

const MARKET: &str = "futures/inverse/btc_usd";

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Announcements,
    Ticker,
    LastPrice,
    Index,
    Buckets,
    Funding,
    /// Bars of a length, by the venue's name for it: `1m`.
    Candles(String),
    /// The others need a key.
    Deposits,
    Withdrawals,
    IsolatedTrades,
    CrossOrders,
    CrossPosition,
}

impl Topic {
    /// What a price is made from.
    pub const PRICES: [Topic; 3] = [Topic::LastPrice, Topic::Index, Topic::Buckets];
    /// Everything that happens to an account.
    pub const ACCOUNT: [Topic; 5] =
        [Topic::IsolatedTrades, Topic::CrossOrders, Topic::CrossPosition, Topic::Deposits, Topic::Withdrawals];

    /// What a key needs to hear it; `None` where everyone may.
    pub(super) const fn scope(&self) -> Option<Scope> {
        match self {
            Topic::Deposits => Some(Scope::DepositsRead),
            Topic::Withdrawals => Some(Scope::WithdrawalsRead),
            Topic::IsolatedTrades => Some(Scope::IsolatedRead),
            Topic::CrossOrders | Topic::CrossPosition => Some(Scope::CrossRead),
            Topic::Announcements
            | Topic::Ticker
            | Topic::LastPrice
            | Topic::Index
            | Topic::Buckets
            | Topic::Funding
            | Topic::Candles(_) => None,
        }
    }

    pub fn read(text: &str) -> Option<Topic> {
        match text {
            "announcements" => return Some(Topic::Announcements),
            "wallet/deposit" => return Some(Topic::Deposits),
            "wallet/withdrawal" => return Some(Topic::Withdrawals),
            _ => {}
        }
        let name = text.strip_prefix(MARKET)?.strip_prefix('/')?;
        match name {
            "ticker" => Some(Topic::Ticker),
            "lastPrice" => Some(Topic::LastPrice),
            "index" => Some(Topic::Index),
            "buckets" => Some(Topic::Buckets),
            "funding" => Some(Topic::Funding),
            "isolated/trades" => Some(Topic::IsolatedTrades),
            "cross/orders" => Some(Topic::CrossOrders),
            "cross/position" => Some(Topic::CrossPosition),
            _ => name.strip_prefix("ohlc/").map(|range| Topic::Candles(range.to_owned())),
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::Announcements => f.write_str("announcements"),
            Topic::Deposits => f.write_str("wallet/deposit"),
            Topic::Withdrawals => f.write_str("wallet/withdrawal"),
            Topic::Ticker => write!(f, "{MARKET}/ticker"),
            Topic::LastPrice => write!(f, "{MARKET}/lastPrice"),
            Topic::Index => write!(f, "{MARKET}/index"),
            Topic::Buckets => write!(f, "{MARKET}/buckets"),
            Topic::Funding => write!(f, "{MARKET}/funding"),
            Topic::Candles(range) => write!(f, "{MARKET}/ohlc/{range}"),
            Topic::IsolatedTrades => write!(f, "{MARKET}/isolated/trades"),
            Topic::CrossOrders => write!(f, "{MARKET}/cross/orders"),
            Topic::CrossPosition => write!(f, "{MARKET}/cross/position"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_read_as_it_is_written() {
        let others = [Topic::Announcements, Topic::Ticker, Topic::Funding, Topic::Candles("1m".to_owned())];
        for topic in Topic::PRICES.into_iter().chain(Topic::ACCOUNT).chain(others) {
            assert_eq!(Topic::read(&topic.to_string()), Some(topic));
        }
        for unknown in ["", "futures/inverse/btc_usd", "futures/inverse/eth_usd/index", "wallet"] {
            assert_eq!(Topic::read(unknown), None);
        }
    }
}

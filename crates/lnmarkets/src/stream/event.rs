//! What the stream tells, read from its frames.

use super::isolated::{IsolatedEvent, IsolatedWire};
use super::topic::Topic;
use crate::number::{Number, Time, Whole};
use crate::rest::shortened;
use crate::wire::{
    BucketWire, CandleWire, CrossOrder, CrossOrderWire, CrossPosition, CrossPositionWire, smallest_prices,
};
use domain::{Candle, Price, Rate, Sats, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// The socket was built anew. What happened meanwhile was told to nobody: read it by REST.
    Rebuilt,
    /// The socket broke, for the reason given; it is being rebuilt.
    Lost(String),
    Announcement(Announcement),
    Ticker(StreamTicker),
    LastPrice {
        at: Timestamp,
        price: Price,
    },
    Index {
        at: Timestamp,
        price: Price,
    },
    /// What the smallest size gets and pays.
    BestPrices {
        at: Timestamp,
        bid: Option<Price>,
        ask: Option<Price>,
    },
    Funding {
        rate: Option<Rate>,
        at: Option<Timestamp>,
    },
    Candle {
        range: String,
        candle: Candle,
    },
    Deposit(WalletMovement),
    Withdrawal(WalletMovement),
    Isolated(IsolatedEvent),
    /// In the venue's words: `new`, `limit`, `canceled`.
    CrossOrder {
        event: String,
        order: CrossOrder,
    },
    /// In the venue's words: `new`, `leverage`, `liquidation`, `funding`, …
    CrossPosition {
        event: String,
        position: CrossPosition,
    },
}

/// A note of the venue to everyone; without words it was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Announcement {
    pub id: String,
    pub title: Option<String>,
    pub message: Option<String>,
    pub link: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamTicker {
    pub at: Timestamp,
    pub last: Option<Price>,
    pub index: Option<Price>,
    pub funding_rate: Option<Rate>,
    pub funding_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletMovement {
    pub id: String,
    pub amount: Sats,
    /// Of the wallet, afterwards.
    pub balance: Option<Sats>,
    pub fee: Option<Sats>,
    /// In the venue's words.
    pub status: String,
    /// `lightning` or `bitcoin`.
    pub network: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TickerData {
    time: Time,
    last_price: Option<Number>,
    index: Option<Number>,
    funding: Option<FundingPoint>,
}

#[derive(Deserialize)]
struct FundingPoint {
    rate: Option<Number>,
    time: Option<Time>,
}

#[derive(Deserialize)]
struct FundingData {
    current: FundingPoint,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LastPriceData {
    time: Time,
    last_price: Number,
}

#[derive(Deserialize)]
struct IndexData {
    time: Time,
    index: Number,
}

#[derive(Deserialize)]
struct BucketsData {
    time: Time,
    buckets: Vec<BucketWire>,
}

#[derive(Deserialize)]
struct MovementData {
    id: String,
    amount: Whole,
    balance: Option<Whole>,
    fee: Option<Whole>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    network: String,
}

#[derive(Deserialize)]
struct CrossOrderData {
    event: String,
    order: CrossOrderWire,
}

#[derive(Deserialize)]
struct CrossPositionData {
    event: String,
    position: CrossPositionWire,
}

impl StreamEvent {
    /// Why not, where it can't be read.
    pub(super) fn read(topic: &Topic, data: Value) -> Result<StreamEvent, String> {
        match topic {
            Topic::Announcements => Ok(StreamEvent::Announcement(data_of(data)?)),
            Topic::Ticker => ticker(data_of(data)?),
            Topic::LastPrice => {
                let LastPriceData { time: Time(at), last_price } = data_of(data)?;
                Ok(StreamEvent::LastPrice { at, price: last_price.price().ok_or("the last price is no price")? })
            }
            Topic::Index => {
                let IndexData { time: Time(at), index } = data_of(data)?;
                Ok(StreamEvent::Index { at, price: index.price().ok_or("the index is no price")? })
            }
            Topic::Buckets => Ok(best_prices(&data_of(data)?)),
            Topic::Funding => {
                let FundingPoint { rate, time } = data_of::<FundingData>(data)?.current;
                Ok(StreamEvent::Funding { rate: rate.and_then(Number::rate), at: time.map(|time| time.0) })
            }
            Topic::Candles(range) => {
                let candle = data_of::<CandleWire>(data)?.candle()?;
                Ok(StreamEvent::Candle { range: range.clone(), candle })
            }
            Topic::Deposits => Ok(StreamEvent::Deposit(movement(data_of(data)?))),
            Topic::Withdrawals => Ok(StreamEvent::Withdrawal(movement(data_of(data)?))),
            Topic::IsolatedTrades => Ok(StreamEvent::Isolated(data_of::<IsolatedWire>(data)?.event())),
            Topic::CrossOrders => {
                let CrossOrderData { event, order } = data_of(data)?;
                Ok(StreamEvent::CrossOrder { event: shortened(&event), order: order.order()? })
            }
            Topic::CrossPosition => {
                let CrossPositionData { event, position } = data_of(data)?;
                Ok(StreamEvent::CrossPosition { event: shortened(&event), position: position.position()? })
            }
        }
    }
}

fn data_of<T: DeserializeOwned>(data: Value) -> Result<T, String> {
    serde_json::from_value(data).map_err(|error| shortened(&error.to_string()))
}

/// 0 stands for no price.
fn ticker(data: TickerData) -> Result<StreamEvent, String> {
    let price = |number: Option<Number>| number.map_or(Ok(None), Number::price_or_none);
    let [last, index] = [data.last_price, data.index].map(|number| price(number).map_err(|_| "a price is no price"));
    let funding = data.funding.unwrap_or(FundingPoint { rate: None, time: None });
    Ok(StreamEvent::Ticker(StreamTicker {
        at: data.time.0,
        last: last?,
        index: index?,
        funding_rate: funding.rate.and_then(Number::rate),
        funding_at: funding.time.map(|time| time.0),
    }))
}

fn best_prices(data: &BucketsData) -> StreamEvent {
    let [bid, ask] = smallest_prices(&data.buckets);
    StreamEvent::BestPrices { at: data.time.0, bid, ask }
}

fn movement(data: MovementData) -> WalletMovement {
    let MovementData { id, amount, balance, fee, status, network } = data;
    let (balance, fee) = (balance.map(Sats::from), fee.map(Sats::from));
    WalletMovement { id, amount: amount.into(), balance, fee, status, network }
}

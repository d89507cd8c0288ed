//! Binance's JSON, and what it means. Its prices come as plain decimals in quotes.

use domain::{Candle, Interval, Millis, Price, Tick, Timestamp};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TimeWire {
    pub server_time: i64,
}

/// The last 24 hours, with the newest price.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayWire {
    last_price: String,
    bid_price: Option<String>,
    ask_price: Option<String>,
    close_time: i64,
}

impl DayWire {
    pub fn tick(&self) -> Option<Tick> {
        let optional = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        Some(Tick {
            at: Timestamp::from_unix_ms(self.close_time),
            last: self.last_price.parse().ok()?,
            index: None,
            bid: optional(&self.bid_price),
            ask: optional(&self.ask_price),
        })
    }
}

/// `[openTime, "open", "high", "low", "close", "volume", closeTime, "quoteVolume", …]`
pub(crate) struct Kline(pub Vec<Value>);

impl Kline {
    pub fn candle(&self) -> Option<Candle> {
        let price = |index: usize| self.0.get(index)?.as_str()?.parse::<Price>().ok();
        Some(Candle {
            at: Timestamp::from_unix_ms(self.0.first()?.as_i64()?),
            open: price(1)?,
            high: price(2)?,
            low: price(3)?,
            close: price(4)?,
            volume: self.dollars().unwrap_or(0),
        })
    }

    /// The turnover in Tether, cut to whole ones.
    fn dollars(&self) -> Option<i64> {
        self.0.get(7)?.as_str()?.split('.').next()?.parse().ok()
    }
}

/// Binance's name for bars of this length.
pub(crate) fn name_of(interval: Interval) -> Option<&'static str> {
    let minute = Millis::MINUTE.get();
    let minutes = interval.length().get().checked_div(minute)?;
    if minutes.saturating_mul(minute) != interval.length().get() {
        return None;
    }
    match minutes {
        1 => Some("1m"),
        3 => Some("3m"),
        5 => Some("5m"),
        15 => Some("15m"),
        30 => Some("30m"),
        60 => Some("1h"),
        120 => Some("2h"),
        240 => Some("4h"),
        360 => Some("6h"),
        480 => Some("8h"),
        720 => Some("12h"),
        1_440 => Some("1d"),
        4_320 => Some("3d"),
        10_080 => Some("1w"),
        _ => None,
    }
}

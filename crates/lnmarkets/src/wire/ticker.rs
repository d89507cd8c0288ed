//! The price now, and the venue's time.

use crate::number::{Number, Time};
use domain::{Price, Rate, Tick, Ticker, Timestamp};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct TimeWire {
    pub time: Time,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TickerWire {
    time: Option<Time>,
    last_price: Number,
    index: Option<Number>,
    funding_rate: Option<Number>,
    funding_time: Option<Time>,
    #[serde(default)]
    prices: Vec<BucketWire>,
}

/// Prices for orders from `minSize` dollars on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BucketWire {
    min_size: Option<Number>,
    ask_price: Option<Number>,
    bid_price: Option<Number>,
}

impl TickerWire {
    /// `now` dates a price that the venue did not date.
    pub fn ticker(&self, now: Timestamp) -> Result<Ticker, &'static str> {
        let last = self.last_price.price().ok_or("the last price is no price")?;
        let at = self.time.map_or(now, |time| time.0);
        let [bid, ask] = smallest_prices(&self.prices);
        let tick = Tick { at, last, index: self.index.and_then(Number::price), bid, ask };
        Ok(Ticker {
            tick,
            funding_rate: self.funding_rate.and_then(Number::rate).unwrap_or(Rate::ZERO),
            funding_at: self.funding_time.map_or_else(|| next_settlement(at), |time| time.0),
        })
    }
}

/// Bid and ask of the smallest size, where the venue says.
pub(crate) fn smallest_prices(buckets: &[BucketWire]) -> [Option<Price>; 2] {
    let size = |bucket: &BucketWire| bucket.min_size.and_then(Number::price).map_or(0, Price::ticks);
    let Some(smallest) = buckets.iter().min_by_key(|bucket| size(bucket)) else { return [None, None] };
    [smallest.bid_price, smallest.ask_price].map(|price| price.and_then(Number::price))
}

/// Funding settles at 00:00, 08:00 and 16:00 UTC.
fn next_settlement(at: Timestamp) -> Timestamp {
    const EIGHT_HOURS: i64 = 8 * 3_600_000;
    let passed = at.unix_ms().div_euclid(EIGHT_HOURS);
    Timestamp::from_unix_ms(passed.saturating_add(1).saturating_mul(EIGHT_HOURS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticker(json: &str) -> Result<Ticker, &'static str> {
        serde_json::from_str::<TickerWire>(json).map_err(|_| "shape")?.ticker(Timestamp::from_unix_ms(7))
    }

    #[test]
    fn the_smallest_bucket_says_what_a_position_could_be_closed_for() {
        let json = r#"{"index":60000,"lastPrice":60000.5,"fundingRate":-0.0001,"fundingTime":"2026-11-24T08:00:00.000Z",
            "prices":[{"minSize":1000,"maxSize":5000,"askPrice":60010,"bidPrice":59990},
                      {"minSize":0,"maxSize":1000,"askPrice":60001,"bidPrice":59999}],"uid":1}"#;
        let ticker = ticker(json).unwrap();
        assert_eq!(ticker.tick.at, Timestamp::from_unix_ms(7));
        assert_eq!((ticker.tick.last.ticks(), ticker.tick.bid.unwrap().ticks()), (120_001, 119_998));
        assert_eq!(ticker.funding_rate, Rate::from_hundred_millionths(-10_000));
    }

    #[test]
    fn a_bucket_without_liquidity_has_no_price() {
        let ticker = ticker(r#"{"lastPrice":"60000","prices":[{"minSize":0,"maxSize":1}]}"#).unwrap();
        assert_eq!((ticker.tick.bid, ticker.tick.ask, ticker.tick.index), (None, None, None));
        assert_eq!(ticker.funding_at, Timestamp::from_unix_ms(8 * 3_600_000));
    }

    #[test]
    fn f19_a_last_price_that_is_none_is_refused() {
        for price in ["0", "-5", "1e308", "null", r#""NaN""#, r#""6e4""#, "{}"] {
            assert!(ticker(&format!(r#"{{"lastPrice":{price}}}"#)).is_err(), "{price}");
        }
        assert!(ticker("{}").is_err());
    }
}

//! Bid and ask by size: the larger an order, the further from the last price it fills.

use domain::{Bps, Price, Side, Tick};
use serde::{Deserialize, Serialize};

/// How many sizes have a price of their own.
pub const BUCKETS: usize = 3;

/// The largest size of each bucket in dollars, and how much worse than the best price it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Depth(pub [(i64, Bps); BUCKETS]);

impl Default for Depth {
    /// Two basis points at the far end, as the venue's documentation shows.
    fn default() -> Depth {
        Depth([(100_000, Bps::new(0)), (250_000, Bps::new(1)), (500_000, Bps::new(2))])
    }
}

/// Prices for sizes in dollars above `from` up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub from: i64,
    pub to: i64,
    pub bid: Price,
    pub ask: Price,
}

/// What can be bought and sold at one tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotes(pub [Bucket; BUCKETS]);

impl Quotes {
    pub fn of(tick: &Tick, depth: Depth) -> Quotes {
        let (bid, ask) = (tick.bid.unwrap_or(tick.last), tick.ask.unwrap_or(tick.last));
        let mut from = 0;
        Quotes(depth.0.map(|(to, worse)| {
            let bucket = Bucket { from, to, bid: shifted(bid, -worse.get()), ask: shifted(ask, worse.get()) };
            from = to;
            bucket
        }))
    }

    /// What closing a position gets: the bid for a long, the ask for a short.
    pub fn exit(&self, side: Side, dollars: i64) -> Price {
        match side {
            Side::Long => self.bucket(dollars).bid,
            Side::Short => self.bucket(dollars).ask,
        }
    }

    /// What opening a position pays.
    pub fn entry(&self, side: Side, dollars: i64) -> Price {
        match side {
            Side::Long => self.bucket(dollars).ask,
            Side::Short => self.bucket(dollars).bid,
        }
    }

    /// Sizes beyond the last bucket fill there.
    fn bucket(&self, dollars: i64) -> &Bucket {
        let [first, middle, last] = &self.0;
        if dollars <= first.to {
            first
        } else if dollars <= middle.to {
            middle
        } else {
            last
        }
    }
}

/// A price moved by basis points, to the tick that is no better for the trader.
fn shifted(price: Price, bps: i64) -> Price {
    let (ticks, whole) = (i128::from(price.ticks()), i128::from(Bps::ONE.get()));
    let shift = (ticks * i128::from(bps.abs()) + whole - 1).div_euclid(whole);
    Price::clamped(if bps < 0 { ticks - shift } else { ticks + shift })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn a_larger_order_fills_further_from_the_last_price() {
        let price = |ticks| Price::from_ticks(ticks).unwrap();
        let tick =
            Tick { bid: Some(price(183_999)), ask: Some(price(184_001)), ..Tick::of(Timestamp::EPOCH, price(184_000)) };
        let quotes = Quotes::of(&tick, Depth::default());
        assert_eq!((quotes.exit(Side::Long, 1), quotes.exit(Side::Long, 100_000)), (price(183_999), price(183_999)));
        assert_eq!(quotes.exit(Side::Long, 150_000), price(183_999 - 19));
        assert_eq!(quotes.entry(Side::Long, 500_000), price(184_001 + 37));
        assert_eq!(quotes.exit(Side::Short, 15_000_000), quotes.entry(Side::Long, 500_000));
        assert_eq!(
            quotes.0.map(|bucket| (bucket.from, bucket.to)),
            [(0, 100_000), (100_000, 250_000), (250_000, 500_000)]
        );
    }
}

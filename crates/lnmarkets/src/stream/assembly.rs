//! One price out of the pieces that the stream tells one by one.

use super::event::{StreamEvent, StreamTicker};
use domain::{Millis, Price, Tick, Timestamp};

/// A piece that is this much older than the newest says nothing about now.
const LIFE: Millis = Millis::from_secs(5);

#[derive(Debug, Default)]
pub(super) struct Assembly {
    last: Option<(Timestamp, Price)>,
    index: Option<(Timestamp, Price)>,
    best: Option<(Timestamp, Option<Price>, Option<Price>)>,
}

impl Assembly {
    /// The price with this piece in it; `None` where the event is no piece of a price, or the last price is missing.
    pub fn take(&mut self, event: &StreamEvent) -> Option<Tick> {
        let at = match *event {
            StreamEvent::LastPrice { at, price } => {
                newer(&mut self.last, at, price);
                at
            }
            StreamEvent::Index { at, price } => {
                newer(&mut self.index, at, price);
                at
            }
            StreamEvent::BestPrices { at, bid, ask } => {
                if self.best.is_none_or(|(known, ..)| known <= at) {
                    self.best = Some((at, bid, ask));
                }
                at
            }
            StreamEvent::Ticker(StreamTicker { at, last, index, .. }) => {
                last.into_iter().for_each(|price| newer(&mut self.last, at, price));
                index.into_iter().for_each(|price| newer(&mut self.index, at, price));
                at
            }
            _ => return None,
        };
        self.tick(at)
    }

    /// A price from elsewhere, where it is newer than what the stream told.
    pub fn confirm(&mut self, tick: Tick) {
        newer(&mut self.last, tick.at, tick.last);
    }

    /// When the last price was dated.
    pub fn last_told_at(&self) -> Option<Timestamp> {
        self.last.map(|(at, _)| at)
    }

    fn tick(&self, at: Timestamp) -> Option<Tick> {
        let (_, last) = self.last?;
        let is_fresh = |piece: Timestamp| at.since(piece) <= LIFE;
        let index = self.index.filter(|(piece, _)| is_fresh(*piece)).map(|(_, price)| price);
        let best = self.best.filter(|(piece, ..)| is_fresh(*piece));
        let (bid, ask) = best.map_or((None, None), |(_, bid, ask)| (bid, ask));
        Some(Tick { at, last, index, bid, ask })
    }
}

fn newer(piece: &mut Option<(Timestamp, Price)>, at: Timestamp, price: Price) {
    if piece.is_none_or(|(known, _)| known <= at) {
        *piece = Some((at, price));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_ms(seconds * 1_000)
    }

    fn price(dollars: i64) -> Price {
        Price::from_ticks(dollars * 2).unwrap()
    }

    #[test]
    fn a_price_is_the_last_price_with_what_is_still_fresh() {
        let mut assembly = Assembly::default();
        let best = StreamEvent::BestPrices { at: at(1), bid: Some(price(9)), ask: Some(price(11)) };
        assert_eq!(assembly.take(&best), None, "no last price yet");
        let tick = assembly.take(&StreamEvent::LastPrice { at: at(2), price: price(10) }).unwrap();
        assert_eq!(tick, Tick { at: at(2), last: price(10), index: None, bid: Some(price(9)), ask: Some(price(11)) });
        let tick = assembly.take(&StreamEvent::Index { at: at(7), price: price(10) }).unwrap();
        assert_eq!((tick.index, tick.bid, tick.ask), (Some(price(10)), None, None));
        let old = StreamEvent::LastPrice { at: at(1), price: price(99) };
        assert_eq!(assembly.take(&old).unwrap().last, price(10), "an older piece changes nothing");
    }
}

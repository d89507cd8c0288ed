//! The bars that the chart shows, kept up to date by every price.

use domain::{Candle, Millis, Price, Tick, Timestamp};

/// How many bars are asked for and shown.
pub const LIMIT: u32 = 400;

/// Bars of one length, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    length: Millis,
    bars: Vec<Candle>,
}

impl Bars {
    /// Bars as the server sent them; what is out of order is left out, for a chart can't draw it.
    pub fn new(length: Millis, candles: Vec<Candle>) -> Bars {
        let mut bars: Vec<Candle> = Vec::with_capacity(candles.len());
        for candle in candles {
            let bar = Candle { at: start_of(candle.at, length), ..candle };
            match bars.last_mut() {
                Some(last) if bar.at < last.at => {}
                Some(last) if bar.at == last.at => *last = merged(last, &bar),
                _ => bars.push(bar),
            }
        }
        Bars { length, bars }
    }

    pub fn all(&self) -> &[Candle] {
        &self.bars
    }

    /// The newest bars that are complete, newest first.
    pub fn complete(&self, count: usize) -> Vec<Candle> {
        self.bars.iter().rev().skip(1).take(count).copied().collect()
    }

    /// Takes in a price; answers the bar that it changed. A price from before the newest bar changes none.
    pub fn take_tick(&mut self, tick: &Tick) -> Option<Candle> {
        let price = tick.last;
        self.take(Candle { at: tick.at, open: price, high: price, low: price, close: price, volume: 0 })
    }

    /// Takes in the bar that holds the newest price, of a length that is not longer than ours.
    pub fn take_candle(&mut self, candle: &Candle) -> Option<Candle> {
        self.take(*candle)
    }

    fn take(&mut self, news: Candle) -> Option<Candle> {
        let news = Candle { at: start_of(news.at, self.length), ..news };
        match self.bars.last_mut() {
            Some(last) if news.at < last.at => return None,
            Some(last) if news.at == last.at => *last = merged(last, &news),
            _ => self.bars.push(news),
        }
        self.bars.last().copied()
    }

    /// Five numbers a bar: seconds, open, highest, lowest, close.
    pub fn flat(&self) -> Vec<f64> {
        self.bars.iter().flat_map(numbers).collect()
    }
}

/// A bar as a chart takes it: seconds, open, highest, lowest, close.
pub fn numbers(bar: &Candle) -> [f64; 5] {
    let dollars = Price::dollars;
    [seconds(bar.at), dollars(bar.open), dollars(bar.highest()), dollars(bar.lowest()), dollars(bar.close)]
}

/// When the bar that holds a moment began.
pub fn start_of(at: Timestamp, length: Millis) -> Timestamp {
    let length = length.get().max(1);
    Timestamp::from_unix_ms(at.unix_ms().div_euclid(length) * length)
}

/// Whole seconds since 1970, as a chart counts time.
pub fn seconds(at: Timestamp) -> f64 {
    at.unix_ms().div_euclid(1_000) as f64
}

fn merged(bar: &Candle, news: &Candle) -> Candle {
    Candle {
        high: bar.highest().max(news.highest()),
        low: bar.lowest().min(news.lowest()),
        close: news.close,
        volume: bar.volume.max(news.volume),
        ..*bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dollars(dollars: i64) -> Price {
        Price::from_ticks(dollars * 2).unwrap()
    }

    fn candle(minute: i64, open: i64, high: i64, low: i64, close: i64) -> Candle {
        let at = Timestamp::from_unix_ms(minute * 60_000);
        Candle { at, open: dollars(open), high: dollars(high), low: dollars(low), close: dollars(close), volume: 7 }
    }

    fn tick(ms: i64, price: i64) -> Tick {
        Tick::of(Timestamp::from_unix_ms(ms), dollars(price))
    }

    #[test]
    fn a_price_changes_the_newest_bar() {
        let mut bars = Bars::new(Millis::MINUTE, vec![candle(1, 100, 110, 90, 105)]);
        let bar = bars.take_tick(&tick(61_000, 120)).unwrap();
        assert_eq!((bar.open, bar.high, bar.low, bar.close), (dollars(100), dollars(120), dollars(90), dollars(120)));
        assert_eq!(bars.all().len(), 1);
    }

    #[test]
    fn a_price_beyond_the_newest_bar_opens_the_next() {
        let mut bars = Bars::new(Millis::MINUTE, vec![candle(1, 100, 110, 90, 105)]);
        let bar = bars.take_tick(&tick(185_000, 120)).unwrap();
        assert_eq!((bar.at, bar.open), (Timestamp::from_unix_ms(180_000), dollars(120)));
        assert_eq!(bars.complete(10), [candle(1, 100, 110, 90, 105)]);
    }

    #[test]
    fn a_price_from_before_changes_nothing() {
        let mut bars = Bars::new(Millis::MINUTE, vec![candle(5, 100, 110, 90, 105)]);
        assert_eq!(bars.take_tick(&tick(61_000, 1)), None);
    }

    #[test]
    fn a_market_without_history_starts_with_its_first_price() {
        let mut bars = Bars::new(Millis::MINUTE, Vec::new());
        assert_eq!(
            bars.take_tick(&tick(61_000, 9)).map(|bar| (bar.at, bar.close)),
            Some((start_of(Timestamp::from_unix_ms(61_000), Millis::MINUTE), dollars(9)))
        );
    }

    #[test]
    fn minutes_are_gathered_into_longer_bars() {
        let five = Millis::from_secs(300);
        let mut bars = Bars::new(five, vec![candle(0, 100, 110, 90, 105)]);
        let bar = bars.take_candle(&candle(3, 106, 140, 80, 130)).unwrap();
        assert_eq!((bar.at, bar.open), (Timestamp::EPOCH, dollars(100)));
        assert_eq!((bar.high, bar.low, bar.close), (dollars(140), dollars(80), dollars(130)));
    }

    #[test]
    fn bars_out_of_order_are_left_out() {
        let bars = Bars::new(Millis::MINUTE, vec![candle(2, 1, 1, 1, 1), candle(1, 2, 2, 2, 2), candle(3, 3, 3, 3, 3)]);
        assert_eq!(bars.flat().iter().step_by(5).copied().collect::<Vec<_>>(), [120.0, 180.0]);
    }
}

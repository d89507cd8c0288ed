//! The bars that a market leaves behind.

use domain::{Candle, Interval, Millis, Tick, Timestamp};
use std::collections::VecDeque;

/// Two weeks of minutes.
const MOST_BARS: usize = 20_160;

pub(super) struct History {
    interval: Interval,
    closed: VecDeque<Candle>,
    forming: Option<Candle>,
}

impl History {
    pub fn new(interval: Interval, closed: Vec<Candle>) -> History {
        let mut history = History { interval, closed: closed.into(), forming: None };
        history.forget();
        history
    }

    pub fn interval(&self) -> Interval {
        self.interval
    }

    pub fn forming(&self) -> Option<Candle> {
        self.forming
    }

    /// The longer bar that the newest price belongs to, as far as it is known.
    pub fn forming_of(&self, interval: Interval) -> Option<Candle> {
        if interval.length().get() % self.interval.length().get() != 0 {
            return None;
        }
        let forming = self.forming?;
        let start = start_of(forming.at, interval);
        let first = self.closed.partition_point(|bar| bar.at < start);
        let mut parts = self.closed.range(first..).chain(std::iter::once(&forming));
        let mut candle = Candle { at: start, ..*parts.next()? };
        parts.for_each(|bar| join(&mut candle, bar));
        Some(candle)
    }

    /// Takes the newest state of a bar; the one before it is closed when this is another one.
    pub fn take(&mut self, bar: Candle) {
        let before = self.forming.replace(bar);
        if let Some(closed) = before.filter(|before| before.at != bar.at) {
            self.closed.push_back(closed);
            self.forget();
        }
    }

    /// The bar that a tick belongs to, as it is with this tick.
    pub fn bar_with(&self, tick: &Tick) -> Candle {
        let (at, last) = (start_of(tick.at, self.interval), tick.last);
        match self.forming.filter(|bar| bar.at == at) {
            Some(bar) => Candle { high: bar.high.max(last), low: bar.low.min(last), close: last, ..bar },
            None => Candle { at, open: last, high: last, low: last, close: last, volume: 0 },
        }
    }

    /// Closed bars that opened in `[from, to)`, oldest first. A longer bar is joined from shorter ones once its time
    /// is over, and only where the history reaches back to its start.
    pub fn closed(&self, interval: Interval, from: Timestamp, to: Timestamp) -> Option<Vec<Candle>> {
        let length = interval.length().get();
        if length % self.interval.length().get() != 0 {
            return None;
        }
        let (Some(first), Some(last)) = (self.closed.front(), self.closed.back()) else { return Some(Vec::new()) };
        let known_until = last.at.plus(self.interval.length());
        let mut joined: Vec<Candle> = Vec::new();
        for bar in &self.closed {
            let start = start_of(bar.at, interval);
            match joined.last_mut().filter(|candle| candle.at == start) {
                Some(candle) => join(candle, bar),
                None => joined.push(Candle { at: start, ..*bar }),
            }
        }
        let is_whole = |bar: &Candle| first.at <= bar.at && bar.at.plus(Millis::new(length)) <= known_until;
        joined.retain(|bar| from <= bar.at && bar.at < to && is_whole(bar));
        Some(joined)
    }

    fn forget(&mut self) {
        let surplus = self.closed.len().saturating_sub(MOST_BARS);
        self.closed.drain(..surplus);
    }
}

fn join(candle: &mut Candle, bar: &Candle) {
    candle.high = candle.high.max(bar.high);
    candle.low = candle.low.min(bar.low);
    candle.close = bar.close;
    candle.volume = candle.volume.saturating_add(bar.volume);
}

fn start_of(at: Timestamp, interval: Interval) -> Timestamp {
    let length = interval.length().get();
    Timestamp::from_unix_ms(at.unix_ms().div_euclid(length).saturating_mul(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Price;

    const ALL: (Timestamp, Timestamp) = (Timestamp::EPOCH, Timestamp::from_unix_ms(i64::MAX));

    fn price(ticks: i64) -> Price {
        Price::from_ticks(ticks).unwrap()
    }

    fn push(history: &mut History, seconds: i64, ticks: i64) {
        let bar = history.bar_with(&Tick::of(Timestamp::from_unix_ms(seconds * 1_000), price(ticks)));
        history.take(bar);
    }

    #[test]
    fn ticks_become_bars_that_close_when_the_next_one_opens() {
        let mut history = History::new(Interval::MINUTE, Vec::new());
        for (second, ticks) in [(0, 100), (20, 130), (40, 90), (59, 95)] {
            push(&mut history, second, ticks);
        }
        assert_eq!(history.closed(Interval::MINUTE, ALL.0, ALL.1).unwrap(), []);
        push(&mut history, 61, 96);
        let bars = history.closed(Interval::MINUTE, ALL.0, ALL.1).unwrap();
        let at = Timestamp::EPOCH;
        let bar = Candle { at, open: price(100), high: price(130), low: price(90), close: price(95), volume: 0 };
        assert_eq!(bars, [bar]);
        assert_eq!(history.forming().unwrap().open, price(96));
    }

    #[test]
    fn longer_bars_are_joined_once_they_are_whole() {
        let mut history = History::new(Interval::MINUTE, Vec::new());
        for minute in 3..=16 {
            push(&mut history, minute * 60, 100 + minute);
        }
        let five = Interval::new(Millis::new(300_000)).unwrap();
        let bars = history.closed(five, ALL.0, ALL.1).unwrap();
        assert_eq!(bars.iter().map(|bar| bar.at.unix_ms() / 60_000).collect::<Vec<_>>(), [5, 10]);
        assert_eq!((bars[0].open, bars[0].close, bars[0].high), (price(105), price(109), price(109)));
        assert!(history.closed(Interval::new(Millis::new(90_000)).unwrap(), ALL.0, ALL.1).is_none());
    }
}

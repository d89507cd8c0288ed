//! The bars that a market leaves behind.

use super::calendar::{BarLength, Period};
use domain::{Candle, Interval, Millis, Tick, Timestamp};
use std::collections::VecDeque;

/// Two weeks of minutes.
const MOST_BARS: usize = 20_160;

pub(super) struct History {
    interval: Interval,
    closed: VecDeque<Candle>,
    forming: Option<Candle>,
    /// When the first bar opened, forgotten ones included.
    first: Option<Timestamp>,
    /// Every closed bar joined by its day, forgotten ones included; empty where bars do not make whole days.
    days: Vec<Candle>,
}

impl History {
    pub fn new(interval: Interval, closed: Vec<Candle>) -> History {
        let closed: VecDeque<Candle> = closed.into();
        let mut history = History { interval, closed: VecDeque::new(), forming: None, first: None, days: Vec::new() };
        closed.iter().for_each(|bar| history.note(bar));
        history.closed = closed;
        history.forget();
        history
    }

    /// Takes a closed bar into its day.
    fn note(&mut self, bar: &Candle) {
        self.first.get_or_insert(bar.at);
        let Some(day) = Interval::new(Millis::DAY).filter(|day| is_multiple(*day, self.interval)) else { return };
        let at = start_of(bar.at, day);
        match self.days.last_mut().filter(|day| day.at == at) {
            Some(day) => join(day, bar),
            None => self.days.push(Candle { at, ..*bar }),
        }
    }

    pub fn interval(&self) -> Interval {
        self.interval
    }

    pub fn forming(&self) -> Option<Candle> {
        self.forming
    }

    /// The longer bar that the newest price belongs to, as far as it is known.
    pub fn forming_of(&self, length: BarLength) -> Option<Candle> {
        let interval = match length {
            BarLength::Fixed(interval) => interval,
            BarLength::Calendar(period) => return self.forming_period(period),
        };
        if !is_multiple(interval, self.interval) {
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

    fn forming_period(&self, period: Period) -> Option<Candle> {
        let (forming, day) = (self.forming?, Interval::new(Millis::DAY)?);
        let start = period.start_of(forming.at);
        let first = self.days.partition_point(|day| day.at < start);
        let mut parts = self.days.get(first..)?.iter().chain(std::iter::once(&forming));
        let mut candle = Candle { at: start, ..*parts.next()? };
        parts.for_each(|bar| join(&mut candle, bar));
        is_multiple(day, self.interval).then_some(candle)
    }

    /// Takes the newest state of a bar; the one before it is closed when this is another one.
    pub fn take(&mut self, bar: Candle) {
        let before = self.forming.replace(bar);
        if let Some(closed) = before.filter(|before| before.at != bar.at) {
            self.note(&closed);
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
    pub fn closed(&self, length: BarLength, from: Timestamp, to: Timestamp) -> Option<Vec<Candle>> {
        let interval = match length {
            BarLength::Fixed(interval) => interval,
            BarLength::Calendar(period) => return self.closed_periods(period, from, to),
        };
        let length = interval.length().get();
        if !is_multiple(interval, self.interval) {
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

    /// The same for stretches of the calendar, joined from days.
    fn closed_periods(&self, period: Period, from: Timestamp, to: Timestamp) -> Option<Vec<Candle>> {
        if !is_multiple(Interval::new(Millis::DAY)?, self.interval) {
            return None;
        }
        let (Some(first), Some(last)) = (self.first, self.closed.back()) else { return Some(Vec::new()) };
        let known_until = last.at.plus(self.interval.length());
        let mut joined: Vec<Candle> = Vec::new();
        for day in &self.days {
            let start = period.start_of(day.at);
            match joined.last_mut().filter(|candle| candle.at == start) {
                Some(candle) => join(candle, day),
                None => joined.push(Candle { at: start, ..*day }),
            }
        }
        let is_whole = |bar: &Candle| first <= bar.at && period.next(bar.at) <= known_until;
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

fn is_multiple(long: Interval, short: Interval) -> bool {
    long.length().get() % short.length().get() == 0
}

fn start_of(at: Timestamp, interval: Interval) -> Timestamp {
    let length = interval.length().get();
    Timestamp::from_unix_ms(at.unix_ms().div_euclid(length).saturating_mul(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Price;

    const MINUTE: BarLength = BarLength::Fixed(Interval::MINUTE);
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
        assert_eq!(history.closed(MINUTE, ALL.0, ALL.1).unwrap(), []);
        push(&mut history, 61, 96);
        let bars = history.closed(MINUTE, ALL.0, ALL.1).unwrap();
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
        let bars = history.closed(five.into(), ALL.0, ALL.1).unwrap();
        assert_eq!(bars.iter().map(|bar| bar.at.unix_ms() / 60_000).collect::<Vec<_>>(), [5, 10]);
        assert_eq!((bars[0].open, bars[0].close, bars[0].high), (price(105), price(109), price(109)));
        assert!(history.closed(Interval::new(Millis::new(90_000)).unwrap().into(), ALL.0, ALL.1).is_none());
    }

    #[test]
    fn months_are_told_though_their_minutes_are_forgotten() {
        let hour = Interval::new(Millis::HOUR).unwrap();
        let at = |hour: i64| Timestamp::from_unix_ms(hour * Millis::HOUR.get());
        // From the middle of January 1970 to the second of May, an hour a bar.
        let bar = |number: i64| Candle {
            at: at(number),
            open: price(1_000 + number),
            high: price(1_002 + number),
            low: price(999 + number),
            close: price(1_001 + number),
            volume: 1,
        };
        let hours = 15 * 24..121 * 24;
        let mut history = History::new(hour, hours.clone().map(bar).collect());
        history.closed.drain(..2_000);
        history.take(bar(hours.end));
        history.take(bar(hours.end + 1));
        let months = history.closed(BarLength::Calendar(Period::Month), ALL.0, ALL.1).unwrap();
        let day = |days: i64| at(days * 24);
        assert_eq!(months.iter().map(|bar| bar.at).collect::<Vec<_>>(), [day(31), day(59), day(90)]);
        assert_eq!((months[0].open, months[0].low), (price(1_000 + 31 * 24), price(999 + 31 * 24)));
        assert_eq!((months[0].close, months[0].volume), (price(1_000 + 59 * 24), 28 * 24));
        let part = history.closed(BarLength::Calendar(Period::Month), day(32), day(60)).unwrap();
        assert_eq!(part.iter().map(|bar| bar.at).collect::<Vec<_>>(), [day(59)]);
        let quarters = history.closed(BarLength::Calendar(Period::Quarter), ALL.0, ALL.1).unwrap();
        assert_eq!(quarters, [], "the first one is not known from its start");
        let weeks = history.closed(BarLength::Calendar(Period::Week), ALL.0, ALL.1).unwrap();
        assert_eq!(weeks.first().map(|bar| bar.at), Some(day(18)), "a Monday");
        let forming = history.forming_of(BarLength::Calendar(Period::Month)).unwrap();
        assert_eq!((forming.at, forming.open, forming.volume), (day(120), price(1_000 + 120 * 24), 26));
        let odd = History::new(Interval::new(Millis::new(7 * 3_600_000)).unwrap(), Vec::new());
        assert_eq!(odd.closed(BarLength::Calendar(Period::Week), ALL.0, ALL.1), None);
    }
}

//! Which prices are let through: never back in time, and no leap that nothing confirms.

use domain::{Millis, Price, Tick, Timestamp};

/// A price that is this many times another has leapt.
const LEAP: i64 = 2;
/// A second price, or the index, confirms a leap where it lies within a tenth.
const CLOSENESS: i64 = 10;
/// A price may be this far ahead of the venue's own clock.
const AHEAD: Millis = Millis::from_secs(5);

/// Remembers what was let through and counts what was not.
#[derive(Debug, Default)]
pub(crate) struct Sieve {
    newest: Option<Tick>,
    suspect: Option<Price>,
    pub dropped: Dropped,
}

/// Prices that were not let through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Older than one that came before.
    pub old: u64,
    /// Dated later than the venue's own clock.
    pub ahead: u64,
    /// A leap that nothing confirmed yet.
    pub leaps: u64,
}

impl Sieve {
    /// `None` where the tick must not be decided on. `now` is the venue's time, where ticks are dated by it.
    pub fn admit(&mut self, tick: Tick, now: Option<Timestamp>) -> Option<Tick> {
        if now.is_some_and(|now| now.plus(AHEAD) < tick.at) {
            self.dropped.ahead = self.dropped.ahead.saturating_add(1);
            return None;
        }
        if self.newest.is_some_and(|newest| tick.at < newest.at) {
            self.dropped.old = self.dropped.old.saturating_add(1);
            return None;
        }
        if self.is_unconfirmed_leap(&tick) {
            self.dropped.leaps = self.dropped.leaps.saturating_add(1);
            self.suspect = Some(tick.last);
            return None;
        }
        self.suspect = None;
        self.newest = Some(tick);
        Some(tick)
    }

    pub const fn newest(&self) -> Option<Tick> {
        self.newest
    }

    fn is_unconfirmed_leap(&self, tick: &Tick) -> bool {
        let Some(newest) = self.newest else { return false };
        let confirmed = |by: Option<Price>| by.is_some_and(|by| are_close(by, tick.last));
        has_leapt(newest.last, tick.last) && !confirmed(tick.index) && !confirmed(self.suspect)
    }
}

fn has_leapt(from: Price, to: Price) -> bool {
    let (less, more) = (from.min(to).ticks(), from.max(to).ticks());
    less.saturating_mul(LEAP) < more
}

fn are_close(a: Price, b: Price) -> bool {
    a.ticks().abs_diff(b.ticks()).saturating_mul(CLOSENESS.unsigned_abs()) <= b.ticks().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(at: i64, dollars: i64) -> Tick {
        Tick::of(Timestamp::from_unix_ms(at), Price::from_ticks(dollars * 2).unwrap())
    }

    #[test]
    fn f18_time_never_goes_back() {
        let mut sieve = Sieve::default();
        assert!(sieve.admit(tick(10, 60_000), None).is_some());
        assert!(sieve.admit(tick(9, 60_001), None).is_none());
        assert!(sieve.admit(tick(10, 60_002), None).is_some(), "the same moment may be told again");
        assert_eq!(sieve.newest, Some(tick(10, 60_002)));
        assert_eq!(sieve.dropped, Dropped { old: 1, ..Dropped::default() });
    }

    #[test]
    fn f18_a_price_from_the_future_is_dropped() {
        let mut sieve = Sieve::default();
        let now = Some(Timestamp::from_unix_ms(0));
        assert!(sieve.admit(tick(5_001, 60_000), now).is_none());
        assert!(sieve.admit(tick(5_000, 60_000), now).is_some());
        assert_eq!(sieve.dropped.ahead, 1);
    }

    #[test]
    fn f19_a_wick_of_one_tick_is_not_believed() {
        let mut sieve = Sieve::default();
        sieve.admit(tick(1, 65_000), None);
        assert!(sieve.admit(tick(2, 8_200), None).is_none());
        assert!(sieve.admit(tick(3, 64_900), None).is_some());
        assert!(sieve.admit(tick(4, 8_200), None).is_none(), "the first wick confirms nothing any more");
        assert_eq!(sieve.dropped.leaps, 2);
    }

    #[test]
    fn f19_a_leap_is_believed_once_a_second_price_or_the_index_confirms_it() {
        let mut sieve = Sieve::default();
        sieve.admit(tick(1, 65_000), None);
        assert!(sieve.admit(tick(2, 8_200), None).is_none());
        assert!(sieve.admit(tick(3, 8_100), None).is_some());
        let risen = Tick { index: Some(tick(4, 64_000).last), ..tick(4, 65_000) };
        assert!(sieve.admit(risen, None).is_some());
    }
}

//! Lengths of bars, those included that the calendar sets.

use domain::{Interval, Millis, Timestamp, iso8601};

/// How long a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BarLength {
    Fixed(Interval),
    Calendar(Period),
}

/// A stretch of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// From Monday on.
    Week,
    Month,
    /// From the first of January, April, July and October on.
    Quarter,
}

impl From<Interval> for BarLength {
    fn from(interval: Interval) -> BarLength {
        BarLength::Fixed(interval)
    }
}

impl Period {
    /// When the period that this moment lies in began.
    pub(super) fn start_of(self, at: Timestamp) -> Timestamp {
        let days = at.unix_ms().div_euclid(Millis::DAY.get());
        match self {
            // The first day of Unix time was a Thursday.
            Period::Week => day(days - (days + 3).rem_euclid(7)),
            Period::Month => month_of(days),
            Period::Quarter => {
                let (_, month, _) = iso8601::date_of(days);
                let before = (month - 1).rem_euclid(3);
                (0..before).fold(month_of(days), |start, _| Period::Month.start_of(start.minus(Millis::DAY)))
            }
        }
    }

    /// When the period after the one that began then begins.
    pub(super) fn next(self, start: Timestamp) -> Timestamp {
        // Never shorter than the period, and never as long as two.
        let days = match self {
            Period::Week => 7,
            Period::Month => 31,
            Period::Quarter => 92,
        };
        self.start_of(start.plus(Millis::new(days * Millis::DAY.get())))
    }
}

fn month_of(days: i64) -> Timestamp {
    let (_, _, day_of_month) = iso8601::date_of(days);
    day(days - (day_of_month - 1))
}

fn day(days: i64) -> Timestamp {
    Timestamp::from_unix_ms(days.saturating_mul(Millis::DAY.get()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(date: &str) -> Timestamp {
        iso8601::read(&format!("{date}T00:00:00Z")).unwrap()
    }

    #[test]
    fn periods_begin_where_the_calendar_says() {
        for (period, date, start, next) in [
            (Period::Week, "2026-11-26", "2026-11-23", "2026-11-30"),
            (Period::Week, "2026-11-23", "2026-11-23", "2026-11-30"),
            (Period::Week, "1970-01-01", "1969-12-29", "1970-01-05"),
            (Period::Month, "2024-02-29", "2024-02-01", "2024-03-01"),
            (Period::Month, "2023-12-31", "2023-12-01", "2024-01-01"),
            (Period::Quarter, "2026-11-26", "2026-10-01", "2027-01-01"),
            (Period::Quarter, "2024-03-31", "2024-01-01", "2024-04-01"),
            (Period::Quarter, "2023-02-01", "2023-01-01", "2023-04-01"),
        ] {
            assert_eq!(period.start_of(at(date)), at(start), "{period:?} {date}");
            assert_eq!(period.next(at(start)), at(next), "{period:?} {date}");
        }
    }

    #[test]
    fn every_day_of_forty_years_lies_in_its_period() {
        for period in [Period::Week, Period::Month, Period::Quarter] {
            for number in 0..14_610 {
                let (start, at) = (period.start_of(day(number)), day(number));
                assert!(start <= at && at < period.next(start), "{period:?} {number}");
                assert_eq!(period.start_of(start), start);
            }
        }
    }
}

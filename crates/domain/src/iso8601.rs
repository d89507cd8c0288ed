//! Times in words: `2026-04-22T11:07:19.867Z`.

use crate::Timestamp;

const DAY_MS: i64 = 86_400_000;
/// The last millisecond of the year 9999, beyond which the notation has no years.
const LAST_MS: i64 = 253_402_300_799_999;

/// ISO 8601 in UTC with milliseconds. Times before the year 0 or after 9999 are written as the nearest that can be.
pub fn write(at: Timestamp) -> String {
    let ms = at.unix_ms().clamp(-62_167_219_200_000, LAST_MS);
    let (year, month, day) = date_of(ms.div_euclid(DAY_MS));
    let rest = ms.rem_euclid(DAY_MS);
    let (hour, minute, second, ms) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// Reads the same, with any number of decimals or none; `+00:00` may stand for `Z`.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let (date, clock) = text.split_once('T')?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let days = days_to(year, month, day)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = (days * 24 + hour) * 3_600 + minute * 60 + second;
    Some(Timestamp::from_unix_ms(seconds * 1_000 + milliseconds(fraction)?))
}

/// Year, month and day in the Gregorian calendar, from days since 1970-01-01.
///
/// Counts in years that begin in March, so that the leap day is a year's last (Howard Hinnant's `civil_from_days`).
pub fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// Days since 1970-01-01, `None` for a date that the calendar does not have.
fn days_to(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_plausible = (0..=9_999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    (is_plausible && date_of(days) == (year, month, day)).then_some(days)
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let numbers: Vec<i64> = text.split(separator).map(digits).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn milliseconds(fraction: &str) -> Option<i64> {
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let three: String = fraction.chars().chain("00".chars()).take(3).collect();
    is_fraction.then(|| digits(&three))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_and_read_back() {
        for (text, ms) in [
            ("2026-04-22T11:07:19.867Z", 1_776_856_039_867),
            ("1970-01-01T00:00:00.000Z", 0),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2000-02-29T23:59:59.999Z", 951_868_799_999),
            ("9999-12-31T23:59:59.999Z", LAST_MS),
        ] {
            assert_eq!(write(Timestamp::from_unix_ms(ms)), text);
            assert_eq!(read(text), Some(Timestamp::from_unix_ms(ms)));
        }
        assert_eq!(write(Timestamp::from_unix_ms(i64::MAX)), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn every_day_of_four_centuries_is_read_back() {
        for day in -146_097..146_097 {
            let at = Timestamp::from_unix_ms(day * DAY_MS + 1);
            assert_eq!(read(&write(at)), Some(at));
        }
    }

    #[test]
    fn clients_write_time_in_several_ways() {
        let at = Some(Timestamp::from_unix_ms(1_776_856_039_800));
        for text in ["2026-04-22T11:07:19.8Z", "2026-04-22T11:07:19.800123Z", "2026-04-22T11:07:19.800+00:00"] {
            assert_eq!(read(text), at, "{text}");
        }
        for text in [
            "",
            "now",
            "2026-04-22",
            "2026-13-22T11:07:19Z",
            "2026-02-30T11:07:19Z",
            "2026-04-22T25:07:19Z",
            "2026-04-22T11:07:19.Z",
            "99999999999-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

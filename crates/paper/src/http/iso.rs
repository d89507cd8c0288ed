//! Times as the venue writes them: `2026-04-22T11:07:19.867Z`.

use domain::Timestamp;
use time::{Date, Month, OffsetDateTime, Time};

/// ISO 8601 in UTC with milliseconds. Times beyond the year 9999 are written as the epoch.
pub(super) fn write(at: Timestamp) -> String {
    let nanos = i128::from(at.unix_ms()) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    )
}

/// Reads the same, with any number of decimals or none; `+00:00` may stand for `Z`.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let (date, clock) = text.split_once('T')?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
    let clock = Time::from_hms_milli(
        u8::try_from(hour).ok()?,
        u8::try_from(minute).ok()?,
        u8::try_from(second).ok()?,
        milliseconds(fraction)?,
    )
    .ok()?;
    let nanos = OffsetDateTime::new_utc(date, clock).unix_timestamp_nanos();
    i64::try_from(nanos / 1_000_000).ok().map(Timestamp::from_unix_ms)
}

fn numbers(text: &str, separator: char) -> Option<[u16; 3]> {
    let numbers: Vec<u16> = text.split(separator).map(digits).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn milliseconds(fraction: &str) -> Option<u16> {
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
            ("2000-02-29T23:59:59.999Z", 951_868_799_999),
        ] {
            assert_eq!(write(Timestamp::from_unix_ms(ms)), text);
            assert_eq!(read(text), Some(Timestamp::from_unix_ms(ms)));
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
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

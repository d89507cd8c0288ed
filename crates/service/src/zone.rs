//! Time zones by their IANA names, from the time-zone database that the program carries.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};
use domain::Timestamp;

/// How far a zone is from UTC at a moment, in minutes to the east; `None` for a name that no zone has.
pub fn offset(name: &str, at: Timestamp) -> Option<i64> {
    let zone: Tz = name.parse().ok()?;
    let at = DateTime::from_timestamp_millis(at.unix_ms())?;
    Some(i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc() / 60))
}

pub fn is_known(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

/// The zones that are named after a place, and UTC.
pub fn names() -> Vec<&'static str> {
    let regions =
        ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];
    let names = TZ_VARIANTS.iter().map(|zone| zone.name());
    names.filter(|name| *name == "UTC" || regions.iter().any(|region| name.starts_with(region))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_follows_its_calendar_and_nonsense_is_none() {
        let winter = Timestamp::from_unix_ms(1_768_435_200_000);
        let summer = Timestamp::from_unix_ms(1_784_073_600_000);
        for (zone, expected) in [
            ("UTC", [0, 0]),
            ("America/Sao_Paulo", [-180, -180]),
            ("Europe/Berlin", [60, 120]),
            ("Asia/Kathmandu", [345, 345]),
            ("Australia/Lord_Howe", [660, 630]),
        ] {
            assert_eq!([winter, summer].map(|at| offset(zone, at)), expected.map(Some), "{zone}");
            assert!(names().contains(&zone));
        }
        for nonsense in ["", "Mars/Olympus", "../../etc/passwd", "america/sao_paulo", "UTC\r\n"] {
            assert!(!is_known(nonsense) && offset(nonsense, winter).is_none(), "{nonsense:?}");
        }
    }
}

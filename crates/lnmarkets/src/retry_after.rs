//! How long the venue asks to wait.

use domain::{Millis, Timestamp, iso8601};

/// Never below the window of the venue's rate limit, and never so long that nobody looks at a position.
const SHORTEST: Millis = Millis::SECOND;
const LONGEST: Millis = Millis::from_secs(30);

/// Reads a `Retry-After` of seconds or of a date; what makes no sense is read as the shortest wait.
pub(crate) fn read(text: &str, now: Timestamp) -> Millis {
    let text = text.trim();
    let wait = match text.parse::<i64>() {
        Ok(seconds) => Millis::from_secs(seconds),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => LONGEST,
        Err(_) => date(text).map_or(SHORTEST, |until| until.since(now)),
    };
    wait.clamp(SHORTEST, LONGEST)
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`.
fn date(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split(' ').collect();
    let [day, month, year, clock, "GMT"] = parts[..] else { return None };
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)?.checked_add(1)?;
    iso8601::read(&format!("{year}-{month}-{day}T{clock}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f08_a_wait_is_honoured_within_reason() {
        let now = iso8601::read("2026-10-21T07:28:00Z").unwrap();
        for (text, seconds) in [
            ("3", 3),
            (" 5 ", 5),
            ("0", 1),
            ("-7", 1),
            ("86400", 30),
            ("99999999999999999999999999", 30),
            ("Wed, 21 Oct 2026 07:28:09 GMT", 9),
            ("Wed, 21 Oct 2026 07:27:00 GMT", 1),
            ("Thu, 21 Oct 2027 07:28:00 GMT", 30),
            ("soon", 1),
            ("", 1),
            ("1.5", 1),
        ] {
            assert_eq!(read(text, now), Millis::from_secs(seconds), "{text}");
        }
    }
}

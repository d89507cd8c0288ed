//! One advisory, as RustSec's database writes it: a page whose head is TOML.

use semver::{Version, VersionReq};
use toml::{Table, Value};

#[derive(Debug)]
pub struct Advisory {
    pub id: String,
    pub package: String,
    /// `2026-01-31`
    pub date: String,
    /// The same, in days since 1970-01-01.
    pub day: i64,
    pub title: String,
    /// `unmaintained`, `unsound`, `notice`; `None` for a flaw that somebody can use.
    pub informational: Option<String>,
    pub is_withdrawn: bool,
    /// It is one of other systems than those that Axisor runs on.
    pub is_elsewhere: bool,
    /// Versions without the flaw.
    sound: Vec<VersionReq>,
}

impl Advisory {
    /// Answers what cannot be read.
    pub fn read(text: &str) -> Result<Advisory, String> {
        let head = text.strip_prefix("```toml").and_then(|text| text.split_once("\n```")).ok_or("it has no head")?;
        let table: Table = head.0.parse().map_err(|error| format!("{error}"))?;
        let advisory = table.get("advisory").and_then(Value::as_table).ok_or("it has no [advisory]")?;
        let word = |key: &str| advisory.get(key).and_then(Value::as_str).map(str::to_owned);
        let must = |key: &str| word(key).ok_or_else(|| format!("it has no {key}"));
        let date = must("date")?;
        let day = days_of(&date).ok_or_else(|| format!("{date} is no date"))?;
        let versions = table.get("versions").and_then(Value::as_table).ok_or("it has no [versions]")?;
        let sound = ["patched", "unaffected"].into_iter().flat_map(|key| words(versions.get(key)));
        let sound = sound.map(|text| text.parse().map_err(|error| format!("{text}: {error}")));
        let systems = words(table.get("affected").and_then(|affected| affected.get("os")));
        Ok(Advisory {
            id: must("id")?,
            package: must("package")?,
            date,
            day,
            title: head.1.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("no title").to_owned(),
            informational: word("informational"),
            is_withdrawn: advisory.contains_key("withdrawn"),
            is_elsewhere: !systems.is_empty() && !systems.iter().any(|system| system == "linux"),
            sound: sound.collect::<Result<_, String>>()?,
        })
    }

    /// A version that is no number is taken to have the flaw, and so is one before a mended version (`1.0.0-rc.1`).
    pub fn is_of(&self, package: &str, version: &str) -> bool {
        let is_sound =
            Version::parse(version).is_ok_and(|version| self.sound.iter().any(|sound| sound.matches(&version)));
        self.package == package && !self.is_withdrawn && !is_sound
    }
}

fn words(value: Option<&Value>) -> Vec<String> {
    let words = value.and_then(Value::as_array).into_iter().flatten();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Days since 1970-01-01 of `YYYY-MM-DD` in the Gregorian calendar, counted in years that begin in March.
pub fn days_of(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    Some(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advisory_that_cannot_be_read_says_why() {
        let head = |lines: &str| format!("```toml\n[advisory]\nid = \"R\"\npackage = \"a\"\n{lines}\n```\n\n# Title\n");
        let why = |text: &str| Advisory::read(text).unwrap_err();
        assert!(why("# Title").contains("no head"));
        assert!(why(&head("[versions]")).contains("no date"));
        assert!(why(&head("date = \"soon\"\n[versions]")).contains("no date"));
        assert!(why(&head("date = \"2026-01-01\"")).contains("no [versions]"));
        assert!(why(&head("date = \"2026-01-01\"\n[versions]\npatched = [\"soon\"]")).contains("soon: "));
        assert!(why(&head("date = ")).contains("TOML"));
    }

    #[test]
    fn a_version_before_the_mended_one_is_not_taken_for_it() {
        let text = "```toml\n[advisory]\nid = \"R\"\npackage = \"a\"\ndate = \"2026-01-01\"\n[versions]\n\
                    patched = [\">= 1.0.0\"]\n```\n";
        let advisory = Advisory::read(text).unwrap();
        assert!(advisory.is_of("a", "1.0.0-rc.1") && advisory.is_of("a", "0.9.0") && advisory.is_of("a", "?"));
        assert!(!advisory.is_of("a", "1.0.0") && !advisory.is_of("b", "0.9.0"));
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        let days = |date: &str| days_of(date).unwrap();
        assert_eq!((days("1970-01-01"), days("2000-03-01"), days("2026-01-31")), (0, 11_017, 20_484));
        assert_eq!(days("2024-03-01") - days("2024-02-28"), 2);
        assert!(days_of("2026-13-01").is_none() && days_of("2026-01").is_none());
    }
}

//! What a person has said about a flaw: how much of SECURITY.md's time it has, and why.

/// Days that a flaw has of which nobody has said that it is harder to use.
pub const SHORTEST: i64 = 2;
/// Those that SECURITY.md knows.
const TIMES: [i64; 4] = [SHORTEST, 7, 30, 90];

#[derive(Debug, Default)]
pub struct Words(Vec<(String, i64)>);

impl Words {
    /// Reads `ID DAYS | why`; answers the first line that is not so.
    pub fn read(text: &str) -> Result<Words, String> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| word(line).ok_or_else(|| line.to_owned())).collect::<Result<_, _>>().map(Words)
    }

    pub fn days(&self, id: &str) -> Option<i64> {
        self.0.iter().find(|(named, _)| named == id).map(|(_, days)| *days)
    }
}

fn word(line: &str) -> Option<(String, i64)> {
    let (head, why) = line.split_once(" | ")?;
    let (id, days) = head.split_once(' ')?;
    let days = days.parse().ok().filter(|days| TIMES.contains(days))?;
    (!why.trim().is_empty()).then(|| (id.to_owned(), days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_flaw_has_a_time_that_is_not_in_security_md_or_without_a_reason() {
        assert_eq!(Words::read("R-1 7 | behind the sign-in\n").unwrap().days("R-1"), Some(7));
        for bad in ["R-1 8 | why", "R-1 7 |  ", "R-1 | why", "R-1 7"] {
            assert_eq!(Words::read(bad).unwrap_err(), bad);
        }
    }
}

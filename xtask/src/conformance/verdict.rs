//! What one driver said of each call.

use crate::tally::Tally;
use std::fmt;

/// The calls of one driver with their results.
pub struct Verdict {
    driver: &'static str,
    calls: Vec<Call>,
    succeeded: bool,
}

struct Call {
    name: String,
    conforms: bool,
}

impl Verdict {
    pub fn new(driver: &'static str) -> Verdict {
        Verdict { driver, calls: Vec::new(), succeeded: false }
    }

    /// Hears one line: `ok   name …` or `FAIL name …`; others say nothing.
    pub fn hear(&mut self, line: &str) {
        let Some((word, name)) = line.split_once(' ') else { return };
        let conforms = match word {
            "ok" => true,
            "FAIL" => false,
            _ => return,
        };
        self.calls.push(Call { name: name.trim().to_owned(), conforms });
    }

    /// The driver has ended.
    pub fn close(mut self, succeeded: bool) -> Verdict {
        self.succeeded = succeeded;
        self
    }

    /// A driver that failed counts as a failure even where every call that it came to conforms.
    pub fn tally(&self) -> Tally {
        let count = |conforms: bool| {
            let calls = self.calls.iter().filter(|call| call.conforms == conforms).count();
            u32::try_from(calls).unwrap_or(u32::MAX)
        };
        let failed = count(false).max(u32::from(!self.succeeded));
        let passed = if self.calls.is_empty() && self.succeeded { 1 } else { count(true) };
        Tally { passed, failed, skipped: 0 }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{} — {}", self.driver, self.tally())?;
        for Call { name, conforms } in &self.calls {
            let name: String = name.chars().take(100).collect();
            writeln!(out, "  {:<10} {name}", if *conforms { "conforms" } else { "DOES NOT" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &str, succeeded: bool) -> Tally {
        let mut verdict = Verdict::new("driver");
        lines.lines().for_each(|line| verdict.hear(line));
        verdict.close(succeeded).tally()
    }

    #[test]
    fn each_line_of_a_driver_is_a_call() {
        let lines = "ok   ping\nFAIL account :: GetAccountOutput -- boom\nok   time :: TimeOutput\n\n2/3 steps conform";
        assert_eq!(heard(lines, false), Tally { passed: 2, failed: 1, skipped: 0 });
    }

    #[test]
    fn a_driver_that_breaks_off_fails_whatever_it_said() {
        assert_eq!(heard("ok   ping", false), Tally { passed: 1, failed: 1, skipped: 0 });
        assert_eq!(heard("", false), Tally { passed: 0, failed: 1, skipped: 0 });
        assert_eq!(heard("ok", true), Tally { passed: 1, failed: 0, skipped: 0 });
    }
}

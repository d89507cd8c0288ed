//! Counts tests from what their runners print.

use std::fmt;

/// How many tests passed, failed, and were left out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl Tally {
    /// Hears one line of `cargo test`: `test result: ok. 12 passed; 0 failed; 1 ignored; ...`.
    pub fn hear_cargo(&mut self, line: &str) {
        let Some(result) = line.trim().strip_prefix("test result: ") else { return };
        let counts = result.split_once(". ").map_or("", |(_, counts)| counts);
        for count in counts.split(';').filter_map(counted) {
            self.add(count);
        }
    }

    /// Hears one line of Playwright's closing summary: `  3 passed (4.2s)`, `  1 failed`, `  1 did not run`.
    pub fn hear_playwright(&mut self, line: &str) {
        let line = line.split_once(" (").map_or(line, |(head, _)| head);
        if let Some(count) = counted(line) {
            self.add(count);
        }
    }

    /// Counts what was counted elsewhere.
    pub fn join(&mut self, other: Tally) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.skipped = self.skipped.saturating_add(other.skipped);
    }

    fn add(&mut self, (number, what): (u32, &str)) {
        let counter = match what {
            "passed" | "flaky" => &mut self.passed,
            "failed" | "interrupted" => &mut self.failed,
            "ignored" | "skipped" | "did not run" => &mut self.skipped,
            _ => return,
        };
        *counter = counter.saturating_add(number);
    }
}

/// `12 passed` as a number and a word.
fn counted(text: &str) -> Option<(u32, &str)> {
    let (number, what) = text.trim().split_once(' ')?;
    Some((number.parse().ok()?, what))
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 { write!(out, ", {} skipped", self.skipped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(hear: fn(&mut Tally, &str), lines: &str) -> Tally {
        let mut tally = Tally::default();
        lines.lines().for_each(|line| hear(&mut tally, line));
        tally
    }

    #[test]
    fn results_of_all_cargo_test_binaries_add_up() {
        let lines = "running 2 tests\n\
            test a ... ok\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 4 passed; 3 failed; 0 ignored; 7 measured; 9 filtered out; finished in 1.20s";
        assert_eq!(heard(Tally::hear_cargo, lines), Tally { passed: 6, failed: 3, skipped: 1 });
    }

    #[test]
    fn a_test_that_prints_counts_of_its_own_is_not_counted() {
        assert_eq!(heard(Tally::hear_cargo, "12 passed; 3 failed\nthe test result: 4 passed"), Tally::default());
    }

    #[test]
    fn the_closing_summary_of_playwright_is_counted() {
        let lines = "  ✓  1 [desk] › tests/guard.spec.ts:9:1 › 3 passed by (1.2s)\n\
            \x20 1 failed\n    [phone] › tests/guard.spec.ts:9:1 › saves a position\n\
            \x20 2 did not run\n  1 skipped\n  14 passed (1.5m)";
        assert_eq!(heard(Tally::hear_playwright, lines), Tally { passed: 14, failed: 1, skipped: 3 });
    }

    #[test]
    fn the_closing_line_leaves_out_what_was_not_skipped() {
        assert_eq!(Tally { passed: 7, failed: 0, skipped: 0 }.to_string(), "7 passed, 0 failed");
        assert_eq!(Tally { passed: 7, failed: 1, skipped: 2 }.to_string(), "7 passed, 1 failed, 2 skipped");
    }
}

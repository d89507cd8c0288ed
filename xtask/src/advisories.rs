//! Whether a library has a flaw that is public for longer than SECURITY.md allows.

mod advisory;
mod database;
mod judgement;
mod npm;
mod words;

use crate::program::Failure;
use crate::project::Project;
use crate::supply::{lock, yanked};
use advisory::days_of;
use std::fs;
use std::path::Path;
use words::Words;

/// Flaws that a person has looked at.
const WORDS: &str = "advisories.txt";

/// Fails with each flaw that is overdue; tells of younger ones, and of crates that nobody maintains or that were taken back.
/// Without a `database`, RustSec's own is fetched.
pub fn run(project: &Project, database: Option<&Path>) -> Result<(), Failure> {
    let folder = database.map_or_else(|| database::fetch(project), |folder| Ok(folder.to_owned()))?;
    let advisories = database::read(&folder)?;
    let read = |name: &str| {
        let path = project.root.join(name);
        fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))
    };
    let locked = lock::read(&read("Cargo.lock")?);
    let words = Words::read(&read(WORDS)?)
        .map_err(|line| Failure::new(format!("{WORDS}: {line}"), "write `ID DAYS | why`, DAYS being 2, 7, 30 or 90"))?;
    let newest = advisories.iter().map(|advisory| advisory.date.as_str()).max().unwrap_or("?");
    println!("{} advisories, the newest of {newest}; {} crates", advisories.len(), locked.len());
    let findings = judgement::judge(&locked, &advisories, &words, today()?);
    yanked::find(&locked).iter().chain(&npm::audit(project)).for_each(|line| println!("warning: {line}"));
    for finding in findings.iter().filter(|finding| !finding.is_overdue) {
        println!("warning: {}", finding.text);
    }
    let overdue: Vec<&str> =
        findings.iter().filter(|finding| finding.is_overdue).map(|finding| &*finding.text).collect();
    if overdue.is_empty() {
        println!("No library is overdue.");
        return Ok(());
    }
    Err(Failure::new(
        format!("libraries are overdue:\n    {}", overdue.join("\n    ")),
        format!(
            "take a mended version (`cargo update -p CRATE`, then `cargo xtask vet`) or do without it; where SECURITY.md gives \
             the flaw more time, say in {WORDS} how much and why"
        ),
    ))
}

/// Days since 1970-01-01.
fn today() -> Result<i64, Failure> {
    let today = crate::program::program("date").args(["-u", "+%Y-%m-%d"]).read()?;
    days_of(today.trim()).ok_or_else(|| Failure::new(format!("`date` says {today}"), "set the machine's clock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::lock::Locked;
    use advisory::Advisory;
    use judgement::{Finding, judge};

    fn sample() -> (Vec<Advisory>, Vec<Locked>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/advisories");
        let lock = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
        (database::read(&folder).unwrap(), lock::read(&lock))
    }

    fn found(words: &str, today: &str) -> Vec<Finding> {
        let (advisories, locked) = sample();
        judge(&locked, &advisories, &Words::read(words).unwrap(), days_of(today).unwrap())
    }

    fn told(findings: &[Finding], is_overdue: bool) -> Vec<&str> {
        let told = findings.iter().filter(|finding| finding.is_overdue == is_overdue);
        told.map(|finding| finding.text.split_once(' ').unwrap().0).collect()
    }

    #[test]
    fn f70_a_flaw_that_is_public_for_too_long_fails_and_a_younger_one_is_told() {
        let found = found("", "2026-01-31");
        assert_eq!(told(&found, true), ["RUSTSEC-2026-0001"], "{found:?}");
        assert_eq!(found[0].text, "RUSTSEC-2026-0001 old 1.2.3: Reads past the end; public for 30 days, and it has 2");
        // Patched, unaffected and withdrawn ones are no finding, nor is a crate of our own that has another's name.
        assert_eq!(told(&found, false), ["RUSTSEC-2026-0002", "RUSTSEC-2026-0006", "RUSTSEC-2026-0008"], "{found:?}");
        let later = super::tests::found("", "2026-02-02");
        assert_eq!(told(&later, true), ["RUSTSEC-2026-0001", "RUSTSEC-2026-0002"]);
    }

    #[test]
    fn f70_a_word_of_a_person_gives_a_flaw_the_time_that_security_md_states_and_no_more() {
        let words = "# id days | why\nRUSTSEC-2026-0001 30 | only who has signed in gets there\n";
        assert_eq!(told(&found(words, "2026-01-31"), true), <[&str; 0]>::default());
        assert_eq!(told(&found(words, "2026-02-01"), true), ["RUSTSEC-2026-0001"]);
    }

    #[test]
    fn the_times_are_those_of_security_md() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../SECURITY.md");
        let text = fs::read_to_string(root).unwrap();
        let says = |words: &str| text.contains(words);
        assert!(says("| 2 days |") && says("| 7 days |") && says("| 30 days |") && says("90 days at the latest |"));
    }
}

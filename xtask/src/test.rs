//! Checks, builds and tests everything, and closes with how many tests passed and failed.

use crate::build::{self, Build};
use crate::program::{Failure, program};
use crate::project::{Project, in_ci};
use crate::services::Services;
use crate::tally::Tally;
use crate::{budget, conformance, lint, setup};
use clap::ValueEnum;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// One part of all that is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Format and lints
    Lint,
    /// Native tests, on both databases
    Unit,
    /// The exchange's official clients against the paper exchange
    Conformance,
    /// The browser against the built program
    E2e,
}

/// Runs one part, or all; succeeds only if all that ran did.
pub fn run(project: &Project, only: Option<Part>, runner_args: &[String]) -> Result<(), Failure> {
    test_data_is_there(project)?;
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Unit) || wanted(Part::E2e) {
        setup::for_testing()?;
    }
    if wanted(Part::Lint) {
        let toolchain = setup::for_linting(project)?;
        timed("lint", || lint::run(project, toolchain))?;
    }
    if only == Some(Part::Lint) {
        return Ok(());
    }
    if only == Some(Part::Conformance) {
        return conformance::run(project);
    }
    if wanted(Part::E2e) {
        let toolchain = setup::for_building(project)?;
        timed("site", || build::site(project, toolchain))?;
        budget::enforce(&project.dist().join("site"))?;
    }
    timed("compiling the tests", || build::tests(project))?;
    let services = Services::start()?;
    let mut outcome = Outcome::default();
    if wanted(Part::Unit) {
        timed("unit", || outcome.unit(project, &services, runner_args))?;
    }
    if wanted(Part::Conformance) {
        timed("conformance", || outcome.conformance(project))?;
    }
    if wanted(Part::E2e) {
        timed("e2e", || outcome.e2e(project, &services, runner_args))?;
    }
    drop(services);
    outcome.close()
}

/// What the runners said so far.
#[derive(Default)]
struct Outcome {
    tally: Tally,
    red: Vec<&'static str>,
}

impl Outcome {
    fn unit(&mut self, project: &Project, services: &Services, args: &[String]) -> Result<(), Failure> {
        let cargo = project.cargo(["test", "--workspace", "--exclude", "frontend", "--no-fail-fast"]);
        let mail_server = setup::mail_server::ensure(project)?;
        let cargo = cargo.args(args).envs(services.env()).env("AXISOR_TEST_SMTP_PYTHON", &mail_server);
        let green = cargo.overhear(|line| self.tally.hear_cargo(line))?;
        self.note("cargo test", green);
        Ok(())
    }

    fn conformance(&mut self, project: &Project) -> Result<(), Failure> {
        let judged = conformance::judge(project)?;
        self.tally.join(judged);
        self.note("official clients", judged.failed == 0);
        Ok(())
    }

    fn e2e(&mut self, project: &Project, services: &Services, args: &[String]) -> Result<(), Failure> {
        if !has_specs(&project.end2end().join("tests")) {
            println!("\n!!! end2end/tests holds no *.spec.ts: NOTHING was tested in a browser !!!\n");
            return Ok(());
        }
        let built = build::for_tests(project)?;
        let playwright = playwright(project, &built).args(args).envs(services.env());
        let green = playwright.overhear(|line| self.tally.hear_playwright(line))?;
        self.note("playwright", green);
        Ok(())
    }

    fn note(&mut self, runner: &'static str, green: bool) {
        if !green {
            self.red.push(runner);
        }
    }

    /// Ends with the count alone on its line, and fails if any runner did.
    fn close(self) -> Result<(), Failure> {
        for runner in &self.red {
            println!("{runner} FAILED");
        }
        println!("{}", self.tally);
        if self.red.is_empty() && self.tally.failed == 0 {
            return Ok(());
        }
        Err(Failure::new("tests failed", "see the failures above; `cargo xtask test unit` or `e2e` runs a part"))
    }
}

/// The browser's runner, knowing the program and its site.
pub fn playwright(project: &Project, built: &Build) -> crate::program::Program {
    program("npx")
        .args(["--no-install", "playwright", "test"])
        .dir(&project.end2end())
        .env("PATH", project.path())
        .env("FORCE_COLOR", "0")
        .env("AXISOR_BIN", &built.server_bin)
        .env("AXISOR_SITE", &built.site)
}

fn has_specs(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        path.is_dir() && has_specs(&path) || entry.file_name().to_string_lossy().ends_with(".spec.ts")
    })
}

/// Tests that read recorded market data skip it where it is absent; a build server must have it.
fn test_data_is_there(project: &Project) -> Result<(), Failure> {
    let missing = ["../shared/data", "../shared/vectors"].into_iter().find(|path| !project.root.join(path).is_dir());
    match missing {
        Some(path) if in_ci() => Err(Failure::new(
            format!("{path} is missing: tests would be skipped"),
            "lay the folder `shared` beside the checkout",
        )),
        _ => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "tells a person how long a stage took; nothing is decided by it")]
fn timed<T>(stage: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let begun = std::time::Instant::now();
    let done = work();
    println!("[{stage}] took {} s", Duration::as_secs(&begun.elapsed()));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_in_a_folder_below_is_found_and_a_helper_is_no_spec() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("server.ts"), "").unwrap();
        assert!(!has_specs(folder.path()));
        fs::create_dir(folder.path().join("phone")).unwrap();
        fs::write(folder.path().join("phone/guard.spec.ts"), "").unwrap();
        assert!(has_specs(folder.path()));
    }

    #[test]
    fn a_runner_that_failed_without_a_count_still_fails_the_whole() {
        let outcome = Outcome { tally: Tally { passed: 3, failed: 0, skipped: 0 }, red: vec!["playwright"] };
        assert!(outcome.close().is_err());
        let outcome = Outcome { tally: Tally { passed: 3, failed: 0, skipped: 0 }, red: vec![] };
        assert!(outcome.close().is_ok());
    }
}

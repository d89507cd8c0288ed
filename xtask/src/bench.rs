//! Measures how fast the engine decides, the server reacts and the pages follow, on a machine that is named first.

use crate::program::Failure;
use crate::project::Project;
use crate::{build, setup, test};
use clap::ValueEnum;
use std::fs;
use std::path::Path;

#[derive(Clone, Copy, ValueEnum)]
pub enum Subject {
    /// A check of a position, a tick over many, and tick to signed request
    Engine,
    /// Tick to signed request, alone and beside sign-ins, readers and backups
    Reaction,
    /// A year of candles through the paper exchange
    Paper,
    /// Lighthouse; pages a second beside Next.js; 500 live positions beside React; a replay while a slider moves
    Web,
    /// How many positions the guard saves in crashes that happened
    Rescue,
}

/// Runs the measurements of a subject.
pub fn run(project: &Project, what: Subject, data: &Path) -> Result<(), Failure> {
    println!("{}", machine());
    match what {
        Subject::Reaction => measure(project, "server"),
        Subject::Paper => measure(project, "paper"),
        Subject::Web => in_browser(project),
        // On a virtual clock: how fast the build is changes nothing.
        Subject::Rescue => {
            project.cargo(["run", "--quiet", "--package", "simulation", "--bin", "rescue", "--"]).args([data]).run()
        }
        Subject::Engine => ["engine", "server"].into_iter().try_for_each(|package| measure(project, package)),
    }
}

fn measure(project: &Project, package: &str) -> Result<(), Failure> {
    let folders = [format!("crates/{package}/benches"), format!("{package}/benches")];
    if !folders.iter().any(|folder| project.root.join(folder).is_dir()) {
        println!("[bench] {package}: has no measurements");
        return Ok(());
    }
    println!("[bench] {package}");
    project.cargo(["bench", "--package", package, "--bench", "*"]).run()
}

/// The release's own pages in Chromium; the numbers stand in the runner's output.
fn in_browser(project: &Project) -> Result<(), Failure> {
    setup::for_measuring_pages(project)?;
    let built = build::release(project)?;
    println!("[bench] web");
    test::playwright(project, &built).args(["--config", "bench/playwright.config.ts", "--project", "desk"]).run()
}

/// The processor, its cores and its memory, as Linux tells them.
fn machine() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let model = field(&processors, "model name").unwrap_or("unknown processor");
    let memory = field(&memory, "MemTotal").unwrap_or("unknown");
    format!("Machine: {model}, {cores} cores, {memory} memory")
}

/// The value of the first `name : value` line.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_named_as_linux_names_it() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\nmodel name\t: other";
        assert_eq!(field(text, "model name"), Some("Some CPU @ 2.00GHz"));
        assert_eq!(field(text, "MemTotal"), None);
    }
}

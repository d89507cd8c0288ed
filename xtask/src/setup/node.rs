//! Node and the packages of `end2end/package-lock.json`: Tailwind, wasm-opt, the charts, Playwright; and the bench's.

use super::step;
use crate::program::{Failure, program};
use crate::project::Project;
use std::fs;
use std::path::Path;

const OLDEST: u32 = 20;

/// Fails unless a Node that is new enough is on the PATH.
pub fn is_there() -> Result<(), Failure> {
    let remedy = "install Node 20 or newer with npm";
    let said = program("node").args(["--version"]).or(remedy).read()?;
    if major(&said).is_some_and(|major| OLDEST <= major) {
        return Ok(());
    }
    Err(Failure::new(format!("Node {OLDEST} is needed, this is {}", said.trim()), remedy))
}

/// What building and testing need.
pub fn ensure_packages(project: &Project) -> Result<(), Failure> {
    ensure_in(project, &project.end2end(), "npm packages")
}

/// What pages are measured with and against: Lighthouse, React, Next.js.
pub fn ensure_bench_packages(project: &Project) -> Result<(), Failure> {
    ensure_in(project, &project.end2end().join("bench"), "npm packages of the bench")
}

/// Installs exactly what the folder's lock file names, unless that was done for this very lock file.
fn ensure_in(project: &Project, folder: &Path, name: &str) -> Result<(), Failure> {
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.installed-lock.json");
    step(
        name,
        || fs::read(&lock).is_ok_and(|wanted| fs::read(&installed).is_ok_and(|there| there == wanted)),
        &format!("npm ci in {}", folder.display()),
        || {
            program("npm")
                .args(["ci", "--no-audit", "--no-fund"])
                .dir(folder)
                .env("npm_config_cache", project.cache.join("npm"))
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                .or("check that the npm registry can be reached, then run this again")
                .run()?;
            fs::copy(&lock, &installed).map(drop).map_err(|cause| Failure::on_path("write", &installed, &cause))
        },
    )
}

/// The 20 of `v20.20.2`.
fn major(said: &str) -> Option<u32> {
    said.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_node_says() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v9.1.0"), Some(9));
        assert_eq!(major("not node"), None);
    }
}

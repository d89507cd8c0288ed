//! Node and the packages of `end2end/package-lock.json`: Tailwind, wasm-opt, the charts, Playwright.

use super::step;
use crate::program::{Failure, program};
use crate::project::Project;
use std::fs;

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

/// Installs exactly what the lock file names, unless that was done for this very lock file.
pub fn ensure_packages(project: &Project) -> Result<(), Failure> {
    let lock = project.end2end().join("package-lock.json");
    let installed = project.node_modules().join(".installed-lock.json");
    step(
        "npm packages",
        || fs::read(&lock).is_ok_and(|wanted| fs::read(&installed).is_ok_and(|there| there == wanted)),
        "npm ci in end2end",
        || {
            program("npm")
                .args(["ci", "--no-audit", "--no-fund"])
                .dir(&project.end2end())
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

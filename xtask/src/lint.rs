//! Format and lints, each side for its own target.

use crate::program::Failure;
use crate::project::Project;
use crate::setup::Toolchain;
use crate::{asvs, faults, supply};

/// Fails on the first thing that is not as the project writes it.
pub fn run(project: &Project, toolchain: Toolchain) -> Result<(), Failure> {
    println!("[lint] format");
    project.cargo(["fmt", "--all", "--check"]).or("run `cargo fmt --all`").run()?;
    println!("[lint] table of faults");
    faults::check(project)?;
    println!("[lint] page of the ASVS");
    asvs::check(project)?;
    println!("[lint] supply chain");
    supply::check(project)?;
    println!("[lint] native");
    let native = ["clippy", "--workspace", "--exclude", "frontend", "--all-targets", "--", "-D", "warnings"];
    project.cargo(native).or("mend the lints above").run()?;
    println!("[lint] browser");
    let browser = ["clippy", "--package", "frontend", "--package", "app", "--features", "app/hydrate"];
    let target = ["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
    toolchain.apply(project.cargo(browser.into_iter().chain(target))).or("mend the lints above").run()
}

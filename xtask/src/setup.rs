//! Brings the machine to where the project can be built and tested; a step that is done is skipped.

mod cargo_tool;
pub mod clients;
mod debian;
pub mod mail_server;
mod node;
mod wasm_target;

use crate::program::{Failure, program};
use crate::project::Project;
pub use debian::is_root;
pub use wasm_target::Toolchain;

/// Everything that building and running need; gives the toolchain that compiles for the browser.
pub fn for_building(project: &Project) -> Result<Toolchain, Failure> {
    compiler_is_there()?;
    node::is_there()?;
    let toolchain = wasm_target::ensure(project)?;
    cargo_tool::ensure(project, &cargo_tool::WASM_BINDGEN)?;
    cargo_tool::ensure(project, &cargo_tool::CARGO_LEPTOS)?;
    node::ensure_packages(project)?;
    Ok(toolchain)
}

/// What checking the code needs.
pub fn for_linting(project: &Project) -> Result<Toolchain, Failure> {
    compiler_is_there()?;
    wasm_target::ensure(project)
}

/// The services and the browser that tests run against.
pub fn for_testing() -> Result<(), Failure> {
    debian::ensure(&[debian::POSTGRES, debian::REDIS, debian::CHROMIUM])
}

/// What the pages are measured with, beyond what testing needs.
pub fn for_measuring_pages(project: &Project) -> Result<(), Failure> {
    for_testing()?;
    node::ensure_bench_packages(project)
}

fn compiler_is_there() -> Result<(), Failure> {
    program("cc").args(["--version"]).or("install a C compiler: apt-get install build-essential").read().map(drop)
}

/// One step: says what it is, and acts only when it is not done.
fn step(
    name: &str,
    is_done: impl Fn() -> bool,
    doing: &str,
    act: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    if is_done() {
        println!("[set-up] {name}: there");
        return Ok(());
    }
    println!("[set-up] {name}: {doing} ...");
    act()?;
    if is_done() {
        return Ok(());
    }
    let remedy = "read the messages above; removing the cache folder makes the next run start anew";
    Err(Failure::new(format!("{name} is still not usable after its installation succeeded"), remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_step_that_is_done_is_not_taken_again() {
        let act = || -> Result<(), Failure> { panic!("taken again") };
        step("tool", || true, "installing", act).unwrap();
    }

    #[test]
    fn a_step_that_changed_nothing_fails_with_what_to_do() {
        let text = step("tool", || false, "installing", || Ok(())).unwrap_err().to_string();
        assert!(text.contains("tool is still not usable") && text.contains("What to do"), "{text}");
    }

    #[test]
    fn a_step_is_looked_at_again_after_it_was_taken() {
        let done = Cell::new(false);
        step(
            "tool",
            || done.get(),
            "installing",
            || {
                done.set(true);
                Ok(())
            },
        )
        .unwrap();
    }
}

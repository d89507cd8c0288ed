//! Programs that Cargo builds into the cache: the front end's builder and its binding generator.

use super::step;
use crate::program::{Failure, program};
use crate::project::Project;
use std::fs;
use std::path::Path;

/// A program from the crates registry in one exact version.
pub struct CargoTool {
    package: &'static str,
    binary: &'static str,
    version: &'static str,
    locked: bool,
    how_long: &'static str,
    optimisation: &'static str,
}

/// Its minifier alone takes half an hour to optimise, and never runs long enough to repay that.
pub const CARGO_LEPTOS: CargoTool = CargoTool {
    package: "cargo-leptos",
    binary: "cargo-leptos",
    version: "0.3.10",
    locked: true,
    how_long: "about ten minutes on two cores, once",
    optimisation: "0",
};

/// Must be the version of the `wasm-bindgen` crate that the workspace pins.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    binary: "wasm-bindgen",
    version: "0.2.130",
    locked: false,
    how_long: "about two minutes on two cores, once",
    optimisation: "1",
};

/// Installs the tool into the cache, unless that version lies there.
pub fn ensure(project: &Project, tool: &CargoTool) -> Result<(), Failure> {
    let installed = project.tools().join("bin").join(tool.binary);
    step(
        &format!("{} {}", tool.package, tool.version),
        || is_version(&installed, tool.version),
        &format!("building it into {} ({})", project.tools().display(), tool.how_long),
        || install(project, tool),
    )
}

fn install(project: &Project, tool: &CargoTool) -> Result<(), Failure> {
    let building = project.cache.join("build").join(tool.package);
    let mut cargo = program("cargo")
        .args(["install", tool.package, "--version", tool.version, "--force", "--root"])
        .args([project.tools()])
        .env("CARGO_TARGET_DIR", &building)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.optimisation)
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .or("check that crates.io can be reached, then run this again");
    if tool.locked {
        cargo = cargo.args(["--locked"]);
    }
    cargo.run()?;
    fs::remove_dir_all(&building).map_err(|cause| Failure::on_path("remove", &building, &cause))
}

fn is_version(binary: &Path, version: &str) -> bool {
    binary.exists() && program(binary).args(["--version"]).read().is_ok_and(|said| says_version(&said, version))
}

/// Whether the words that a program says of itself hold exactly this version.
fn says_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word.trim_start_matches('v') == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_counts_as_there() {
        assert!(says_version("cargo-leptos 0.3.10", "0.3.10"));
        assert!(says_version("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(!says_version("cargo-leptos 0.3.1", "0.3.10"));
        assert!(!says_version("cargo-leptos 0.3.101", "0.3.10"));
        assert!(!says_version("", "0.3.10"));
    }

    #[test]
    fn the_binding_generator_is_of_the_version_that_the_workspace_pins() {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let pinned = format!("wasm-bindgen = \"={}\"", WASM_BINDGEN.version);
        assert!(fs::read_to_string(manifest).unwrap().contains(&pinned));
    }
}

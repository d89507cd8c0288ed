//! Builds the site for the browser and the program, never in one Cargo call: their features exclude each other.

use crate::fresh::is_fresh;
use crate::program::Failure;
use crate::project::Project;
use crate::setup::{self, Toolchain};
use crate::{budget, replayer, vendor};
use std::fs;
use std::path::{Path, PathBuf};

/// All that is needed to serve: the program, and beside it its site and the names of the site's hashed files.
pub struct Build {
    pub server_bin: PathBuf,
    pub site: PathBuf,
}

/// Sets up, builds site and program for use, and puts them into `target/dist`.
pub fn release(project: &Project) -> Result<Build, Failure> {
    let toolchain = setup::for_building(project)?;
    site(project, toolchain)?;
    println!("[build] program");
    project.cargo(["build", "--package", "server", "--release"]).run()?;
    stage(project, "release", "axisor")
}

/// The program as the tests compiled it, beside the site.
pub fn for_tests(project: &Project) -> Result<Build, Failure> {
    tests(project)?;
    stage(project, "debug", "axisor-dev")
}

/// The program alone as the tests would compile it; it can do all that needs no site.
pub fn program_for_tests(project: &Project) -> Result<PathBuf, Failure> {
    println!("[build] program, without optimisation");
    project.cargo(["build", "--workspace", "--exclude", "frontend", "--bins"]).run()?;
    Ok(project.cargo_target().join("debug/axisor"))
}

/// Compiles the native side and all its tests; one call, so that everything is compiled with the same features.
pub fn tests(project: &Project) -> Result<(), Failure> {
    println!("[build] program and tests, without optimisation");
    project.cargo(["build", "--workspace", "--exclude", "frontend", "--bins", "--tests"]).run()
}

/// Builds what the browser gets (wasm, script, styles, assets), with hashed names and precompressed.
pub fn site(project: &Project, toolchain: Toolchain) -> Result<(), Failure> {
    vendor::copy(project)?;
    let dist = project.dist();
    let stamp = dist.join(".site-is-built");
    if is_fresh(&stamp, &sources(project)) {
        println!("[build] site: nothing changed");
        return budget::report(&dist.join("site"));
    }
    println!("[build] site");
    fs::create_dir_all(&dist).map_err(|cause| Failure::on_path("make", &dist, &cause))?;
    let _ = fs::remove_file(&stamp);
    replayer::build(project, toolchain)?;
    // Made before the build, so that what changes during it counts as younger.
    let begun = dist.join(".site-is-begun");
    fs::write(&begun, "").map_err(|cause| Failure::on_path("write", &begun, &cause))?;
    leptos(project, toolchain)?;
    fs::rename(&begun, &stamp).map_err(|cause| Failure::on_path("write", &stamp, &cause))?;
    budget::report(&dist.join("site"))
}

fn leptos(project: &Project, toolchain: Toolchain) -> Result<(), Failure> {
    let dist = project.dist();
    let cargo = project.cargo(["leptos", "build", "--release", "--frontend-only", "--precompress", "--split"]);
    toolchain
        .apply(cargo)
        .env("NODE_PATH", project.node_modules())
        .env("LEPTOS_SITE_ROOT", dist.join("site"))
        .env("LEPTOS_HASH_FILE_NAME", dist.join("hash.txt"))
        .or("mend what the compiler names above")
        .run()
}

/// All that the site is made from.
fn sources(project: &Project) -> Vec<PathBuf> {
    let paths = ["app", "frontend", "crates/domain", "crates/engine", "crates/replayer", "style", "public"];
    let files = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "end2end/package-lock.json"];
    paths.iter().chain(&files).map(|path| project.root.join(path)).collect()
}

/// Puts the program beside its site, so that two checkouts that share a cache never run each other's.
fn stage(project: &Project, profile: &str, name: &str) -> Result<Build, Failure> {
    let dist = project.dist();
    let compiled = project.cargo_target().join(profile).join("axisor");
    let server_bin = dist.join(name);
    let arriving = dist.join(format!(".{name}-arriving"));
    // Renamed into place: a program that runs cannot be written over.
    copy(&compiled, &arriving)?;
    fs::rename(&arriving, &server_bin).map_err(|cause| Failure::on_path("replace", &server_bin, &cause))?;
    Ok(Build { server_bin, site: dist.join("site") })
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::copy(from, to).map(drop).map_err(|cause| Failure::on_path("copy", from, &cause))
}

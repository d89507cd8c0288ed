//! Debian packages: the databases and the browser that only tests need.

use super::step;
use crate::program::{Failure, Program, program};
use crate::services::postgres;
use std::env;
use std::path::Path;

/// A package and how to see that it is there.
pub struct DebianPackage {
    name: &'static str,
    is_there: fn() -> bool,
}

pub const POSTGRES: DebianPackage = DebianPackage { name: "postgresql", is_there: || postgres::programs().is_some() };
pub const REDIS: DebianPackage = DebianPackage { name: "redis-server", is_there: || on_path("redis-server") };
pub const CHROMIUM: DebianPackage = DebianPackage { name: "chromium", is_there: || on_path("chromium") };

/// Installs, in one go, those that are missing.
pub fn ensure(packages: &[DebianPackage]) -> Result<(), Failure> {
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    step(
        &names.join(", "),
        || packages.iter().all(|package| (package.is_there)()),
        "installing with apt-get",
        || install(packages.iter().filter(|package| !(package.is_there)()).map(|package| package.name)),
    )
}

fn install(names: impl Iterator<Item = &'static str>) -> Result<(), Failure> {
    let names: Vec<&str> = names.collect();
    let by_hand = format!("install these by hand with your system's package manager: {}", names.join(", "));
    if !on_path("apt-get") {
        return Err(Failure::new("this system has no apt-get", by_hand));
    }
    as_root("apt-get").args(["update", "-qq"]).or(&by_hand).run()?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    as_root("apt-get").args(install).args(names).or(&by_hand).run()
}

/// The program as root: itself when this is root, through `sudo` (which must not ask) otherwise.
fn as_root(name: &str) -> Program {
    let quietly = "DEBIAN_FRONTEND=noninteractive";
    if is_root() { program("env").args([quietly, name]) } else { program("sudo").args(["-n", "env", quietly, name]) }
}

/// Whether this process may do all.
pub fn is_root() -> bool {
    program("id").args(["-u"]).read().is_ok_and(|said| said.trim() == "0")
}

fn on_path(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file()) || Path::new("/usr/bin").join(name).is_file()
}

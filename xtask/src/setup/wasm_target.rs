//! A Rust toolchain that compiles for the browser.

use super::step;
use crate::program::{Failure, Program, program};
use crate::project::Project;
use std::fs;
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";

/// Which toolchain compiles for the browser; the native side always uses the active one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that is active here.
    Active,
    /// Debian's compiler, linked into rustup under the name `debian`.
    Debian,
}

impl Toolchain {
    /// Makes `program` use this toolchain.
    pub fn apply(self, program: Program) -> Program {
        match self {
            Self::Active => program,
            Self::Debian => program.env("RUSTUP_TOOLCHAIN", "debian"),
        }
    }

    fn has_target(self) -> bool {
        let rustc = self.apply(program("rustc")).args(["--print", "target-libdir", "--target", TARGET]);
        rustc.read().is_ok_and(|folder| holds_std(Path::new(folder.trim())))
    }
}

/// Gives a toolchain with the target: the active one where rustup can fetch it, else one built from Debian's packages.
pub fn ensure(project: &Project) -> Result<Toolchain, Failure> {
    let found = || [Toolchain::Active, Toolchain::Debian].into_iter().find(|toolchain| toolchain.has_target());
    step(
        TARGET,
        || found().is_some(),
        "asking rustup for it",
        || {
            let fetched = program("rustup").args(["target", "add", TARGET]).run();
            fetched.or_else(|_| from_debian(project))
        },
    )?;
    found().ok_or_else(|| Failure::new(format!("no toolchain has {TARGET}"), REMEDY))
}

const REMEDY: &str = "run `rustup target add wasm32-unknown-unknown` where rustup can reach its server";

fn from_debian(project: &Project) -> Result<(), Failure> {
    println!("[set-up] {TARGET}: rustup cannot fetch it; building it from Debian's packages (two minutes, once) ...");
    program("bash").args([project.root.join("xtask/wasm-target.sh")]).or(REMEDY).run()
}

fn holds_std(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_folder_without_the_standard_library_is_not_enough() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!holds_std(&folder.path().join("absent")));
        assert!(!holds_std(folder.path()));
        fs::write(folder.path().join("libstd-0123.rlib"), "").unwrap();
        assert!(holds_std(folder.path()));
    }
}

//! Where things lie: the checkout, and the cache that outlives it.

use crate::program::{Failure, Program, program};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The checkout and the cache of tools and compiled code that every checkout of this user shares.
pub struct Project {
    pub root: PathBuf,
    pub cache: PathBuf,
}

impl Project {
    /// The checkout that `cargo xtask` was called in; the cache is `$AXISOR_CACHE` or `~/.cache/axisor`.
    pub fn here() -> Result<Self, Failure> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).join("..");
        let root = root.canonicalize().map_err(|cause| Failure::on_path("find", &root, &cause))?;
        let given = env::var_os("AXISOR_CACHE").map(PathBuf::from);
        let home = env::var_os("HOME").map(|home| Path::new(&home).join(".cache/axisor"));
        let cache = given.or(home).ok_or_else(|| {
            Failure::new("neither AXISOR_CACHE nor HOME is set", "set AXISOR_CACHE to a folder of yours")
        })?;
        Ok(Self { root, cache })
    }

    /// Programs that set-up installed.
    pub fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// Where Cargo compiles: `$CARGO_TARGET_DIR`, or the cache.
    pub fn cargo_target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.cache.join("target"), PathBuf::from)
    }

    /// What is handed out: the program, its site, and the names of the site's hashed files. Each checkout has its own.
    pub fn dist(&self) -> PathBuf {
        self.root.join("target/dist")
    }

    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    pub fn node_modules(&self) -> PathBuf {
        self.end2end().join("node_modules")
    }

    /// The PATH with the project's tools first.
    pub fn path(&self) -> OsString {
        let ours = [self.tools().join("bin"), self.node_modules().join(".bin")];
        let given = env::var_os("PATH").unwrap_or_default();
        env::join_paths(ours.into_iter().chain(env::split_paths(&given))).unwrap_or(given)
    }

    /// `cargo` at the root of the checkout.
    pub fn cargo<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Program {
        let cargo = program("cargo").args(args).dir(&self.root).env("PATH", self.path());
        let cargo = cargo.env("CARGO_TARGET_DIR", self.cargo_target());
        if in_ci() { cargo.env("CARGO_INCREMENTAL", "0") } else { cargo }
    }
}

/// Whether a build server runs this, where nothing may be skipped.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

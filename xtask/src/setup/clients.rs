//! LN Markets' official clients with the drivers that judge by them, installed into the cache.

use super::{node, step};
use crate::program::{Failure, program};
use crate::project::Project;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the drivers lie, beside the checkout.
const DRIVERS: &str = "../shared/conformance";
/// The oldest Python that the official client runs on.
const OLDEST_PYTHON: (u32, u32) = (3, 12);

/// The folder of the TypeScript drivers and, where there is a Python for it, that of the others with their Python.
pub struct Clients {
    pub typescript: PathBuf,
    pub python: Option<Python>,
}

pub struct Python {
    pub drivers: PathBuf,
    pub interpreter: PathBuf,
}

/// Installs both clients from their registries, once.
pub fn ensure(project: &Project) -> Result<Clients, Failure> {
    node::is_there()?;
    let drivers = project.root.join(DRIVERS);
    if !drivers.is_dir() {
        return Err(Failure::new(format!("{DRIVERS} is missing"), "lay the folder `shared` beside the checkout"));
    }
    let scratch = project.cache.join("conformance");
    copy(&drivers, &scratch)?;
    let typescript = scratch.join("ts");
    ensure_typescript(project, &typescript)?;
    let python = match newest_python() {
        Some(found) => Some(ensure_python(&found, &scratch)?),
        None => None,
    };
    Ok(Clients { typescript, python })
}

fn ensure_typescript(project: &Project, drivers: &Path) -> Result<(), Failure> {
    let installed = drivers.join("node_modules/.installed-package.json");
    let wanted = drivers.join("package.json");
    step(
        "official TypeScript client",
        || fs::read(&wanted).is_ok_and(|wanted| fs::read(&installed).is_ok_and(|there| there == wanted)),
        "npm install @ln-markets/sdk",
        || {
            program("npm")
                .args(["install", "--no-audit", "--no-fund", "--no-package-lock"])
                .dir(drivers)
                .env("npm_config_cache", project.cache.join("npm"))
                .or("check that the npm registry can be reached, then run this again")
                .run()?;
            fs::copy(&wanted, &installed).map(drop).map_err(|cause| Failure::on_path("write", &installed, &cause))
        },
    )
}

fn ensure_python(found: &Path, scratch: &Path) -> Result<Python, Failure> {
    let (drivers, home) = (scratch.join("py"), scratch.join("venv"));
    let interpreter = home.join("bin/python");
    let (wanted, installed) = (drivers.join("requirements.txt"), home.join("installed-requirements.txt"));
    step(
        "official Python client",
        || fs::read(&wanted).is_ok_and(|wanted| fs::read(&installed).is_ok_and(|there| there == wanted)),
        "pip install lnmarkets-sdk",
        || {
            let remedy = "check that the Python package index can be reached, then run this again";
            program(found).args(["-m", "venv"]).args([&home]).or(remedy).run()?;
            let pip = program(&interpreter).args(["-m", "pip", "install", "--quiet", "--requirement"]);
            pip.args([&wanted]).or(remedy).run()?;
            fs::copy(&wanted, &installed).map(drop).map_err(|cause| Failure::on_path("write", &installed, &cause))
        },
    )?;
    Ok(Python { drivers, interpreter })
}

/// The first Python that is new enough, on the PATH or among those of pyenv.
fn newest_python() -> Option<PathBuf> {
    let named = ["python3.14", "python3.13", "python3.12", "python3"].map(PathBuf::from);
    let pyenv = std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv/versions"));
    let versions = pyenv.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut all = named.into_iter().chain(versions.map(|version| version.path().join("bin/python3")));
    all.find(|python| version(python).is_some_and(|version| OLDEST_PYTHON <= version))
}

fn version(python: &Path) -> Option<(u32, u32)> {
    let said = program(python).args(["-c", "import sys; print(*sys.version_info[:2])"]).read().ok()?;
    let (major, minor) = said.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Copies a folder over another; what the other holds besides stays.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|cause| Failure::on_path("make", to, &cause))?;
    let entries = fs::read_dir(from).map_err(|cause| Failure::on_path("read", from, &cause))?;
    for entry in entries.flatten() {
        let (path, there) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &there)?;
            continue;
        }
        // Read and written, so that the copy can be written over whatever the original forbids.
        let bytes = fs::read(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
        fs::write(&there, bytes).map_err(|cause| Failure::on_path("write", &there, &cause))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_again_and_what_was_installed_into_the_copy_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("ts")).unwrap();
        fs::write(from.join("ts/driver.mjs"), "1").unwrap();
        copy(&from, &to).unwrap();
        fs::write(to.join("ts/installed"), "").unwrap();
        fs::write(from.join("ts/driver.mjs"), "2").unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("ts/driver.mjs")).unwrap(), "2");
        assert!(to.join("ts/installed").exists());
    }
}

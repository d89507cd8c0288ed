//! RustSec's database of advisories: a clone in the cache, or a copy elsewhere.

use super::advisory::Advisory;
use crate::program::{Failure, program};
use crate::project::Project;
use std::fs;
use std::path::{Path, PathBuf};

const HOME: &str = "https://github.com/RustSec/advisory-db";
const REMEDY: &str = "let this machine reach github.com, or bring a copy along (`git clone --depth 1 \
                      https://github.com/RustSec/advisory-db` elsewhere) and name its folder: `--database FOLDER`";

/// Clones it, or brings the clone up to date: an old one would hide what is new.
pub fn fetch(project: &Project) -> Result<PathBuf, Failure> {
    let folder = project.cache.join("advisory-db");
    if folder.join(".git").is_dir() {
        let git = || program("git").args(["-C"]).args([&folder]).or(REMEDY);
        git().args(["fetch", "--quiet", "--depth", "1", "origin", "HEAD"]).read()?;
        git().args(["reset", "--quiet", "--hard", "FETCH_HEAD"]).read()?;
    } else {
        program("git").args(["clone", "--quiet", "--depth", "1", HOME]).args([&folder]).or(REMEDY).read()?;
    }
    Ok(folder)
}

/// Every advisory about a crate, by package and id. One that cannot be read fails: what it says is not known.
pub fn read(folder: &Path) -> Result<Vec<Advisory>, Failure> {
    let mut advisories = Vec::new();
    for package in entries(&folder.join("crates"))? {
        for path in entries(&package)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
            let text = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
            let advisory = Advisory::read(&text);
            advisories.push(advisory.map_err(|why| Failure::new(format!("{}: {why}", path.display()), REMEDY))?);
        }
    }
    if advisories.is_empty() {
        return Err(Failure::new(format!("there are no advisories in {}", folder.display()), REMEDY));
    }
    Ok(advisories)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder)
        .map_err(|cause| Failure::new(format!("{} cannot be read: {cause}", folder.display()), REMEDY))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f70_a_folder_without_advisories_does_not_pass_for_a_sound_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("--database"));
        fs::create_dir_all(folder.path().join("crates/a")).unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("no advisories"));
        fs::write(folder.path().join("crates/a/RUSTSEC-1.md"), "nonsense").unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("RUSTSEC-1.md"));
    }
}

//! What the sources of crates say that are on this machine.

use super::list::Traits;
use super::lock::Locked;
use crate::program::Failure;
use crate::project::Project;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where what is built runs.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"];
/// Words by which a build script may speak to others.
const NETWORK: [&str; 6] = ["TcpStream", "ureq", "reqwest", "curl", "git2", "wget"];

/// Each crate that is built here, by name and version.
#[derive(Default)]
pub struct Facts(BTreeMap<(String, String), Value>);

impl Facts {
    pub fn read(project: &Project) -> Result<Facts, Failure> {
        let filter = TARGETS.iter().flat_map(|target| ["--filter-platform", target]);
        let told = project
            .cargo(["metadata", "--locked", "--offline", "--format-version", "1"].into_iter().chain(filter))
            .or("run `cargo fetch --locked` once with a network")
            .read()?;
        let metadata: Value = serde_json::from_str(&told)
            .map_err(|cause| Failure::new(format!("cargo metadata: {cause}"), "update cargo"))?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let named = packages.map(|package| {
            let word = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
            ((word("name"), word("version")), package.clone())
        });
        Ok(Facts(named.collect()))
    }

    /// `None` for what is not built here.
    pub fn of(&self, locked: &Locked) -> Option<Traits> {
        if locked.name.starts_with("npm:") {
            return Some(Traits::default().with("install", true));
        }
        let package = self.package(locked)?;
        let targets = package["targets"].as_array()?;
        let of_kind = |kind: &str| targets.iter().find(|target| has_kind(target, kind));
        let script = of_kind("custom-build").and_then(|target| target["src_path"].as_str());
        let speaks = script
            .and_then(|path| fs::read_to_string(path).ok())
            .is_some_and(|text| NETWORK.iter().any(|word| text.contains(word)));
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
        Some(
            Traits::default()
                .with("build", script.is_some())
                .with("macro", of_kind("proc-macro").is_some())
                .with("network", speaks)
                .with("unsafe", has_unsafe(folder)),
        )
    }

    /// An SPDX expression.
    pub fn licence(&self, locked: &Locked) -> Option<&str> {
        self.package(locked)?["license"].as_str()
    }

    fn package(&self, locked: &Locked) -> Option<&Value> {
        self.0.get(&(locked.name.clone(), locked.version.clone()))
    }
}

fn has_kind(target: &Value, kind: &str) -> bool {
    target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

/// Whether any source of the crate begins a block, function, trait or implementation with `unsafe`.
fn has_unsafe(folder: &Path) -> bool {
    sources(folder).iter().any(|path| fs::read_to_string(path).is_ok_and(|text| text.lines().any(is_unsafe)))
}

fn is_unsafe(line: &str) -> bool {
    let code = line.trim_start();
    let is_prose = code.starts_with("//") || code.starts_with('#');
    !is_prose
        && ["unsafe {", "unsafe fn", "unsafe impl", "unsafe trait", "unsafe extern"]
            .iter()
            .any(|word| code.contains(word))
}

/// Sources that are compiled: not its tests, examples and benches.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["tests", "examples", "benches", "target"].contains(&name.as_str()) {
            found.extend(sources(&path));
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f70_a_build_script_the_network_and_unsafe_code_are_seen_in_the_source() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("src")).unwrap();
        fs::write(path("src/lib.rs"), "#![forbid(unsafe_code)] // unsafe { }\nfn safe() {}\n").unwrap();
        fs::write(path("build.rs"), "fn main() { std::net::TcpStream::connect(\"example.org:80\"); }\n").unwrap();
        let package = serde_json::json!({
            "manifest_path": path("Cargo.toml"),
            "targets": [{ "kind": ["lib"] }, { "kind": ["custom-build"], "src_path": path("build.rs") }],
        });
        let facts = Facts(BTreeMap::from([(("bad".to_owned(), "1.0.0".to_owned()), package)]));
        let bad = Locked { name: "bad".into(), version: "1.0.0".into(), source: None, checksum: None };
        assert_eq!(facts.of(&bad), "build,network".parse().ok());
        fs::write(path("src/raw.rs"), "fn raw() { unsafe { peek() } }\n").unwrap();
        assert_eq!(facts.of(&bad), "build,network,unsafe".parse().ok());
        assert_eq!(facts.of(&Locked { version: "2.0.0".into(), ..bad }), None);
    }
}

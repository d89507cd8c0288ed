//! Packages of npm, which build the style sheet and test the pages; nothing of them ships but what `vendor` copies.

use super::lock::Locked;
use crate::program::Failure;
use serde_json::Value;

pub const REGISTRY: &str = "npm";
const HOME: &str = "https://registry.npmjs.org/";

/// The packages that run something when they are installed, as `npm:NAME`, and any that is not pinned by a hash or comes
/// from elsewhere than npm's registry.
pub fn read(text: &str) -> Result<Vec<Locked>, Failure> {
    let lock: Value = serde_json::from_str(text)
        .map_err(|cause| Failure::new(format!("end2end/package-lock.json: {cause}"), "run `npm install` in end2end"))?;
    let packages = lock["packages"].as_object().into_iter().flatten();
    Ok(packages.filter(|(path, _)| !path.is_empty()).filter_map(|(path, package)| watched(path, package)).collect())
}

fn watched(path: &str, package: &Value) -> Option<Locked> {
    let word = |key: &str| package[key].as_str();
    let source = match word("resolved") {
        Some(address) if !address.starts_with(HOME) => address,
        _ => REGISTRY,
    };
    let runs = package["hasInstallScript"] == true;
    // What lies within another package is covered by that one's hash.
    let is_pinned = word("integrity").is_some() || package["inBundle"] == true;
    let is_watched = runs || source != REGISTRY || !is_pinned;
    is_watched.then(|| Locked {
        name: format!("npm:{}", path.rsplit("node_modules/").next().unwrap_or(path)),
        version: word("version").unwrap_or("?").to_owned(),
        source: Some(source.to_owned()),
        checksum: word("integrity").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f70_a_package_that_runs_at_install_or_is_not_pinned_is_watched() {
        let text = r#"{"packages": {"": {"name": "x"},
            "node_modules/plain": {"version": "1.0.0", "integrity": "sha512-a"},
            "node_modules/a/node_modules/@b/watcher": {"version": "2.0.0", "integrity": "sha512-b", "hasInstallScript": true},
            "node_modules/plain/node_modules/within": {"version": "1.0.0", "inBundle": true},
            "node_modules/away": {"version": "3.0.0", "integrity": "sha512-c", "resolved": "https://example.org/x.tgz"},
            "node_modules/loose": {"version": "4.0.0"}}}"#;
        let told = read(text).unwrap();
        let names: Vec<&str> = told.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["npm:@b/watcher", "npm:away", "npm:loose"]);
        assert_eq!(told[1].source.as_deref(), Some("https://example.org/x.tgz"));
        assert_eq!(told[2].checksum, None);
    }
}

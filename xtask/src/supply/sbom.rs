//! The inventory of libraries, in the form that other programs read (CycloneDX 1.5).

use super::facts::Facts;
use super::lock::{self, Locked};
use crate::program::Failure;
use crate::project::Project;
use serde_json::{Value, json};
use std::fs;

const FILE: &str = "sbom.cdx.json";

/// Writes every crate of Cargo.lock with its version, hash and, where its source is here, licence.
pub fn write(project: &Project) -> Result<(), Failure> {
    let path = project.root.join("Cargo.lock");
    let text = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
    let facts = Facts::read(project)?;
    let sbom = sbom(&lock::read(&text), |crate_| facts.licence(crate_).map(str::to_owned));
    let folder = project.dist();
    fs::create_dir_all(&folder).map_err(|cause| Failure::on_path("make", &folder, &cause))?;
    let path = folder.join(FILE);
    fs::write(&path, format!("{sbom:#}\n")).map_err(|cause| Failure::on_path("write", &path, &cause))?;
    println!("Wrote {}", path.display());
    Ok(())
}

fn sbom(locked: &[Locked], licence: impl Fn(&Locked) -> Option<String>) -> Value {
    let components = locked.iter().filter(|crate_| crate_.source.is_some()).map(|crate_| {
        let Locked { name, version, checksum, .. } = crate_;
        let mut component = json!({
            "type": "library",
            "name": name,
            "version": version,
            "purl": format!("pkg:cargo/{name}@{version}"),
            "hashes": [{ "alg": "SHA-256", "content": checksum }],
        });
        if let Some(licence) = licence(crate_) {
            // Older crates write `MIT/Apache-2.0`, which is no expression any more.
            component["licenses"] = json!([{ "expression": licence.replace('/', " OR ") }]);
        }
        component
    });
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "axisor", "version": version } },
        "components": components.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_is_in_the_inventory_and_our_own_crates_are_not() {
        let text = "[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"s\"\nchecksum = \"0f\"\n";
        let told = sbom(&lock::read(text), |_| Some("MIT/Apache-2.0".to_owned()));
        assert_eq!(told["components"].as_array().unwrap().len(), 1);
        let library = &told["components"][0];
        assert_eq!(library["purl"], "pkg:cargo/a@1.0.0");
        assert_eq!(library["hashes"][0]["content"], "0f");
        assert_eq!(library["licenses"][0]["expression"], "MIT OR Apache-2.0");
    }
}

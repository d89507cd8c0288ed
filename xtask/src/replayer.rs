//! Builds the browser's replays: a small wasm module of their own, beside the pages'.

use crate::program::{Failure, program};
use crate::project::Project;
use crate::setup::Toolchain;
use crate::vendor::write_if_changed;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-fast";
/// What every browser of the last years has, and the compiler makes use of.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Puts the module and its script into `public/replay`, named by their content, and the worker that loads them beside it.
pub fn build(project: &Project, toolchain: Toolchain) -> Result<(), Failure> {
    println!("[build] replays");
    let cargo = project.cargo(["build", "--package", "replayer", "--lib", "--profile", PROFILE, "--target", TARGET]);
    toolchain.apply(cargo).or("mend what the compiler names above").run()?;
    let room = project.dist().join("replays");
    fs::create_dir_all(&room).map_err(|cause| Failure::on_path("make", &room, &cause))?;
    let compiled = project.cargo_target().join(TARGET).join(PROFILE).join("replayer.wasm");
    bind(project, &compiled, &room)?;
    publish(project, &room)
}

fn bind(project: &Project, compiled: &Path, room: &Path) -> Result<(), Failure> {
    program("wasm-bindgen")
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .args([room, compiled])
        .env("PATH", project.path())
        .run()?;
    program("wasm-opt")
        .args(["-O3"])
        .args(FEATURES)
        .args([room.join("replayer_bg.wasm").as_path(), Path::new("-o"), &room.join("replayer.wasm")])
        .env("PATH", project.path())
        .run()
}

fn publish(project: &Project, room: &Path) -> Result<(), Failure> {
    let read = |path: &Path| fs::read(path).map_err(|cause| Failure::on_path("read", path, &cause));
    let (wasm, script) = (read(&room.join("replayer.wasm"))?, read(&room.join("replayer.js"))?);
    let worker = read(&project.root.join("crates/replayer/worker.js"))?;
    let name = named_by(&[&wasm, &script]);
    let folder = project.root.join("public/replay");
    keep_only(&folder, &name)?;
    write_if_changed(&folder.join(format!("{name}.wasm")), &wasm)?;
    write_if_changed(&folder.join(format!("{name}.js")), &script)?;
    let worker = String::from_utf8_lossy(&worker).replace("NAME", &name);
    write_if_changed(&project.root.join("public/replay-worker.js"), worker.as_bytes())?;
    println!("[build] replays: {} bytes of wasm", wasm.len());
    Ok(())
}

fn named_by(contents: &[&[u8]]) -> String {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Makes the folder, and takes out what has another name.
fn keep_only(folder: &Path, name: &str) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|cause| Failure::on_path("make", folder, &cause))?;
    let entries = fs::read_dir(folder).map_err(|cause| Failure::on_path("read", folder, &cause))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.file_stem().is_none_or(|stem| stem != name) {
            fs::remove_file(&path).map_err(|cause| Failure::on_path("remove", &path, &cause))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_content_has_another_name_and_the_same_has_the_same() {
        let name = named_by(&[b"wasm", b"script"]);
        assert_eq!(name, named_by(&[b"wasm", b"script"]));
        assert_ne!(name, named_by(&[b"wasm", b"scripts"]));
        assert_ne!(name, named_by(&[b"wasms", b"cript"]));
    }

    #[test]
    fn what_an_older_build_left_is_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["old.wasm", "old.js", "new.wasm"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        keep_only(folder.path(), "new").unwrap();
        assert!(folder.path().join("new.wasm").exists() && !folder.path().join("old.js").exists());
    }
}

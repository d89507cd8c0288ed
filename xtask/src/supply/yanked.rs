//! Crates that their authors took back, as far as cargo's own copy of the registry's index knows.

use super::lock::Locked;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A line for each crate that was taken back. What is not in the copy is not known, and not complained of.
pub fn find(locked: &[Locked]) -> Vec<String> {
    let indexes = indexes();
    let is_yanked = |crate_: &&Locked| {
        let mut told = indexes.iter().filter_map(|index| fs::read(index.join(place(&crate_.name))).ok());
        told.any(|told| tells_yanked(&told, &crate_.version))
    };
    let from_elsewhere = locked.iter().filter(|crate_| crate_.checksum.is_some());
    from_elsewhere
        .filter(is_yanked)
        .map(|crate_| format!("{} {} was taken back", crate_.name, crate_.version))
        .collect()
}

fn indexes() -> Vec<PathBuf> {
    let given = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let Some(home) = given.or(home) else { return Vec::new() };
    let Ok(entries) = fs::read_dir(home.join("registry/index")) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path().join(".cache")).collect()
}

/// `se/rd/serde`, as every registry lays it out.
fn place(name: &str) -> PathBuf {
    let name = name.to_ascii_lowercase();
    let part = |from: usize, to: usize| name.get(from..to).unwrap_or_default().to_owned();
    match name.len() {
        1 => Path::new("1").join(&name),
        2 => Path::new("2").join(&name),
        3 => Path::new("3").join(part(0, 1)).join(&name),
        _ => Path::new(&part(0, 2)).join(part(2, 4)).join(&name),
    }
}

/// A file of the copy is a head, and then a version and its line of JSON in turn, each ended by a zero.
fn tells_yanked(file: &[u8], version: &str) -> bool {
    let mut parts = file.split(|byte| *byte == 0).skip_while(|part| *part != version.as_bytes());
    let line = parts.nth(1).and_then(|line| serde_json::from_slice::<Value>(line).ok());
    line.is_some_and(|line| line["vers"] == version && line["yanked"] == true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f70_a_version_that_was_taken_back_is_known_from_the_copy_of_the_index() {
        let file = b"\x03\x02\0\0\0etag: x\0\
            1.0.0\0{\"vers\":\"1.0.0\",\"yanked\":true}\0\
            1.0.1\0{\"vers\":\"1.0.1\",\"yanked\":false}\0";
        assert!(tells_yanked(file, "1.0.0"));
        assert!(!tells_yanked(file, "1.0.1") && !tells_yanked(file, "1.0.2") && !tells_yanked(b"", "1.0.0"));
        assert_eq!(place("serde"), Path::new("se/rd/serde"));
        assert_eq!((place("log"), place("cc")), (PathBuf::from("3/l/log"), PathBuf::from("2/cc")));
    }
}

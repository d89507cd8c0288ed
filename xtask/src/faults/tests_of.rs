//! Which tests name which faults, found in the sources of the workspace and in the browser's tests.

use crate::program::Failure;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Where tests lie.
const FOLDERS: [&str; 5] = ["crates", "server", "app", "xtask", "end2end/tests"];

/// Each test by the number of each fault in its name, as `file: name`, sorted.
pub fn scan(root: &Path) -> Result<BTreeMap<u32, Vec<String>>, Failure> {
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (test, files) in every_test(root)? {
        for number in numbers(&test) {
            found.entry(number).or_default().extend(files.iter().map(|file| format!("`{file}`: {test}")));
        }
    }
    for tests in found.values_mut() {
        tests.sort();
        tests.dedup();
    }
    Ok(found)
}

/// Each test by its name, with the files that hold one of this name, sorted.
pub fn every_test(root: &Path) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut found = BTreeMap::new();
    for folder in FOLDERS {
        visit(root, &root.join(folder), &mut found)?;
    }
    for files in found.values_mut() {
        files.sort();
        files.dedup();
    }
    Ok(found)
}

fn visit(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<String>>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|cause| Failure::on_path("read", folder, &cause))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules"].contains(&name.as_str()) {
            visit(root, &path, found)?;
        } else if name.ends_with(".rs") || name.ends_with(".spec.ts") {
            let text = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
            let file = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            for test in names(&text) {
                found.entry(test).or_default().push(file.clone());
            }
        }
    }
    Ok(())
}

/// Names of tests: functions under an attribute of a test, and at the beginning of a line tests
/// on both databases and the browser's.
fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_test = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("#[") || trimmed.starts_with("//") {
            is_test |= trimmed.starts_with("#[test]") || trimmed.starts_with("#[tokio::test");
            continue;
        }
        found.extend(if is_test { function(trimmed) } else { declared(line) });
        is_test = false;
    }
    found
}

fn function(line: &str) -> Option<String> {
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    rest.split('(').next().map(str::to_owned)
}

fn declared(line: &str) -> Option<String> {
    if let Some(rest) = line.strip_prefix("on_both!(") {
        return rest.split(',').next().map(str::to_owned);
    }
    let rest = line.strip_prefix("test('").or_else(|| line.strip_prefix("test(\""))?;
    rest.split(['\'', '"']).next().map(str::to_owned)
}

/// The faults that a name begins with: `f71_f84_a_session…` names two.
fn numbers(name: &str) -> Vec<u32> {
    let number = |part: &str| {
        let digits = part.strip_prefix('f')?;
        (digits.len() == 2).then(|| digits.parse().ok()).flatten()
    };
    name.split(['_', ' ']).map_while(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_by_their_names_wherever_they_are_written() {
        let text = concat!(
            "#[tokio::test(flavor = \"multi_thread\")]\n/// Why.\n    async fn f01_lost() {}\n",
            "    #[test]\n    fn f71_f84_two() {}\n",
            "on_both!(f60_both, story);\n",
            "test('f84 in the browser', async () => {});\n",
            "fn f02_helper() {}\n#[test]\nfn f1_short() {}\n#[test]\nfn fine() {}\n// fn f99_in_prose\n",
        );
        let found = names(text);
        assert_eq!(found, ["f01_lost", "f71_f84_two", "f60_both", "f84 in the browser", "f1_short", "fine"]);
        assert_eq!(numbers("f71_f84_two"), [71, 84]);
        assert_eq!(numbers("f84 in the browser"), [84]);
        assert!(numbers("offer_f01").is_empty());
    }
}

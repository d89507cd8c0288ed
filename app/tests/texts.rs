//! Every text is used somewhere. That none is missing, and none in one language alone, the build itself sees to.
#![expect(clippy::unwrap_used, reason = "a test may fail by it")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn no_text_is_left_over() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts: Value = serde_json::from_str(&fs::read_to_string(here.join("locales/en.json")).unwrap()).unwrap();
    let used = used_in(&here.join("src"));
    let left_over: Vec<String> = keys("", &texts).into_iter().filter(|key| !is_used(key, &used)).collect();
    assert!(left_over.is_empty(), "used nowhere: {left_over:?}");
}

/// The keys of all texts, with points between their parts.
fn keys(above: &str, texts: &Value) -> Vec<String> {
    let Some(texts) = texts.as_object() else { return vec![above.to_owned()] };
    let key = |name: &str| if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
    texts.iter().flat_map(|(name, text)| keys(&key(name), text)).collect()
}

/// The forms of a plural are used by the name that they share.
fn is_used(key: &str, used: &BTreeSet<String>) -> bool {
    let shared = ["_one", "_many", "_other"].iter().find_map(|form| key.strip_suffix(form));
    used.contains(key) || shared.is_some_and(|shared| used.contains(shared))
}

/// Every word of the sources that has the shape of a key.
fn used_in(folder: &Path) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            used.extend(used_in(&path));
        } else {
            let source = fs::read_to_string(&path).unwrap();
            let words = source.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            used.extend(words.filter(|word| word.contains('.')).map(|word| word.trim_matches('.').to_owned()));
        }
    }
    used
}

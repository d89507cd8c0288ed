//! What other people's code is compiled in here: a list that a person has looked at, and nothing beside it.

mod facts;
mod list;
pub mod lock;
mod npm;
pub mod sbom;
pub mod yanked;

use crate::program::Failure;
use crate::project::Project;
use facts::Facts;
use list::{Entry, Traits};
use lock::Locked;
use std::fs;

const LIST: &str = "supply-chain.txt";
pub const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Fails where something is to be compiled that is not in the list as it is.
pub fn check(project: &Project) -> Result<(), Failure> {
    let (locked, listed) = (locked(project)?, listed(project)?);
    let is_new = |crate_: &Locked| crate_.source.is_some() && !listed.iter().any(|entry| entry.is_of(crate_));
    // What is listed under its checksum was looked at as it is: sources are read only where something is new.
    let facts = if locked.iter().any(is_new) { Facts::read(project)? } else { Facts::default() };
    let mut flaws = judge(&locked, &listed, |crate_| facts.of(crate_));
    flaws.extend(yanked::find(&locked));
    if flaws.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("what is compiled in is not what was looked at:\n    {}", flaws.join("\n    ")),
        format!(
            "look at the crate's source (who publishes it, what its build script does), run `cargo xtask vet`, say in {LIST} \
             what it is for, and commit the list; or do without it"
        ),
    ))
}

/// Writes the list anew. What is new in it is said, and stays without a word of what it is for: that is a person's.
pub fn vet(project: &Project) -> Result<(), Failure> {
    let (locked, listed, facts) = (locked(project)?, listed(project)?, Facts::read(project)?);
    for flaw in judge(&locked, &listed, |crate_| facts.of(crate_)) {
        println!("{flaw}");
    }
    let entries = locked.iter().filter(|crate_| crate_.source.is_some()).map(|crate_| renewed(crate_, &listed, &facts));
    let path = project.root.join(LIST);
    let text = list::write(entries.collect());
    fs::write(&path, text).map_err(|cause| Failure::on_path("write", &path, &cause))?;
    println!("Wrote {LIST}. Where a line ends in `?`, say what the crate is for, and what its build script does.");
    Ok(())
}

fn renewed(crate_: &Locked, listed: &[Entry], facts: &Facts) -> Entry {
    let same = listed.iter().find(|entry| entry.is_of(crate_));
    let traits = facts.of(crate_).or_else(|| same.map(|entry| entry.traits)).unwrap_or(Traits::elsewhere());
    // A word about another version may not hold for this one.
    let note =
        same.map_or_else(|| if traits.runs_at_build() { "?" } else { "" }.to_owned(), |entry| entry.note.clone());
    Entry {
        name: crate_.name.clone(),
        version: crate_.version.clone(),
        checksum: crate_.checksum.clone().unwrap_or_default(),
        traits,
        note,
    }
}

/// Everything that is locked: crates, and the packages of npm that run something when they are installed.
fn locked(project: &Project) -> Result<Vec<Locked>, Failure> {
    let read = |name: &str| {
        let path = project.root.join(name);
        fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))
    };
    let mut locked = lock::read(&read("Cargo.lock")?);
    locked.extend(npm::read(&read("end2end/package-lock.json")?)?);
    Ok(locked)
}

fn listed(project: &Project) -> Result<Vec<Entry>, Failure> {
    let path = project.root.join(LIST);
    let text = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
    list::read(&text).map_err(|line| Failure::new(format!("{LIST}: {line}"), "mend the line"))
}

/// What is wrong, each in a line. `facts` knows a crate's source where it is on this machine.
fn judge(locked: &[Locked], listed: &[Entry], facts: impl Fn(&Locked) -> Option<Traits>) -> Vec<String> {
    let mut flaws = Vec::new();
    for crate_ in locked {
        let Locked { name, version, source: Some(source), checksum } = crate_ else { continue };
        if source != REGISTRY && source != npm::REGISTRY {
            flaws.push(format!("{name} {version} comes from {source}, which is not the registry"));
        }
        if checksum.is_none() {
            flaws.push(format!("{name} {version} has no checksum"));
        }
        let known: Vec<&Entry> = listed.iter().filter(|entry| &entry.name == name).collect();
        match known.iter().find(|entry| &entry.version == version) {
            Some(entry) if Some(&entry.checksum) != checksum.as_ref() => {
                flaws.push(format!("{name} {version} is not what it was: its checksum has changed"));
            }
            Some(entry) if entry.traits.runs_at_build() && entry.note.trim_matches(['?', ' ']).is_empty() => {
                flaws.push(format!("{name} {version} runs code while it is built, and {LIST} does not say for what"));
            }
            Some(_) => {}
            None => flaws.push(stranger(crate_, &known, facts(crate_))),
        }
    }
    let is_locked = |entry: &&Entry| locked.iter().any(|crate_| entry.is_named(crate_));
    let gone = listed.iter().filter(|entry| !is_locked(entry));
    flaws.extend(gone.map(|entry| format!("{} {} is listed and not used", entry.name, entry.version)));
    flaws
}

fn stranger(crate_: &Locked, known: &[&Entry], traits: Option<Traits>) -> String {
    let Locked { name, version, .. } = crate_;
    let Some(traits) = traits else { return format!("{name} {version}: nobody has looked at it") };
    match known.first() {
        Some(entry) => {
            let gained = traits.beyond(entry.traits);
            let gained = if gained.is_empty() { String::new() } else { format!(", which gained: {gained}") };
            format!("{name} {version}: nobody has looked at it since {}{gained}", entry.version)
        }
        None => format!("{name} {version}: nobody has looked at it ({traits})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: &str = "0f";

    fn locked(name: &str, version: &str) -> Locked {
        Locked {
            name: name.to_owned(),
            version: version.to_owned(),
            source: Some(REGISTRY.to_owned()),
            checksum: Some(SUM.to_owned()),
        }
    }

    fn list() -> Vec<Entry> {
        list::read("# head\nserde 1.0.0 0f build | asks rustc its version\nplain 2.0.0 0f - |\n").unwrap()
    }

    fn flaws(locked: &[Locked], traits: &str) -> String {
        judge(locked, &list(), |_| traits.parse().ok()).join("\n")
    }

    #[test]
    fn f70_what_is_listed_as_it_is_passes_and_a_crate_that_nobody_looked_at_is_named() {
        let mut all = vec![locked("serde", "1.0.0"), locked("plain", "2.0.0")];
        assert_eq!(flaws(&all, "-"), "");
        all.push(locked("rustdecimal", "1.23.1"));
        assert_eq!(flaws(&all, "build,unsafe"), "rustdecimal 1.23.1: nobody has looked at it (build,unsafe)");
    }

    #[test]
    fn f70_a_new_version_that_gained_a_build_script_says_so() {
        let all = [locked("serde", "1.0.0"), locked("plain", "2.0.1")];
        let told = flaws(&all, "build");
        assert!(told.contains("plain 2.0.1: nobody has looked at it since 2.0.0, which gained: build"), "{told}");
        assert!(told.contains("plain 2.0.0 is listed and not used"), "{told}");
    }

    #[test]
    fn f70_a_changed_checksum_another_source_and_a_silent_build_script_are_refused() {
        let mut all = [locked("serde", "1.0.0"), locked("plain", "2.0.0")];
        all[1].checksum = Some("ff".to_owned());
        assert_eq!(flaws(&all, "-"), "plain 2.0.0 is not what it was: its checksum has changed");
        all[1] = Locked { source: Some("git+https://example.org/plain".to_owned()), ..locked("plain", "2.0.0") };
        assert!(flaws(&all, "-").contains("which is not the registry"));
        all[1] = Locked { checksum: None, ..locked("plain", "2.0.0") };
        assert!(flaws(&all, "-").contains("has no checksum"));
        let silent = list::read("serde 1.0.0 0f build | ?\nplain 2.0.0 0f - |\n").unwrap();
        let all = [locked("serde", "1.0.0"), locked("plain", "2.0.0")];
        assert!(judge(&all, &silent, |_| None).join("").contains("does not say for what"));
    }

    #[test]
    fn our_own_crates_are_nobody_elses() {
        let ours = Locked { source: None, checksum: None, ..locked("server", "0.1.0") };
        assert_eq!(flaws(&[ours, locked("serde", "1.0.0"), locked("plain", "2.0.0")], "-"), "");
    }
}

//! The list of what was looked at: a line each, in the order of names.

use super::lock::Locked;
use std::fmt;
use std::str::FromStr;

const HEAD: &str = "\
# Other people's code that is compiled into Axisor or run to build and test it. `cargo xtask test lint` refuses what is not
# in this list as it is; `cargo xtask vet` writes it anew, and a person says what is new for.
# name version checksum traits | what it is for; of a build script, what it does
# traits: build (runs a script while it is built), macro (runs within the compiler), install (npm: runs when it is installed),
# network (a build script with words of the network in it), unsafe (has unsafe code), elsewhere (for other systems: its source
# was not read).
";

/// What a crate does beyond being plain, safe Rust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits(u8);

const NAMES: [&str; 6] = ["build", "macro", "install", "network", "unsafe", "elsewhere"];

impl Traits {
    pub fn elsewhere() -> Traits {
        Traits::default().with("elsewhere", true)
    }

    /// With one trait more, where it `has` it.
    pub fn with(self, name: &str, has: bool) -> Traits {
        let index = NAMES.iter().position(|known| *known == name).filter(|_| has);
        Traits(index.map_or(self.0, |index| self.0 | 1 << index))
    }

    fn has(self, name: &str) -> bool {
        Traits::default().with(name, true).0 & self.0 != 0
    }

    /// Runs on the machine of who builds.
    pub fn runs_at_build(self) -> bool {
        ["build", "macro", "install"].into_iter().any(|name| self.has(name))
    }

    /// What these have and `others` have not, in words.
    pub fn beyond(self, others: Traits) -> String {
        let gained = Traits(self.0 & !others.0);
        if gained == Traits::default() { String::new() } else { gained.to_string() }
    }
}

impl fmt::Display for Traits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = NAMES.into_iter().filter(|name| self.has(name)).collect();
        if names.is_empty() { f.write_str("-") } else { f.write_str(&names.join(",")) }
    }
}

impl FromStr for Traits {
    type Err = String;

    fn from_str(text: &str) -> Result<Traits, String> {
        let mut traits = Traits::default();
        for name in text.split(',').filter(|name| *name != "-") {
            if !NAMES.contains(&name) {
                return Err(format!("{name} is no trait"));
            }
            traits = traits.with(name, true);
        }
        Ok(traits)
    }
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub version: String,
    pub checksum: String,
    pub traits: Traits,
    pub note: String,
}

impl Entry {
    /// The very same, to the last byte.
    pub fn is_of(&self, locked: &Locked) -> bool {
        self.is_named(locked) && locked.checksum.as_deref() == Some(&self.checksum)
    }

    pub fn is_named(&self, locked: &Locked) -> bool {
        self.name == locked.name && self.version == locked.version
    }
}

/// Fails with the line that is none.
pub fn read(text: &str) -> Result<Vec<Entry>, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| entry(line).ok_or_else(|| line.to_owned())).collect()
}

fn entry(line: &str) -> Option<Entry> {
    let (facts, note) = line.split_once('|')?;
    let [name, version, checksum, traits] = facts.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    Some(Entry {
        name: name.to_owned(),
        version: version.to_owned(),
        checksum: checksum.to_owned(),
        traits: traits.parse().ok()?,
        note: note.trim().to_owned(),
    })
}

pub fn write(mut entries: Vec<Entry>) -> String {
    entries.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let lines = entries.iter().map(|entry| {
        let Entry { name, version, checksum, traits, note } = entry;
        format!("{name} {version} {checksum} {traits} | {note}").trim_end().to_owned() + "\n"
    });
    HEAD.to_owned() + &lines.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written_and_a_broken_line_is_named() {
        let text = "ring 0.17.14 0f build,unsafe | cryptography: compiles C\nserde 1.0.0 ff - |\n";
        let entries = read(text).unwrap();
        assert_eq!(write(entries.clone()), format!("{HEAD}{text}"));
        assert!(entries[0].traits.runs_at_build() && !entries[1].traits.runs_at_build());
        for broken in ["ring 0.17.14 0f |", "ring 0.17.14 0f build", "ring 0.17.14 0f harmless | x"] {
            assert_eq!(read(broken).unwrap_err(), broken);
        }
    }
}

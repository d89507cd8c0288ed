//! What Cargo.lock fixes.

/// One thing that is compiled in or installed, as its lock file fixes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    pub name: String,
    pub version: String,
    /// `None` for what lies in this checkout.
    pub source: Option<String>,
    pub checksum: Option<String>,
}

/// Reads Cargo.lock, whose form is cargo's own and always the same.
pub fn read(text: &str) -> Vec<Locked> {
    let packages = text.split("[[package]]").skip(1);
    packages
        .filter_map(|package| {
            let field = |key: &str| {
                let mut lines = package.lines();
                let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
                line.strip_suffix('"').map(str::to_owned)
            };
            let (name, version) = (field("name")?, field("version")?);
            Some(Locked { name, version, source: field("source"), checksum: field("checksum") })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_read_with_where_it_comes_from() {
        let text = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"s\"\nchecksum = \"0f\"\n\
                    dependencies = [\n \"b\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n";
        let told = read(text);
        let some = |text: &str| Some(text.to_owned());
        let (a, b) = (&told[0], &told[1]);
        assert_eq!((a.name.as_str(), &a.source, &a.checksum), ("a", &some("s"), &some("0f")));
        assert_eq!((b.version.as_str(), &b.source, told.len()), ("0.1.0", &None, 2));
    }
}

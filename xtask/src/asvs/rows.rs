//! The list of requirements, a line each.

use std::collections::BTreeSet;

#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub chapter: String,
    pub id: String,
    pub level: u8,
    pub text: String,
    pub standing: Standing,
}

/// How a requirement stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    /// Names of tests.
    Test(Vec<String>),
    Held(String),
    None(String),
    Open(String),
}

/// Reads `id level | requirement | kind: words` under `## chapter`; answers the first line that is not so. Lines that begin
/// with `#` and a space say nothing.
pub fn read(text: &str) -> Result<Vec<Row>, String> {
    let (mut rows, mut chapter, mut known) = (Vec::new(), String::new(), BTreeSet::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut chapter);
            continue;
        }
        let row = row(&chapter, line).ok_or_else(|| line.to_owned())?;
        if !known.insert(row.id.clone()) {
            return Err(format!("{} is there twice", row.id));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn row(chapter: &str, line: &str) -> Option<Row> {
    let mut parts = line.splitn(3, " | ");
    let (head, text, standing) = (parts.next()?, parts.next()?, parts.next()?);
    let (id, level) = head.split_once(' ')?;
    let level = level.parse().ok().filter(|level| (1..=2).contains(level))?;
    let (kind, words) = standing.split_once(": ")?;
    let words = words.trim().to_owned();
    let standing = match kind {
        // The browser's tests are sentences, in which a comma is no gap.
        "test" => Standing::Test(names(&words)),
        "held" => Standing::Held(words),
        "none" => Standing::None(words),
        "open" => Standing::Open(words),
        _ => return None,
    };
    let (chapter, id, text) = (chapter.to_owned(), id.to_owned(), text.to_owned());
    Some(Row { chapter, id, level, text, standing })
}

/// One sentence, or names with commas between them.
fn names(words: &str) -> Vec<String> {
    let names: Vec<&str> = words.split(", ").collect();
    let is_name = |name: &&str| !name.contains(' ');
    if names.iter().all(is_name) { names.into_iter().map(str::to_owned).collect() } else { vec![words.to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let good = "# a note\n## V1 Words\n\n1.1.1 2 | a, b | test: one, two\n1.1.2 1 | c | none: there is none\n";
        let rows = read(good).unwrap();
        assert_eq!((rows.len(), rows[1].chapter.as_str(), rows[1].level), (2, "V1 Words", 1));
        assert_eq!(rows[0].standing, Standing::Test(vec!["one".to_owned(), "two".to_owned()]));
        for bad in ["1.1.1 3 | a | none: x", "1.1.1 2 | a", "1.1.1 2 | a | maybe: x", "nonsense"] {
            assert_eq!(read(bad), Err(bad.to_owned()));
        }
        assert!(read("1.1.1 2 | a | none: x\n1.1.1 2 | a | none: x").unwrap_err().contains("twice"));
        assert_eq!(names("f86 out of reach, the app says"), ["f86 out of reach, the app says"]);
    }
}

//! The page that says how each requirement of OWASP's ASVS 5.0 stands, with the tests that show it.

mod rows;

use crate::faults::every_test;
use crate::program::Failure;
use crate::project::Project;
use rows::{Row, Standing};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

/// Requirements of levels 1 and 2.
const ALL: usize = 253;
const SOURCE: &str = "docs/asvs.txt";
const PAGE: &str = "docs/asvs.md";
const HEAD: &str = "\
# OWASP ASVS 5.0, levels 1 and 2

How each requirement stands, in our own words; the numbers are the standard's. `cargo xtask asvs` writes this page from
`docs/asvs.txt` and checks that every test it names is there; `cargo xtask test lint` fails where it is stale. *Held* means
that no single test shows it and says what does; *open* means that it is not met, or not wholly.
";

/// Writes the page anew.
pub fn write(project: &Project) -> Result<(), Failure> {
    let path = project.root.join(PAGE);
    fs::write(&path, page(project)?).map_err(|cause| Failure::on_path("write", &path, &cause))?;
    println!("Wrote {PAGE}");
    Ok(())
}

/// Fails where the page that is committed is not the one that would be written.
pub fn check(project: &Project) -> Result<(), Failure> {
    let path = project.root.join(PAGE);
    let committed = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
    if committed == page(project)? {
        return Ok(());
    }
    Err(Failure::new(format!("{PAGE} is stale"), "run `cargo xtask asvs` and commit the page"))
}

fn page(project: &Project) -> Result<String, Failure> {
    let path = project.root.join(SOURCE);
    let text = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
    let rows = rows::read(&text).map_err(|line| Failure::new(format!("{SOURCE}: {line}"), "mend the line"))?;
    render(&rows, &every_test(&project.root)?)
        .map_err(|flaw| Failure::new(format!("{SOURCE}: {flaw}"), "mend the list"))
}

/// `tests` by name, each with its files.
fn render(rows: &[Row], tests: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    if rows.len() != ALL {
        return Err(format!("{} requirements are listed, and there are {ALL}", rows.len()));
    }
    let count = |is: fn(&Standing) -> bool| rows.iter().filter(|row| is(&row.standing)).count();
    let shown = count(|standing| matches!(standing, Standing::Test(_)));
    let held = count(|standing| matches!(standing, Standing::Held(_)));
    let none = count(|standing| matches!(standing, Standing::None(_)));
    let open = count(|standing| matches!(standing, Standing::Open(_)));
    let mut page = format!(
        "{HEAD}\nOf {ALL} requirements, {shown} are shown by tests, {held} are held otherwise, {none} do not apply, and \
         {open} are open.\n"
    );
    let mut chapter = "";
    for row in rows {
        if row.chapter != chapter {
            chapter = &row.chapter;
            // Writing to a string does not fail.
            let _ = write!(page, "\n## {chapter}\n\n| id | level | requirement | how it stands |\n|---|---|---|---|\n");
        }
        let standing = told(row, tests)?;
        let _ = writeln!(page, "| {} | {} | {} | {standing} |", row.id, row.level, row.text);
    }
    Ok(page)
}

fn told(row: &Row, tests: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    let names = match &row.standing {
        Standing::Test(names) => names,
        Standing::Held(by) => return Ok(format!("held: {by}")),
        Standing::None(why) => return Ok(format!("does not apply: {why}")),
        Standing::Open(what) => return Ok(format!("**open**: {what}")),
    };
    let lines = names.iter().map(|name| match tests.get(name) {
        Some(files) => Ok(format!("`{}`: {name}", files.join("`, `"))),
        None => Err(format!("{}: there is no test {name}", row.id)),
    });
    Ok(lines.collect::<Result<Vec<_>, _>>()?.join("<br>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_there_and_a_requirement_that_is_missing_are_named() {
        let rows = rows::read("## V1 Words\n1.1.1 2 | a | test: a_fact, another\n").unwrap();
        let known = BTreeMap::from([("a_fact".to_owned(), vec!["a.rs".to_owned()])]);
        assert!(told(&rows[0], &known).unwrap_err().contains("no test another"));
        assert!(render(&rows, &known).unwrap_err().contains("1 requirements"));
        let known = ["a_fact", "another"].map(|name| (name.to_owned(), vec!["a.rs".to_owned()]));
        assert_eq!(told(&rows[0], &known.into()).unwrap(), "`a.rs`: a_fact<br>`a.rs`: another");
    }
}

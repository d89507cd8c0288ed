//! The table from each fault to the tests that inject it, made from the tests' own names.

mod rows;
mod tests_of;

pub use tests_of::every_test;

use crate::program::Failure;
use crate::project::{Project, in_ci};
use rows::Section;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// Where the faults are described; it lies beside the checkout.
const SOURCE: &str = "../shared/design/faults.md";
const TABLE: &str = "docs/faults.md";
const HEAD: &str = "\
# Faults and their tests

Each row is a fault that is injected, and what must happen then; `cargo xtask faults` writes this table from the names of
the tests (`f01_…`), and `cargo xtask test lint` fails where it is stale. A test named for several rows counts for each.
";

/// Writes the table anew.
pub fn write(project: &Project) -> Result<(), Failure> {
    let path = project.root.join(TABLE);
    let table = table(project)?;
    fs::write(&path, table).map_err(|cause| Failure::on_path("write", &path, &cause))?;
    println!("Wrote {TABLE}");
    Ok(())
}

/// Fails where the table that is committed is not the one that would be written.
pub fn check(project: &Project) -> Result<(), Failure> {
    if !source(project).is_file() && !in_ci() {
        println!("[lint] {SOURCE} is missing: {TABLE} is not checked");
        return Ok(());
    }
    let path = project.root.join(TABLE);
    let committed = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
    if committed == table(project)? {
        return Ok(());
    }
    Err(Failure::new(format!("{TABLE} is stale"), "run `cargo xtask faults` and commit the table"))
}

fn source(project: &Project) -> PathBuf {
    project.root.join(SOURCE)
}

fn table(project: &Project) -> Result<String, Failure> {
    let path = source(project);
    let text = fs::read_to_string(&path).map_err(|cause| Failure::on_path("read", &path, &cause))?;
    Ok(render(&rows::read(&text), &tests_of::scan(&project.root)?))
}

/// `tests` by number, each as `file: name`.
fn render(sections: &[Section], tests: &BTreeMap<u32, Vec<String>>) -> String {
    let rows = || sections.iter().flat_map(|section| &section.rows);
    let covered = rows().filter(|row| tests.contains_key(&row.number)).count();
    let mut text = format!("{HEAD}\n{covered} of {} rows have a test.\n", rows().count());
    for Section { title, rows } in sections {
        // Writing to a string does not fail.
        let _ = write!(text, "\n## {title}\n\n| fault | what is injected | tests |\n|---|---|---|\n");
        for row in rows {
            let found = tests.get(&row.number).map_or_else(|| "**none yet**".to_owned(), |tests| tests.join("<br>"));
            let _ = writeln!(text, "| F-{:02} | {} | {found} |", row.number, row.fault);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_lists_its_tests_and_one_without_says_so() {
        let sections = rows::read(
            "**Kind**\n\n| id | fault | expected |\n|---|---|---|\n| F-01 | lost | x |\n| F-02 | late | y |\n",
        );
        let tests = BTreeMap::from([(1, vec!["`a.rs`: f01_one".to_owned(), "`b.rs`: f01_two".to_owned()])]);
        let table = render(&sections, &tests);
        assert!(table.contains("1 of 2 rows have a test."), "{table}");
        assert!(table.contains("| F-01 | lost | `a.rs`: f01_one<br>`b.rs`: f01_two |"), "{table}");
        assert!(table.contains("| F-02 | late | **none yet** |"), "{table}");
    }
}

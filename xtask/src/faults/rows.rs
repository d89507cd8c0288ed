//! The rows of the list of faults.

/// Faults of one kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    pub rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub fault: String,
}

/// Reads tables whose first column is `F-…`, each under a line in bold. Anything else is passed over.
pub fn read(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("**").and_then(|rest| rest.strip_suffix("**")) {
            sections.push(Section { title: title.to_owned(), rows: Vec::new() });
        } else if let (Some(row), Some(section)) = (row(line), sections.last_mut()) {
            section.rows.push(row);
        }
    }
    sections.retain(|section| !section.rows.is_empty());
    sections
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.strip_prefix("| F-")?.split(" | ");
    let number = cells.next()?.trim().parse().ok()?;
    Some(Row { number, fault: cells.next()?.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_under_their_title_and_prose_is_passed_over() {
        let text =
            "# Faults\n\n**Web**\n\n| id | fault | expected |\n|---|---|---|\n| F-40 | dump | none |\nprose F-41\n";
        let rows = vec![Row { number: 40, fault: "dump".to_owned() }];
        assert_eq!(read(text), [Section { title: "Web".to_owned(), rows }]);
    }
}

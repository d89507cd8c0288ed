//! What npm's registry knows of the packages that build the style sheet and test the pages.

use crate::program::program;
use crate::project::Project;
use serde_json::Value;

/// A line for each package with a flaw. Nothing of npm ships and npm dates nothing, so none is overdue by itself. Where the
/// registry does not answer, that is the line.
pub fn audit(project: &Project) -> Vec<String> {
    let audit = ["audit", "--package-lock-only", "--json", "--audit-level=none"];
    let told = program("npm").args(audit).dir(&project.end2end()).read();
    let told = told.ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    match told.as_ref().and_then(read) {
        Some(lines) => lines,
        None => vec!["npm's packages were not looked at: its registry did not answer".to_owned()],
    }
}

fn read(told: &Value) -> Option<Vec<String>> {
    let flaws = told["vulnerabilities"].as_object()?;
    let title = |flaw: &Value| {
        let first = flaw["via"].as_array().into_iter().flatten().find_map(|via| via["title"].as_str());
        first.unwrap_or("by what it needs").to_owned()
    };
    let line = |(name, flaw): (&String, &Value)| {
        format!("npm {name} ({}): {}", flaw["severity"].as_str().unwrap_or("?"), title(flaw))
    };
    Some(flaws.iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_package_with_a_flaw_is_a_line_and_no_answer_is_no_clean_bill() {
        let told = r#"{"auditReportVersion": 2, "vulnerabilities": {
            "deep": {"severity": "high", "via": [{"source": 1, "title": "Runs what it is told"}]},
            "top": {"severity": "low", "via": ["deep"]}}}"#;
        let lines = read(&serde_json::from_str(told).unwrap()).unwrap();
        assert_eq!(lines, ["npm deep (high): Runs what it is told", "npm top (low): by what it needs"]);
        assert_eq!(read(&serde_json::from_str(r#"{"error": {"summary": "405"}}"#).unwrap()), None);
    }
}

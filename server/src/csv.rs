//! CSV by RFC 4180 that no spreadsheet takes for a formula.

/// What makes a spreadsheet calculate, where a cell begins with it; full-width forms are taken for the plain ones.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// One line, with its end.
pub fn line(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| cell(field)).collect();
    fields.join(",") + "\r\n"
}

/// Quoted always; an apostrophe makes text of what would be a formula.
fn cell(text: &str) -> String {
    let guard = if text.trim_start_matches(' ').starts_with(FORMULA) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f77_no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "=cmd|' /C calc'!A0"] {
            let cell = cell(formula);
            assert!(cell.starts_with("\"'"), "{formula:?}: {cell}");
        }
    }

    #[test]
    fn quotes_commas_and_line_breaks_stay_in_their_cell() {
        assert_eq!(
            line(&["a,b", "say \"hi\"", "two\nlines", ""]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\"\r\n"
        );
    }
}

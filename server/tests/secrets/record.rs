//! F-67 and F-77: the audit as the command line tells it.

use crate::program::{Program, on_both};
use std::fs;

on_both!(f67_verify_names_the_first_bad_entry_and_a_kept_head_shows_a_cut, verified);
on_both!(f77_an_export_is_whole_and_no_cell_is_a_formula, exported);

const KEY: (&str, &str, &str) = ("key", "c2VjcmV0", "passphrase");

async fn verified(program: &Program) {
    for name in ["one", "two", "three"] {
        program.add_account(name, KEY).await;
    }
    let head = program.data().join("head.json");
    fs::write(&head, program.succeed(&["audit", "head"]).await).unwrap();
    let with_head = ["audit", "verify", "--head", head.to_str().unwrap()];
    assert!(program.succeed(&with_head).await.contains("3 entries, 1 kept heads agree"));
    if program.database.starts_with("sqlite") {
        program.by_hand(&["drop trigger audit_is_not_changed", "drop trigger audit_is_not_deleted"]).await;
    } else {
        program.by_hand(&["alter table audit disable trigger all"]).await;
    }
    program.by_hand(&["delete from audit where seq = 3"]).await;
    assert!(program.succeed(&["audit", "verify"]).await.contains("2 entries"), "a cut alone leaves no trace inside");
    let output = program.run(&with_head).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("entry 3 is missing"));
    program.by_hand(&["update audit set subject = 'other' where seq = 2"]).await;
    let output = program.run(&["audit", "verify"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("entry 2 was changed"));
    fs::write(&head, "{\"seq\":3}").unwrap();
    assert_eq!(program.run(&with_head).await.status.code(), Some(2));
}

async fn exported(program: &Program) {
    program.add_account("=HYPERLINK(\"http://evil\")", KEY).await;
    let json = program.succeed(&["audit", "export", "--format", "json"]).await;
    let entry: serde_json::Value = serde_json::from_str(json.trim()).unwrap();
    assert_eq!((&entry["action"], &entry["seq"]), (&"account_added".into(), &1.into()));
    assert_eq!((&entry["source"], &entry["before"]), (&"command line".into(), &serde_json::Value::Null));
    assert_eq!(entry["after"]["name"], "=HYPERLINK(\"http://evil\")");
    let csv = program.succeed(&["audit", "export", "--format", "csv"]).await;
    assert_eq!(csv.matches("\r\n").count(), 2, "{csv}");
    assert!(csv.contains("\"account_added\""));
    for cell in csv.trim_end().split("\r\n").flat_map(|line| line.split("\",\"")) {
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

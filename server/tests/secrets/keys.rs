//! F-42: the master key is renewed while the server runs.

use crate::program::{Program, on_both};
use std::fs;

on_both!(f42_a_master_key_is_renewed_and_the_old_one_is_removed, renewed);
on_both!(f42_a_lost_master_key_is_said_in_one_clear_line, lost);

const KEY: (&str, &str, &str) = ("key", "c2VjcmV0", "passphrase");

async fn renewed(program: &Program) {
    program.add_account("one", KEY).await;
    program.add_account("two", KEY).await;
    let file = program.data().join("master.key");
    let first = fs::read_to_string(&file).unwrap();
    let told = program.succeed(&["keys", "rotate"]).await;
    assert!(told.contains("3 secrets were put under the new key; 0 were"), "{told}");
    let both = fs::read_to_string(&file).unwrap();
    assert!(both.ends_with(&first) && both.lines().count() == 2, "the old key is kept for now");

    // Power failed when the new key was written and nothing was sealed by it yet.
    let third = format!("{}\n{both}", "ab".repeat(32));
    fs::write(&file, &third).unwrap();
    let told = program.succeed(&["keys", "rotate"]).await;
    assert!(told.contains("gone on with") && told.contains("3 secrets were put under the new key"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), third, "no further key is made");

    assert!(program.succeed(&["keys", "retire"]).await.contains("2 old keys were removed"));
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{}\n", "ab".repeat(32)));
    assert!(program.succeed(&["audit", "verify"]).await.contains("4 entries"), "two accounts, two rotations");
}

async fn lost(program: &Program) {
    program.add_account("one", KEY).await;
    fs::write(program.data().join("master.key"), "cd".repeat(32)).unwrap();
    let output = program.run(&["audit", "verify"]).await;
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("is not here; put its line back into the master key file"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

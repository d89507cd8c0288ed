//! `axisor account add`: a key is checked at the exchange before it is kept.

use crate::stage::{KEY, Stage, key};
use paper::http::Permission;
use service::ExchangeKey;
use std::process::{Output, Stdio};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// What ended how, and what was said of it.
struct Added {
    code: i32,
    said: String,
    /// The accounts by that name that are kept now.
    kept: usize,
}

/// Adds an account named `New` to the stage's database.
async fn add(stage: &Stage, mode: &str, key: &ExchangeKey, signet: Option<&str>) -> Added {
    let database = format!("sqlite:{}", stage.folder.path().join("axisor.db").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
    command.args(["account", "add", "--user", "ana@example.org", "--name", "New", "--mode", mode, "--key", &key.key]);
    command.args(["--lnm-endpoint", &stage.endpoint, "--database", &database]);
    command.args(signet.into_iter().flat_map(|url| ["--lnm-signet-endpoint", url]));
    command.arg("--data").arg(stage.folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut program = command.spawn().unwrap();
    let lines = format!("{}\n{}\n", key.secret, key.passphrase);
    program.stdin.take().unwrap().write_all(lines.as_bytes()).await.unwrap();
    let Output { status, stderr, .. } = program.wait_with_output().await.unwrap();
    let accounts = stage.store.list_accounts(stage.user).await.unwrap();
    let kept = accounts.iter().filter(|account| account.name == "New").count();
    Added { code: status.code().unwrap(), said: String::from_utf8(stderr).unwrap(), kept }
}

fn check_refused(added: &Added, why: &str) {
    assert!(added.said.contains(why), "{}", added.said);
    assert_eq!((added.code, added.kept), (i32::from(server::BAD_INPUT), 0));
    assert!(!added.said.contains(&key().secret) && !added.said.contains(&key().passphrase));
}

#[tokio::test]
async fn a_key_that_may_do_what_guarding_takes_is_kept() {
    let stage = Stage::set().await;
    let added = add(&stage, "live", &key(), None).await;
    assert_eq!((added.code, added.kept), (0, 1), "{}", added.said);
    assert!(!added.said.contains("lacks"), "{}", added.said);
}

#[tokio::test]
async fn a_key_that_lacks_something_is_kept_with_a_warning() {
    let stage = Stage::set().await;
    stage.scopes.grant(KEY, [Permission::AccountRead, Permission::IsolatedRead]);
    let added = add(&stage, "live", &key(), None).await;
    assert_eq!((added.code, added.kept), (0, 1), "{}", added.said);
    assert!(added.said.contains("lacks futures:isolated:write"), "{}", added.said);
}

#[tokio::test]
async fn a_key_that_may_withdraw_is_not_kept() {
    let stage = Stage::set().await;
    stage.scopes.grant(KEY, Permission::ALL);
    check_refused(&add(&stage, "live", &key(), None).await, "may withdraw money");
}

#[tokio::test]
async fn f28_a_key_of_one_network_is_not_kept_for_the_other() {
    let (mainnet, signet) = (Stage::set().await, Stage::set().await);
    signet.scopes.revoke(KEY);
    let misplaced = add(&mainnet, "signet", &key(), Some(&signet.endpoint)).await;
    check_refused(&misplaced, "a key of mainnet, not of the network");
    mainnet.scopes.revoke(KEY);
    signet.scopes.grant(KEY, [Permission::AccountRead]);
    let misplaced = add(&mainnet, "live", &key(), Some(&signet.endpoint)).await;
    check_refused(&misplaced, "a key of signet, not of the network");
}

#[tokio::test]
async fn f28_a_key_that_neither_network_knows_is_not_kept() {
    let (mainnet, signet) = (Stage::set().await, Stage::set().await);
    let ExchangeKey { secret, passphrase, .. } = &key();
    let stranger = ExchangeKey { key: "stranger".to_owned(), secret: secret.clone(), passphrase: passphrase.clone() };
    for mode in ["live", "signet"] {
        let added = add(&mainnet, mode, &stranger, Some(&signet.endpoint)).await;
        check_refused(&added, "does not accept this key");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_checked_is_not_kept_and_not_blamed() {
    let mut stage = Stage::set().await;
    stage.endpoint = "http://127.0.0.1:1".to_owned();
    let added = add(&stage, "live", &key(), None).await;
    assert_eq!((added.code, added.kept), (1, 0), "{}", added.said);
    assert!(added.said.contains("could not be checked"), "{}", added.said);
}

//! `axisor why` at the shell.

#![cfg(test)]

use domain::{AccountId, LedgerEntry, LedgerOutcome, Mode, PositionId, Reason, Timestamp, UserId};
use std::process::{Command, Output};
use store::{Account, NewEntry, Store, User};
use uuid::Uuid;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(ms)
}

async fn account(store: &dyn Store, number: u128) -> AccountId {
    let (id, user) = (AccountId::from_uuid(Uuid::from_u128(number)), UserId::from_uuid(Uuid::from_u128(number)));
    let (email, password_hash) = (format!("{number}@example.org"), "$none".to_owned());
    store.insert_user(&User { id: user, email, password_hash, created_at: at(0) }).await.unwrap();
    let (name, mode) = ("Paper".to_owned(), Mode::Paper);
    store.insert_account(&Account { id, user, name, mode, sealed_key: None, created_at: at(0) }).await.unwrap();
    id
}

async fn decide(store: &dyn Store, account: AccountId, position: PositionId) {
    let entry = LedgerEntry {
        seq: 0,
        account,
        position: Some(position),
        at: at(1_584_007_200_000),
        market_at: at(1_584_007_200_000),
        price: None,
        distance: None,
        outcome: LedgerOutcome::Refused,
        reason: Reason::HeldByBreaker,
    };
    store.append_entries(&[NewEntry { entry, notify: false }]).await.unwrap();
}

fn why(folder: &std::path::Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
    command.arg("why").args(arguments).arg("--data").arg(folder).env_remove("AXISOR_DATABASE").output().unwrap()
}

#[tokio::test]
async fn why_is_told_at_the_shell_and_asks_which_account_where_several_know_the_position() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&format!("sqlite:{}", folder.path().join("axisor.db").display())).await.unwrap();
    let (mine, position) = (account(&*store, 1).await, PositionId::from_uuid(Uuid::from_u128(7)));
    decide(&*store, mine, position).await;
    let position_text = position.to_string();
    let told = why(folder.path(), &["--position", &position_text]);
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(told.status.success() && text.contains("2020-03-12T10:00:00.000Z  REFUSED"), "{text}");
    let told = why(folder.path(), &["--position", &position_text, "--at", "2019-01-01T00:00:00Z", "--json"]);
    let answer: domain::why::Why = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((answer.steps, answer.is_gap), (vec![], true));

    let yours = account(&*store, 2).await;
    decide(&*store, yours, position).await;
    let told = why(folder.path(), &["--position", &position_text]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("--account"));
    assert!(why(folder.path(), &["--position", &position_text, "--account", &yours.to_string()]).status.success());
    let nobody = PositionId::from_uuid(Uuid::from_u128(8)).to_string();
    assert_eq!(why(folder.path(), &["--position", &nobody]).status.code(), Some(2));
    assert_eq!(why(folder.path(), &["--position", &position_text, "--at", "yesterday"]).status.code(), Some(2));
}

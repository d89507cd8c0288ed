//! SQLite's files as a crash or a copy in the wrong moment leaves them.

use crate::sample;
use std::fs;
use std::path::{Path, PathBuf};
use store::User;

/// A database at work: one whole commit, then a second one; its files are copied while it is open.
async fn copied_while_live(folder: &Path) -> (User, User, PathBuf) {
    let live = folder.join("live.db");
    let store = store::open(&url(&live)).await.unwrap();
    let (first, second) = (sample::user("ana"), sample::user("ben"));
    store.insert_user(&first).await.unwrap();
    store.insert_user(&second).await.unwrap();
    let copy = folder.join("copy.db");
    for end in ["", "-wal"] {
        fs::copy(with_end(&live, end), with_end(&copy, end)).unwrap();
    }
    (first, second, copy)
}

fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", file.display()))
}

async fn holds(copy: &Path, user: &User) -> bool {
    let store = store::open(&url(copy)).await.unwrap();
    store.find_user(user.id).await.unwrap().is_some()
}

#[tokio::test]
async fn f54_a_copy_of_both_files_of_a_quiet_database_holds_every_commit() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second, copy) = copied_while_live(folder.path()).await;
    assert!(holds(&copy, &first).await && holds(&copy, &second).await);
}

#[tokio::test]
async fn f54_a_log_whose_tail_was_never_written_ends_at_the_last_whole_commit() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second, copy) = copied_while_live(folder.path()).await;
    let log = fs::OpenOptions::new().write(true).open(with_end(&copy, "-wal")).unwrap();
    log.set_len(log.metadata().unwrap().len() - 100).unwrap();
    assert!(holds(&copy, &first).await, "what was whole is there");
    assert!(!holds(&copy, &second).await, "what was not whole is not there by half");
}

#[tokio::test]
async fn f54_a_log_whose_tail_is_corrupt_ends_at_the_last_whole_commit() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second, copy) = copied_while_live(folder.path()).await;
    let log = with_end(&copy, "-wal");
    let mut bytes = fs::read(&log).unwrap();
    let at = bytes.len() - 50;
    bytes[at] ^= 0x40;
    fs::write(&log, bytes).unwrap();
    assert!(holds(&copy, &first).await && !holds(&copy, &second).await);
}

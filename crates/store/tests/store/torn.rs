//! SQLite's files as a crash or a copy in the wrong moment leaves them.

use crate::sample;
use std::fs;
use std::path::{Path, PathBuf};
use store::{Beside, StoreError, User};

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
    let store = store::open_beside(&url(copy), Beside::default()).await.unwrap();
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

#[tokio::test]
async fn f54_a_torn_page_is_found_at_the_start_and_the_words_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("torn.db");
    let store = store::open(&url(&file)).await.unwrap();
    for name in 0..400 {
        store.insert_user(&sample::user(&format!("somebody-with-a-long-name-{name}"))).await.unwrap();
    }
    let whole = folder.path().join("whole.db");
    store::back_up(&url(&file), &whole).await.unwrap();
    drop(store);

    // Of a page in the middle of the table, half is what it was and half is what another file holds.
    let mut bytes = fs::read(&whole).unwrap();
    let at = bytes.windows(26).position(|window| window == b"somebody-with-a-long-name-").unwrap();
    let page = at / 4_096 * 4_096;
    bytes[page..page + 2_048].fill(0xa5);
    let torn = folder.path().join("torn-copy.db");
    fs::write(&torn, bytes).unwrap();
    let refused = store::open_beside(&url(&torn), Beside::default()).await.err();
    let Some(StoreError::Damaged { file, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(file, &torn);
    assert!(refused.unwrap().to_string().contains("put a backup in its place"));
    fs::write(&torn, b"not a database at all, though it lies where one should").unwrap();
    assert!(matches!(store::open(&url(&torn)).await.err(), Some(StoreError::Damaged { .. })));

    fs::copy(&whole, &torn).unwrap();
    assert!(
        store::open_beside(&url(&torn), Beside::default()).await.is_ok(),
        "a backup in its place, as the words say"
    );
}

#[tokio::test]
async fn f54_a_backup_of_a_database_at_work_is_whole_and_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("live.db");
    let store = store::open(&url(&live)).await.unwrap();
    let first = sample::user("ana");
    store.insert_user(&first).await.unwrap();
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for name in 0.. {
                store.insert_user(&sample::user(&format!("user-{name}"))).await.unwrap();
            }
        })
    };
    for copy in 0..5 {
        let copy = folder.path().join(format!("copy-{copy}.db"));
        store::back_up(&url(&live), &copy).await.unwrap();
        assert!(holds(&copy, &first).await, "opened, and so found whole");
    }
    writing.abort();
    let taken = folder.path().join("copy-0.db");
    let before = fs::read(&taken).unwrap();
    assert!(matches!(store::back_up(&url(&live), &taken).await, Err(StoreError::Copy { .. })));
    assert_eq!(fs::read(&taken).unwrap(), before);
    assert!(matches!(store::back_up("postgres://x/y", &taken).await, Err(StoreError::NotSqlite)));
    assert!(store::back_up(&url(&folder.path().join("none.db")), &folder.path().join("copy.db")).await.is_err());
    assert!(!folder.path().join("none.db").exists(), "a database that is not there is not made for its copy");
}

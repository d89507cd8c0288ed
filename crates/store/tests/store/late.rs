//! What the database took although it said so too late to be heard.

use crate::database::{Fresh, on_both};
use crate::sample::{at, entry, fresh_uuid, position, stored_account};
use domain::Reason;
use std::path::Path;
use store::{Beside, LedgerFilter, NewEntry};

on_both!(f52_what_was_taken_too_late_to_be_heard_of_is_not_told_twice, late_answers);

async fn late_answers(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let later = |ms, mut told: NewEntry| {
        told.entry.at = at(ms);
        told
    };
    let trade = entry(account, Some(position()), Reason::ExchangeReadable, true);
    let whole = entry(account, None, Reason::ExchangeReadable, true);
    store.append_entries(&[trade.clone(), whole.clone()]).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let again = [trade.clone(), whole.clone(), later(5_000, trade), later(6_000, whole)];
    leave_journal(folder.path(), &fresh.url, &again);
    let back = store::open_beside(&fresh.url, Beside::in_folder(folder.path().to_owned())).await.unwrap();
    let ledger = back.list_ledger(account, LedgerFilter::newest(9)).await.unwrap();
    let mut times: Vec<i64> = ledger.iter().map(|told| told.at.unix_ms()).collect();
    times.sort_unstable();
    assert_eq!(times, [4_000, 4_000, 5_000, 6_000]);
}

/// As a program leaves it that was killed before its database answered again.
fn leave_journal(folder: &Path, url: &str, entries: &[NewEntry]) {
    let address = url.rsplit_once('@').map_or(url, |(_, address)| address);
    let line = serde_json::json!({ "seq": 1, "record": { "Said": { "entries": entries } } }).to_string();
    let name = format!("journal-{:08x}-{}.log", crc32fast::hash(address.as_bytes()), fresh_uuid());
    std::fs::write(folder.join(name), format!("{:08x} {line}\n", crc32fast::hash(line.as_bytes()))).unwrap();
}

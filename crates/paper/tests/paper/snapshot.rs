//! A restart goes on where the last run stopped.

use crate::support::{account, balance, dollars, order, tick, venue};
use domain::{AccountId, OrderSide, Quantity, Sats, Side, Timestamp};
use paper::snapshot::{self, SnapshotError};
use paper::venue::{AddressFormat, CrossOrderRequest, Sold, TrailingDistance};
use paper::{NewTrade, SharedVenue, Venue, keep};
use std::time::Duration;

/// A venue with a bit of everything.
fn lived() -> (Venue, AccountId) {
    let (mut venue, owner) = venue(100_000);
    let limit = NewTrade { limit: Some(dollars(90_000)), ..order(Side::Long, 100, 10).into() };
    let distance = TrailingDistance::from_millionths(50_000).unwrap();
    venue.submit(owner, limit.clone()).unwrap();
    let canceled = venue.submit(owner, limit).unwrap().position.id;
    venue.cancel(owner, canceled).unwrap();
    let closed = venue.open(owner, order(Side::Short, 500, 10)).unwrap().position.id;
    venue.close(owner, closed).unwrap();
    let runs = venue.open(owner, order(Side::Long, 1_000, 10)).unwrap().position.id;
    venue.set_trailing_stop(owner, runs, distance).unwrap();
    venue.cross_deposit(owner, Sats::new(300_000)).unwrap();
    let buy = |limit| CrossOrderRequest { side: OrderSide::Buy, quantity: Quantity::MIN, limit, client_id: None };
    venue.cross_order(owner, buy(None)).unwrap();
    venue.cross_order(owner, buy(Some(dollars(80_000)))).unwrap();
    venue.swap(owner, Sold::Sats(5_000)).unwrap();
    venue.deposit_by_lightning(owner, Sats::new(1_000), None).unwrap();
    venue.new_address(owner, AddressFormat::Taproot).unwrap();
    venue.on_tick(tick(9 * 3_600, 100_500)).unwrap();
    venue.check_conservation().unwrap();
    (venue, owner)
}

/// All that the venue tells of an account.
fn told(venue: &Venue, owner: AccountId) -> String {
    let epoch = Timestamp::EPOCH;
    let trades = (venue.resting(owner), venue.running(owner), venue.closed(owner, epoch), venue.canceled(owner, epoch));
    let cross = (venue.cross(owner), venue.cross_open(owner), venue.cross_filled(owner), venue.cross_funding(owner));
    let wallet = (venue.wallet(owner), venue.cents(owner), venue.swaps(owner), venue.deposits(owner));
    let rows = (venue.funding_rows(owner), venue.settlements(), venue.ticker(), venue.postings());
    format!("{trades:?}{cross:?}{wallet:?}{rows:?}")
}

#[test]
fn what_was_written_is_read_and_goes_on_as_it_would_have() {
    let (mut before, owner) = lived();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.json");
    assert!(snapshot::read(&path).unwrap().is_none());
    snapshot::write(&path, &before).unwrap();
    let mut after = snapshot::read(&path).unwrap().unwrap();
    assert_eq!(told(&after, owner), told(&before, owner));
    for venue in [&mut before, &mut after] {
        venue.on_tick(tick(17 * 3_600, 70_000)).unwrap();
        let _ = venue.open(owner, order(Side::Long, 10, 10));
        venue.check_conservation().unwrap();
    }
    assert_eq!(told(&after, owner), told(&before, owner), "ids included");
}

#[test]
fn a_file_that_is_broken_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.json");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        snapshot::read(&path).unwrap_err()
    };
    assert!(matches!(read(""), SnapshotError::Malformed { .. }));
    assert!(matches!(read(r#"{"format":1}"#), SnapshotError::Malformed { .. }));
    assert!(matches!(read(r#"{"format":2,"venue":{}}"#), SnapshotError::Format { format: 2, .. }));
    let (venue, _) = lived();
    snapshot::write(&path, &venue).unwrap();
    let whole = std::fs::read_to_string(&path).unwrap();
    let richer = whole.replacen(r#""balance":"#, r#""balance":1"#, 1);
    assert!(matches!(read(&richer), SnapshotError::Imbalance { .. }));
    assert!(matches!(read(&whole[..whole.len() / 2]), SnapshotError::Malformed { .. }));
}

#[test]
fn a_half_written_file_never_takes_the_place_of_the_last_one() {
    let (venue, owner) = lived();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.json");
    snapshot::write(&path, &venue).unwrap();
    std::fs::write(folder.path().join("venue.arriving"), "{ half").unwrap();
    assert_eq!(told(&snapshot::read(&path).unwrap().unwrap(), owner), told(&venue, owner));
    snapshot::write(&path, &venue).unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["venue.json"]);
}

#[tokio::test(start_paused = true)]
async fn the_venue_is_kept_within_a_second_of_a_change() {
    let (venue, owner) = lived();
    let shared = SharedVenue::new(venue);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.json");
    let keeping = tokio::spawn(keep::keep(shared.clone(), path.clone()));
    let kept = |least: i64| {
        let path = path.clone();
        async move {
            loop {
                if snapshot::read(&path).unwrap().is_some_and(|venue| least <= balance(&venue, account(1))) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    };
    kept(0).await;
    shared.lock().deposit(owner, Sats::new(5_000_000)).unwrap();
    kept(5_000_000).await;
    keeping.abort();
    shared.lock().deposit(owner, Sats::new(5_000_000)).unwrap();
    keep::keep_once(&shared, path.clone()).await.unwrap();
    kept(10_000_000).await;
}

//! The database is locked, gone or full: the guard goes on from memory with a journal of its own, and merges it later.

use crate::bench::{Bench, policy, sqlite};
use crate::between::Plan;
use crate::proxy::Proxy;
use domain::live::Alarm;
use domain::{ActionState, GuardState, LedgerOutcome, Millis, Reason, Sats};
use sqlx::{Connection, SqliteConnection};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Beside, Disk};

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];

/// Another connection that holds the write lock.
async fn lock(bench: &Bench) -> SqliteConnection {
    let mut other = SqliteConnection::connect(&sqlite(&bench.folder)).await.unwrap();
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    other
}

async fn unlock(mut other: SqliteConnection) {
    sqlx::query("rollback").execute(&mut other).await.unwrap();
}

/// Oldest first.
async fn states(bench: &Bench) -> Vec<ActionState> {
    let actions = bench.store.list_actions(bench.account, 20).await.unwrap();
    actions.iter().rev().map(|action| action.state).collect()
}

async fn alarm(bench: &Bench) -> Option<Alarm> {
    bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().alarm
}

#[tokio::test]
async fn f13_a_locked_database_does_not_hold_a_top_up_back_and_holds_it_later() {
    let mut bench = Bench::beside(PLENTY).await;
    bench.look_at(98_000).await;
    let lock = lock(&bench).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "its intent is in the journal");
    assert_eq!(states(&bench).await, [], "and not in the database");
    bench.look_at(94_900).await;
    assert_eq!(alarm(&bench).await, Some(Alarm::DatabaseLost));
    assert_eq!(bench.adds().len(), 1, "looking again is harmless without a database, too");
    unlock(lock).await;
    bench.look_at(94_800).await;
    assert_eq!(states(&bench).await, [ActionState::Proved]);
    assert_eq!(alarm(&bench).await, None);
    let ledger = bench.ledger().await;
    let of = |wanted: fn(&Reason) -> bool| ledger.iter().filter(|entry| wanted(&entry.reason)).count();
    assert_eq!(of(|reason| matches!(reason, Reason::MarginAdded { .. })), 1);
    assert_eq!(of(|reason| matches!(reason, Reason::DatabaseLost)), 1);
    assert_eq!(of(|reason| matches!(reason, Reason::DatabaseBack { .. })), 1);
    let actions = bench.store.list_actions(bench.account, 5).await.unwrap();
    let spending = bench.store.list_spending(bench.account).await.unwrap();
    assert_eq!(spending[0].added, Sats::new(bench.adds()[0]));
    assert_eq!(actions.len(), 1);
    bench.look_at(89_000).await;
    assert_eq!(bench.adds().len(), 2, "and what is needed next is written to the database at once");
    assert_eq!(states(&bench).await, [ActionState::Proved, ActionState::Proved]);
}

#[tokio::test]
async fn f52_a_database_gone_for_a_minute_costs_no_rescue_and_no_limit() {
    let mut bench = Bench::beside(PLENTY).await;
    bench.look_at(98_000).await;
    let lock = lock(&bench).await;
    for dollars in (84_000..=95_000).rev().step_by(500) {
        bench.look_at(dollars).await;
    }
    let added: i64 = bench.adds().iter().sum();
    assert!(1 < bench.adds().len() && added <= 400_000, "{:?}", bench.adds());
    let calls = bench.adds();
    unlock(lock).await;
    bench.look_at(84_000).await;
    let stored: Vec<i64> = {
        let actions = bench.store.list_actions(bench.account, 20).await.unwrap();
        actions.iter().rev().map(|action| action.intent.amount().get()).collect()
    };
    assert_eq!(stored[..calls.len()], calls[..], "each is in the database, once");
    assert!(states(&bench).await.iter().all(|state| *state == ActionState::Proved));
}

#[tokio::test]
async fn f12_a_lost_reply_in_a_journal_is_looked_up_after_a_kill() {
    let mut bench = Bench::beside(PLENTY).await;
    bench.look_at(98_000).await;
    let lock = lock(&bench).await;
    bench.plan(Plan::LoseReply);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
    unlock(lock).await;
    bench.restart().await;
    assert_eq!(states(&bench).await, [ActionState::Unknown], "the journal of the program before was read");
    bench.pass(Millis::from_secs(100));
    bench.look_at(94_900).await;
    assert_eq!(states(&bench).await, [ActionState::Proved]);
    assert_eq!(bench.adds().len(), 1);
    assert!(bench.reasons(LedgerOutcome::Noted).await.iter().any(|it| matches!(it, Reason::LookedUp { .. })));
    bench.restart().await;
    bench.pass(Millis::from_secs(100));
    bench.look_at(94_900).await;
    assert_eq!(bench.adds().len(), 1);
    assert_eq!(states(&bench).await, [ActionState::Proved], "a journal that is read again changes nothing");
}

#[tokio::test]
async fn f51_nothing_is_sent_beside_the_database_once_the_lease_has_run_out() {
    let mut bench = Bench::beside(PLENTY).await;
    bench.look_at(98_000).await;
    let lock = lock(&bench).await;
    bench.look_at(97_900).await;
    bench.pass(Millis::from_secs(120));
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    assert_eq!(alarm(&bench).await, Some(Alarm::DatabaseLost));
    unlock(lock).await;
}

#[tokio::test]
async fn f51_a_program_that_is_not_alone_sends_nothing_without_the_database() {
    let mut bench = Bench::beside(PLENTY).await;
    let (_, mut second) = bench.second_process("0.1.0").await;
    second.look_again().await;
    bench.pass(Millis::from_secs(4));
    bench.look_at(98_000).await;
    let lock = lock(&bench).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    unlock(lock).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f52_a_postgres_that_is_gone_costs_no_rescue_and_gets_all_later() {
    let Some(proxy) = Proxy::before_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let beside = Beside::in_folder(folder.path().to_owned());
    let store = store::open_beside(&proxy.url(), beside).await.unwrap();
    let mut bench = Bench::on(store, folder, policy(), PLENTY, GuardState::Live).await;
    bench.look_at(98_000).await;
    proxy.cut().await;
    for dollars in [95_000, 94_900, 89_500, 89_400] {
        bench.look_at(dollars).await;
    }
    let calls = bench.adds();
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert_eq!(alarm(&bench).await, Some(Alarm::DatabaseLost));
    proxy.mend().await;
    bench.look_at(89_300).await;
    assert_eq!(states(&bench).await, [ActionState::Proved, ActionState::Proved]);
    assert_eq!(alarm(&bench).await, None);
    assert_eq!(bench.adds(), calls);
}

/// A disk that takes so many records, and then fails.
#[derive(Clone)]
struct Failing {
    writes: Arc<AtomicU32>,
    given_up: Arc<AtomicU32>,
    is_full: bool,
}

impl Failing {
    fn new(is_full: bool) -> Failing {
        Failing { writes: Arc::default(), given_up: Arc::default(), is_full }
    }
}

impl Disk for Failing {
    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        if self.is_full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn sync(&self) -> io::Result<()> {
        Err(io::Error::other("EIO"))
    }

    fn give_up(&self, _: &io::Error) {
        self.given_up.fetch_add(1, Ordering::SeqCst);
    }
}

async fn on_a_failing_disk(disk: &Failing) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let beside = Beside::with_journal(domain::InstanceId::from_uuid(uuid::Uuid::from_u128(5)), Box::new(disk.clone()));
    let store = store::open_beside(&sqlite(&folder), beside).await.unwrap();
    let mut bench = Bench::on(store, folder, policy(), PLENTY, GuardState::Live).await;
    bench.look_at(98_000).await;
    bench
}

#[tokio::test]
async fn f14_nothing_is_sent_where_neither_the_database_nor_the_journal_can_be_written() {
    let disk = Failing::new(true);
    let mut bench = on_a_failing_disk(&disk).await;
    let lock = lock(&bench).await;
    bench.look_at(95_000).await;
    bench.look_at(94_900).await;
    assert!(0 < disk.writes.load(Ordering::SeqCst));
    assert_eq!(bench.adds(), NONE);
    assert_eq!(alarm(&bench).await, Some(Alarm::DatabaseLost), "a page says so");
    unlock(lock).await;
    bench.look_at(94_800).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f14_after_a_failed_sync_the_process_ends_and_nothing_was_sent() {
    let disk = Failing::new(false);
    let mut bench = on_a_failing_disk(&disk).await;
    let lock = lock(&bench).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    assert_eq!(disk.given_up.load(Ordering::SeqCst), disk.writes.load(Ordering::SeqCst), "each is the process's end");
    unlock(lock).await;
}

//! Intents that are written while the exchange is still being read, and what becomes of them.

use crate::bench::{Bench, policy, sqlite};
use domain::{AccountId, ActionState, LedgerOutcome, Millis, Reason, Sats};
use std::time::Duration;
use tokio::time::Instant;

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];

/// A look that goes by nothing older; the next one may foresee what it will want.
async fn calm() -> Bench {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.pass(Millis::from_secs(3));
    bench.look_at(97_000).await;
    bench
}

async fn states(bench: &Bench) -> Vec<ActionState> {
    let actions = bench.store.list_actions(bench.account, 100).await.unwrap();
    actions.into_iter().map(|action| action.state).collect()
}

#[tokio::test]
async fn what_was_foreseen_is_written_once_and_sent_once() {
    let mut bench = calm().await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
    assert_eq!(states(&bench).await, [ActionState::Proved]);
    let acted = bench.reasons(LedgerOutcome::Acted).await;
    let told = bench.store.list_actions(bench.account, 1).await.unwrap()[0].intent.id;
    assert!(matches!(acted[..], [Reason::MarginAdded { action, .. }] if action == told), "{acted:?}");
}

#[tokio::test]
async fn an_intent_is_on_disk_before_the_exchange_has_answered() {
    let mut bench = calm().await;
    let (url, account) = (sqlite(&bench.folder), bench.account);
    let (tell, told) = std::sync::mpsc::channel();
    bench.between.before_reading(Box::new(move || {
        let elsewhere = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tell.send(runtime.block_on(is_written_soon(&url, account))).unwrap();
        };
        std::thread::spawn(elsewhere).join().unwrap();
    }));
    bench.look_at(95_000).await;
    assert!(told.recv().unwrap());
}

#[tokio::test]
async fn f25_what_was_foreseen_is_taken_back_where_margin_was_added_by_hand_meanwhile() {
    let mut bench = calm().await;
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(70_000)).unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), [70_000], "nothing is sent on what was seen before");
    assert_eq!(states(&bench).await, [ActionState::Refuted]);
    bench.look_at(94_900).await;
    assert_eq!(bench.adds(), [70_000]);
}

#[tokio::test]
async fn f25_what_was_foreseen_too_large_is_decided_afresh_in_the_next_look() {
    let mut bench = calm().await;
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(1_000)).unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), [1_000]);
    assert!(is_called(&bench.guard.wake()).await, "the next look comes at once");
    bench.guard.look_again().await;
    let [1_000, added] = bench.adds()[..] else { panic!("{:?}", bench.adds()) };
    assert!(0 < added);
    assert_eq!(states(&bench).await, [ActionState::Proved, ActionState::Refuted]);
    let spent: i64 = bench.store.list_spending(bench.account).await.unwrap().iter().map(|row| row.added.get()).sum();
    assert_eq!(spent, added, "what was taken back was not spent");
}

/// Seen by another program.
async fn is_written_soon(url: &str, account: AccountId) -> bool {
    let store = store::open(url).await.unwrap();
    let patience = Instant::now() + Duration::from_secs(10);
    while Instant::now() < patience {
        if !store.list_open_actions(account).await.unwrap().is_empty() {
            return true;
        }
    }
    false
}

async fn is_called(wake: &tokio::sync::Notify) -> bool {
    let long = Duration::from_millis(200);
    tokio::time::timeout(long, wake.notified()).await.is_ok()
}

#[tokio::test]
async fn f06_what_was_foreseen_blocks_nothing_where_the_exchange_then_fails() {
    let mut bench = calm().await;
    bench.between.go_down(true);
    bench.look_at(95_000).await;
    assert_eq!(states(&bench).await, [ActionState::Refuted]);
    bench.between.go_down(false);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn what_was_foreseen_of_a_position_that_is_gone_is_taken_back() {
    let mut bench = calm().await;
    bench.venue.lock().close(bench.account, bench.position).unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    assert_eq!(states(&bench).await, [ActionState::Refuted]);
}

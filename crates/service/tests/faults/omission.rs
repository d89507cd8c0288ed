//! F-21 and F-22: a list that leaves out what still runs, or does not yet name what has just begun.

use crate::bench::{Bench, open, policy, price};
use domain::{LedgerEntry, Millis, Reason, Tick};
use service::Clock;

const PLENTY: i64 = 1_000_000;

/// A price at which the guard must act.
fn at_the_trigger(bench: &Bench) -> Tick {
    Tick::of(bench.clock.now(), price(95_000))
}

#[tokio::test]
async fn f21_a_position_that_one_list_leaves_out_is_saved_in_the_same_look() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(98_000).await;
    bench.between.omit(1);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f21_a_position_that_no_list_names_keeps_its_trigger_and_is_looked_for_again_soon() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(98_000).await;
    assert!(!bench.desk.triggers().hits(&at_the_trigger(&bench)).is_empty());
    bench.between.omit(2);
    bench.pass(Millis::SECOND);
    let pace = bench.guard.look_again().await;
    assert!(pace <= Millis::SECOND, "it is looked for again in {pace:?}");
    assert!(!bench.desk.triggers().hits(&at_the_trigger(&bench)).is_empty(), "a fall would call nobody");
    let shown = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(shown.positions.len(), 1, "what was not proven closed is still shown");
    let closed =
        |reason: &Reason| matches!(reason, Reason::PositionClosedElsewhere { .. } | Reason::PositionLiquidated { .. });
    assert!(!bench.ledger().await.iter().any(|entry| closed(&entry.reason)));
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f21_a_position_that_cannot_be_found_does_not_keep_the_others_from_being_saved() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let second = open(&*bench.between).await;
    bench.look_at(98_000).await;
    bench.venue.lock().close(bench.account, second).unwrap();
    bench.between.fail_closed(true);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "the first position is saved though the fate of the second is unknown");
}

#[tokio::test]
async fn f22_a_position_one_second_old_that_no_list_names_any_more_is_not_taken_for_closed() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let young = open(&*bench.between).await;
    bench.look_at(98_000).await;
    bench.between.omit(4);
    bench.look_at(98_000).await;
    bench.look_at(98_000).await;
    let ended = |entry: &&LedgerEntry| entry.position == Some(young) && is_end(&entry.reason);
    assert_eq!(bench.ledger().await.iter().filter(ended).count(), 0);
    bench.look_at(95_000).await;
    let saved =
        |entry: &&LedgerEntry| entry.position == Some(young) && matches!(entry.reason, Reason::MarginAdded { .. });
    assert_eq!(bench.ledger().await.iter().filter(saved).count(), 1);
}

#[tokio::test]
async fn f22_a_position_that_the_list_names_late_is_guarded_from_then_on_without_a_false_end() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.between.omit(2);
    let young = open(&*bench.between).await;
    bench.look_at(98_000).await;
    assert!(!bench.ledger().await.iter().any(|entry| entry.position == Some(young)), "nothing is known of it yet");
    bench.look_at(95_000).await;
    let told: Vec<_> = bench.ledger().await.into_iter().filter(|entry| entry.position == Some(young)).collect();
    assert!(matches!(told[0].reason, Reason::PositionAdopted { .. }), "{told:?}");
    assert!(told.iter().any(|entry| matches!(entry.reason, Reason::MarginAdded { .. })), "{told:?}");
    assert!(!told.iter().any(|entry| is_end(&entry.reason)));
}

fn is_end(reason: &Reason) -> bool {
    matches!(reason, Reason::PositionClosedElsewhere { .. } | Reason::PositionLiquidated { .. })
}

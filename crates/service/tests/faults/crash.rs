//! Many positions in danger at once, and an exchange that takes its time.

use crate::bench::{self, Bench, policy};
use crate::between::Plan;
use domain::{Millis, PositionId, Reason};
use std::sync::Arc;

const PLENTY: i64 = 1_000_000;

/// Three longs at 10x, all past their trigger at 95,000.
async fn three() -> Bench {
    let mut bench = Bench::new(policy(), PLENTY).await;
    for _ in 0..2 {
        bench::open(&*bench.between).await;
    }
    bench.look_at(100_000).await;
    bench
}

fn saved(bench: &Bench) -> Vec<PositionId> {
    let venue = bench.venue.lock();
    let adds = venue.audit().iter().filter(|call| call.kind == paper::CallKind::AddMargin);
    adds.map(|call| call.position).collect()
}

#[tokio::test]
async fn a_look_over_many_that_takes_long_is_over_and_the_next_comes_at_once() {
    let mut bench = three().await;
    let clock = Arc::clone(&bench.clock);
    bench.plan(Plan::Before(Box::new(move || clock.pass(Millis::from_secs(4)))));
    bench.look_at(95_000).await;
    assert_eq!(saved(&bench).len(), 1, "what was read is too old to go on by");
    let wake = bench.guard.wake();
    assert!(std::pin::pin!(wake.notified()).enable(), "the others are not left waiting");
    bench.move_price(95_000);
    bench.guard.look_again().await;
    assert_eq!(saved(&bench).len(), 3);
}

#[tokio::test]
async fn each_of_many_is_decided_on_the_newest_price() {
    let mut bench = three().await;
    bench.plan(Plan::Before(bench.later_price(94_500)));
    bench.look_at(95_000).await;
    let adds = bench.adds();
    assert_eq!(adds.len(), 3);
    assert!(adds[0] < adds[1] && adds[1] == adds[2], "the price fell while the first was under way: {adds:?}");
    let told = bench.reasons(domain::LedgerOutcome::Acted).await;
    assert!(told.iter().all(|reason| matches!(reason, Reason::MarginAdded { capped_by: None, .. })), "{told:?}");
}

#[tokio::test]
async fn what_a_crash_has_ended_is_looked_up_in_one_read() {
    let mut bench = three().await;
    bench.arm(policy(), domain::GuardState::Off, 1).await;
    bench.look_at(100_000).await;
    let before = bench.between.closed_reads();
    bench.look_at(90_000).await;
    let ended = bench.reasons(domain::LedgerOutcome::Alarmed).await;
    assert_eq!(ended.iter().filter(|it| matches!(it, Reason::PositionLiquidated { .. })).count(), 3, "{ended:?}");
    assert_eq!(bench.between.closed_reads() - before, 1);
}

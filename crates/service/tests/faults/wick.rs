//! One price that nobody else has seen.

use crate::bench::{Bench, policy};
use domain::{LedgerOutcome, Millis, Reason};

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];

#[tokio::test]
async fn f19_a_wick_of_one_tick_moves_no_money() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.pass(Millis::SECOND);
    bench.whisper(93_000);
    bench.guard.look_again().await;
    assert_eq!(bench.adds(), NONE);
    let held = bench.reasons(LedgerOutcome::Held).await;
    assert!(matches!(held.last(), Some(Reason::AwaitingConfirmation { .. })), "{held:?}");
    bench.guard.look_again().await;
    assert_eq!(bench.adds(), NONE, "the same tick is no second witness");
    bench.look_at(99_900).await;
    assert_eq!(bench.adds(), NONE);
}

#[tokio::test]
async fn f19_a_second_tick_confirms_a_jump() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    for dollars in [93_000, 92_900] {
        bench.pass(Millis::new(300));
        bench.whisper(dollars);
        bench.guard.look_again().await;
    }
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f19_an_exchange_that_says_so_itself_confirms_a_jump_at_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(93_000).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f19_a_tick_beyond_our_liquidation_waits_for_nobody() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.pass(Millis::SECOND);
    bench.whisper(13_000);
    bench.guard.look_again().await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f19_another_market_confirms_a_jump_at_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let other = bench.other_market(93_500);
    bench.witness(other).await;
    bench.pass(Millis::SECOND);
    bench.whisper(93_000);
    bench.guard.look_again().await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f19_another_market_that_disagrees_or_is_late_confirms_nothing() {
    for (dollars, late) in [(99_000, Millis::ZERO), (93_000, Millis::from_secs(11))] {
        let mut bench = Bench::new(policy(), PLENTY).await;
        let other = bench.other_market(dollars);
        bench.witness(other).await;
        bench.pass(Millis::SECOND);
        bench.pass(late);
        bench.whisper(93_000);
        bench.guard.look_again().await;
        assert_eq!(bench.adds(), NONE, "{dollars}");
        let held = bench.reasons(LedgerOutcome::Held).await;
        assert!(matches!(held.last(), Some(Reason::AwaitingConfirmation { .. })), "{held:?}");
    }
}

#[tokio::test]
async fn another_market_alone_is_never_a_reason_to_act() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let other = bench.other_market(91_000);
    bench.witness(other.clone()).await;
    bench.look_at(99_900).await;
    bench.look_at(99_800).await;
    assert_eq!(bench.adds(), NONE);
}

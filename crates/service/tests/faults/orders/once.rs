//! However often a page asks, it is done once.

use super::stage::{Hands, key, long, order};
use crate::bench::{Bench, policy};
use domain::action::Change;
use domain::{LedgerOutcome, OrderFate, Sats};
use std::pin::pin;

const PLENTY: i64 = 1_000_000;

#[tokio::test]
async fn f10_a_double_click_opens_one_position() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let asked = order(1, None, Change::Open { order: long(1_000) });
    let (one, other) = {
        let Bench { desk, guard, user, account, .. } = &mut bench;
        let wake = guard.wake();
        let click = || desk.carry_out(*user, *account, asked);
        let mut clicks = pin!(async { tokio::join!(click(), click()) });
        loop {
            tokio::select! {
                biased;
                answers = &mut clicks => break answers,
                () = wake.notified() => { guard.look_again().await; }
            }
        }
    };
    assert_eq!((one.unwrap(), other.unwrap()), (OrderFate::Done, OrderFate::Done));
    assert_eq!((bench.between.calls(), bench.venue.lock().running(bench.account).len()), (1, 2));
    assert_eq!(bench.reasons(LedgerOutcome::Acted).await.len(), 1);
}

#[tokio::test]
async fn f10_a_form_that_is_sent_again_later_and_after_a_restart_is_answered_and_not_repeated() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let asked = order(1, Some(bench.position), Change::AddMargin { amount: Sats::new(7_000) });
    assert_eq!(bench.ask(asked).await, OrderFate::Done);
    assert_eq!(bench.ask(asked).await, OrderFate::Done);
    bench.restart().await;
    bench.move_price(100_000);
    assert_eq!(bench.ask(asked).await, OrderFate::Done);
    assert_eq!(bench.adds(), [7_000]);
    assert_eq!(bench.desk.find_fate(bench.user, bench.account, key(1)).await.unwrap(), Some(OrderFate::Done));
    assert_eq!(bench.desk.find_fate(bench.user, bench.account, key(2)).await.unwrap(), None);
}

#[tokio::test]
async fn f10_a_key_that_was_spent_stands_for_nothing_else() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let first = order(1, Some(bench.position), Change::AddMargin { amount: Sats::new(7_000) });
    assert_eq!(bench.ask(first).await, OrderFate::Done);
    let other = order(1, Some(bench.position), Change::AddMargin { amount: Sats::new(8_000) });
    let answer = bench.desk.carry_out(bench.user, bench.account, other).await;
    assert!(matches!(answer, Err(service::OrderError::KeyIsSpent)), "{answer:?}");
    assert_eq!(bench.adds(), [7_000]);
}

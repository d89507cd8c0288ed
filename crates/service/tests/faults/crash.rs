//! Many positions in danger at once, and an exchange that takes its time.

use crate::bench::{self, Bench, policy, price};
use crate::between::Plan;
use crate::orders::stage::order;
use domain::action::Change;
use domain::{Millis, PositionId, Reason, Sats};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

const PLENTY: i64 = 1_000_000;
/// Long enough for a call that may go out, however busy the machine is.
const WAIT: Duration = Duration::from_secs(20);

/// Three longs at 10x, all past their trigger at 95,000.
async fn three() -> Bench {
    three_with(PLENTY).await
}

async fn three_with(free: i64) -> Bench {
    let mut bench = Bench::new(policy(), free).await;
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
    let priced = bench.later_price(95_000);
    bench.plan(Plan::Before(Box::new(move || {
        clock.pass(Millis::from_secs(20));
        priced();
    })));
    bench.look_at(95_000).await;
    assert_eq!(saved(&bench).len(), 1, "what was read is too old to go on by");
    let wake = bench.guard.wake();
    assert!(std::pin::pin!(wake.notified()).enable(), "the others are not left waiting");
    bench.move_price(95_000);
    bench.guard.look_again().await;
    assert_eq!(saved(&bench).len(), 3);
}

#[tokio::test]
async fn an_answer_that_does_not_come_keeps_nobody_else_waiting() {
    let mut bench = three().await;
    bench.between.overlap();
    let (answer, released) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    bench.plan(Plan::Hold(Arc::clone(&answer)));
    bench.plan(Plan::Before(Box::new(|| {})));
    let last = Arc::clone(&released);
    bench.plan(Plan::Before(Box::new(move || last.notify_one())));
    {
        let mut look = pin!(bench.look_at(95_000));
        tokio::select! {
            () = &mut look => panic!("the first answer is still held"),
            () = released.notified() => {}
            () = tokio::time::sleep(WAIT) => panic!("the others wait for the first one's answer"),
        }
        answer.notify_one();
        look.await;
    }
    assert_eq!(saved(&bench).len(), 3);
    let told = bench.reasons(domain::LedgerOutcome::Acted).await;
    assert_eq!(told.iter().filter(|it| matches!(it, Reason::MarginAdded { .. })).count(), 3, "{told:?}");
}

#[tokio::test]
async fn calls_on_their_way_are_taken_from_what_the_wallet_holds() {
    let mut plenty = three().await;
    let left = plenty.venue.lock().wallet(plenty.account).unwrap().balance.get();
    plenty.look_at(95_000).await;
    let enough_for_two_and_a_half = plenty.adds()[0] * 5 / 2;
    let mut bench = three_with(PLENTY - left + enough_for_two_and_a_half).await;
    bench.between.overlap();
    let answers = Arc::new(Notify::new());
    bench.plan(Plan::Hold(Arc::clone(&answers)));
    bench.plan(Plan::Hold(Arc::clone(&answers)));
    let third = Arc::clone(&answers);
    bench.plan(Plan::Before(Box::new(move || third.notify_waiters())));
    tokio::time::timeout(WAIT, bench.look_at(95_000)).await.expect("all three are on their way at once");
    let adds = bench.adds();
    assert_eq!(adds.len(), 3);
    assert_eq!(adds.iter().sum::<i64>(), enough_for_two_and_a_half, "the third gets what the others leave: {adds:?}");
}

#[tokio::test]
async fn a_round_that_outlasts_its_lease_makes_it_longer() {
    let mut bench = three().await;
    let (clock, priced) = (Arc::clone(&bench.clock), bench.later_price(95_000));
    bench.plan(Plan::Before(Box::new(move || {
        clock.pass(Millis::from_secs(11));
        priced();
    })));
    bench.look_at(95_000).await;
    assert_eq!(saved(&bench).len(), 3);
    assert_eq!(bench.reasons(domain::LedgerOutcome::Alarmed).await, []);
}

#[tokio::test]
async fn nothing_more_is_decided_once_the_price_has_grown_old() {
    let mut bench = three().await;
    let clock = Arc::clone(&bench.clock);
    bench.plan(Plan::Before(Box::new(move || clock.pass(Millis::from_secs(6)))));
    bench.look_at(95_000).await;
    assert_eq!(saved(&bench).len(), 1);
}

#[tokio::test]
async fn what_a_price_has_crossed_comes_after_the_living_though_the_price_is_back() {
    let mut bench = three().await;
    let fourth = bench::open(&*bench.between).await;
    let running = bench.venue.lock().running(bench.account);
    // The first two are nearer to their end than the others.
    for (trade, less) in running.iter().filter(|trade| trade.position.id != fourth).zip([20_000, 10_000]) {
        bench.venue.lock().cash_in(bench.account, trade.position.id, Sats::new(less)).unwrap();
    }
    bench.look_at(100_000).await;
    let dead = bench.venue.lock().running(bench.account).iter().map(|trade| trade.position.liquidation).max().unwrap();
    bench.plan(Plan::Before(bench.later_price(dead.ticks() / 2 - 600)));
    bench.plan(Plan::Before(bench.later_price(95_000)));
    bench.plan(Plan::Before(Box::new(|| {})));
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    assert_eq!(saved(&bench).len(), 2, "who lives is called for before who died in the dip");
}

#[tokio::test]
async fn what_a_person_asks_for_does_not_wait_for_the_whole_round() {
    let mut bench = three().await;
    bench.pass(Millis::SECOND);
    bench.move_price(95_000);
    let change = Change::StopLoss { price: Some(price(90_000)) };
    {
        let asking = bench.desk.carry_out(bench.user, bench.account, order(1, Some(bench.position), change));
        let (mut look, mut asking) = (pin!(bench.guard.look_again()), pin!(asking));
        tokio::select! {
            biased;
            _ = &mut look => {}
            fate = &mut asking => panic!("it comes too late for this look: {fate:?}"),
        }
    }
    assert_eq!(saved(&bench).len(), 1, "the next look sees to it, and to the others");
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

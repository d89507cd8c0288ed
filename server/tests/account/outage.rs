//! F-06 to F-08: an exchange that fails, hangs, drifts, leaves things out or asks to slow down.

use crate::stage::{ENDANGERED, Stage};
use domain::Reason;
use domain::live::Alarm;
use paper::http::{Fault, Hold, Trouble};
use std::time::Duration;
use tokio::time::Instant;

const ADD: &str = "POST /v3/futures/isolated/trade/add-margin";
const READS: [&str; 2] = ["/v3/account", "/v3/futures/isolated/trades/running"];

async fn check_blind_and_kept(stage: &Stage) {
    let shown = stage.shown().await;
    assert_eq!(shown.alarm, Some(Alarm::ExchangeUnreadable));
    assert_eq!(shown.positions.len(), 1, "what cannot be read is not gone");
    check_nothing_ended(stage).await;
}

async fn check_nothing_ended(stage: &Stage) {
    let is_end =
        |reason: &Reason| matches!(reason, Reason::PositionClosedElsewhere { .. } | Reason::PositionLiquidated { .. });
    assert!(!stage.reasons().await.iter().any(is_end));
}

/// Looks again and again for so long; how many signed reads went out.
async fn reads_within(stage: &mut Stage, time: Duration) -> usize {
    let (before, begin) = (stage.requests().len(), Instant::now());
    while begin.elapsed() < time {
        stage.look_at(ENDANGERED).await;
        tokio::task::yield_now().await;
    }
    stage.requests()[before..].iter().filter(|request| request.starts_with("GET")).count()
}

/// Looks until the guard has acted.
async fn check_guards_again(stage: &mut Stage) {
    let begin = Instant::now();
    while stage.adds() == 0 {
        assert!(begin.elapsed() < Duration::from_secs(10), "it never came back");
        stage.look_at(ENDANGERED).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn f06_an_exchange_that_fails_is_left_alone_after_three_failures_and_a_person_is_told() {
    let mut stage = Stage::guarded().await;
    stage.suffer(Trouble::ServerErrors, None);
    let (before, begin) = (stage.requests().len(), Instant::now());
    stage.look_at(ENDANGERED).await;
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let tried = stage.requests().len() - before;
    assert!(tried <= 4, "three failures, and what went out beside the third: {tried}");
    check_blind_and_kept(&stage).await;
    let alarmed = |reason: &&Reason| matches!(reason, Reason::ExchangeUnreadable { .. });
    let probes = reads_within(&mut stage, Duration::from_millis(2_500)).await;
    assert!((1..=3).contains(&probes), "{probes} in two and a half seconds");
    assert_eq!(stage.reasons().await.iter().filter(alarmed).count(), 1, "said once");
    stage.recover();
    check_guards_again(&mut stage).await;
    assert_eq!(stage.shown().await.alarm, None);
}

#[tokio::test]
async fn f06_an_exchange_that_does_not_answer_at_all_is_told_within_ten_seconds() {
    let mut stage = Stage::guarded().await;
    for path in READS {
        stage.faults.plan_times(10, "GET", path, Fault::HoldRequest(Hold::default()));
    }
    let begin = Instant::now();
    stage.look_at(ENDANGERED).await;
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    check_blind_and_kept(&stage).await;
}

#[tokio::test]
async fn f06_lists_that_come_empty_end_nothing() {
    let mut stage = Stage::guarded().await;
    stage.suffer(Trouble::IncompleteLists, None);
    for _ in 0..5 {
        stage.look_at(100_000).await;
    }
    assert_eq!(stage.shown().await.positions.len(), 1);
    check_nothing_ended(&stage).await;
    stage.recover();
    stage.look_at(ENDANGERED).await;
    assert_eq!(stage.adds(), 1);
}

#[tokio::test]
async fn f07_lists_of_another_shape_end_nothing_and_stop_nothing() {
    let mut stage = Stage::guarded().await;
    for choice in 0..24 {
        READS.iter().for_each(|path| stage.faults.plan("GET", path, Fault::DriftJson(choice)));
        stage.look_at(100_000).await;
        assert_eq!(stage.shown().await.positions.len(), 1, "{choice}");
    }
    check_nothing_ended(&stage).await;
    check_guards_again(&mut stage).await;
}

#[tokio::test]
async fn f07_a_position_that_cannot_be_read_is_told_and_does_not_keep_the_other_from_being_saved() {
    let mut stage = Stage::guarded().await;
    stage.open_position();
    stage.look_at(100_000).await;
    // One of the two rows has a side that nobody knows.
    stage.faults.plan_times(30, "GET", READS[1], Fault::DriftJson(5));
    for _ in 0..8 {
        stage.look_at(ENDANGERED).await;
    }
    assert_eq!(stage.adds(), 1, "the one that can be read is saved, once");
    check_nothing_ended(&stage).await;
    let lost = |reason: &&Reason| matches!(reason, Reason::PositionLost { .. });
    assert_eq!(stage.reasons().await.iter().filter(lost).count(), 1, "said once");
    assert_eq!(stage.shown().await.alarm, Some(Alarm::PositionLost));
    while 0 < stage.faults.pending() {
        stage.look_at(ENDANGERED).await;
    }
    stage.look_at(ENDANGERED).await;
    assert_eq!(stage.adds(), 2, "and the other as soon as it can");
    assert_eq!(stage.shown().await.alarm, None);
}

#[tokio::test]
async fn f08_an_exchange_that_asks_to_slow_down_is_probed_once_a_second_and_the_top_up_goes_first() {
    let mut stage = Stage::guarded().await;
    stage.suffer(Trouble::TooManyRequests(None), Some("GET /v3"));
    stage.look_at(ENDANGERED).await;
    let probes = reads_within(&mut stage, Duration::from_secs(3)).await;
    assert!((1..=4).contains(&probes), "{probes} in three seconds");
    check_blind_and_kept(&stage).await;
    stage.recover();
    check_guards_again(&mut stage).await;
    assert_eq!(stage.requests().iter().filter(|request| *request == ADD).count(), 1);
}

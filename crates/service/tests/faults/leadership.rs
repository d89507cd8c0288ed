//! Two programs on one database: one guards, the other watches.

use crate::bench::{Bench, policy};
use crate::between::Plan;
use domain::live::Alarm;
use domain::{ActionState, Millis, Reason};

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];

#[tokio::test]
async fn f51_a_second_process_only_watches_and_says_so() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (desk, mut second) = bench.second_process("0.1.0").await;
    bench.move_price(95_000);
    second.look_again().await;
    assert_eq!(bench.adds(), NONE, "it does not act");
    let seen = desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::GuardedElsewhere));
    assert_eq!(desk.count_guarded_elsewhere(), 1);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "the first one does");
    assert_eq!(bench.desk.count_guarded_elsewhere(), 0);
}

#[tokio::test]
async fn f51_a_process_that_stood_still_for_longer_than_its_lease_comes_back_and_only_watches() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (_, mut second) = bench.second_process("0.1.0").await;
    second.look_again().await;
    bench.pass(Millis::from_secs(60));
    bench.move_price(95_000);
    second.look_again().await;
    assert_eq!(bench.adds().len(), 1, "the second took over");
    bench.move_price(90_000);
    bench.guard.look_again().await;
    assert_eq!(bench.adds().len(), 1, "the first came back to an account that is another's");
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::GuardedElsewhere));
    second.look_again().await;
    assert_eq!(bench.adds().len(), 2, "and the second goes on");
}

/// The worst moment: the lease is lost while the look is under way.
#[tokio::test]
async fn f51_a_leader_that_loses_its_lease_within_a_look_sends_nothing() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (_, mut second) = bench.second_process("0.1.0").await;
    let (clock, priced) = (bench.clock.clone(), bench.later_price(95_000));
    bench.between.before_reading(Box::new(move || {
        clock.pass(Millis::from_secs(60));
        priced();
    }));
    bench.pass(Millis::SECOND);
    bench.move_price(95_000);
    bench.guard.look_again().await;
    assert_eq!(bench.adds(), NONE, "its lease had run out, though nobody had taken it");
    let alarmed = bench.reasons(domain::LedgerOutcome::Alarmed).await;
    assert!(alarmed.contains(&Reason::LeaseLost), "{alarmed:?}");
    bench.move_price(95_000);
    second.look_again().await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f51_a_new_owner_waits_out_the_signatures_of_the_old_one() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    let (_, mut second) = bench.second_process("0.1.0").await;
    bench.pass(Millis::from_secs(34));
    for _ in 0..36 {
        bench.pass(Millis::SECOND);
        bench.move_price(95_000);
        second.look_again().await;
        let open = bench.store.list_open_actions(bench.account).await.unwrap();
        assert!(matches!(open[..], [action] if action.state == ActionState::Unknown), "{open:?}");
    }
    for _ in 0..3 {
        bench.pass(Millis::SECOND);
        bench.move_price(95_000);
        second.look_again().await;
    }
    assert_eq!(bench.adds().len(), 1, "refuted after the window, and made once");
}

#[tokio::test]
async fn f51_an_owner_that_ended_in_peace_is_followed_at_once() {
    let bench = Bench::new(policy(), PLENTY).await;
    let (_, mut second) = bench.second_process("0.1.0").await;
    bench.desk.retire().await.unwrap();
    bench.pass(Millis::new(1));
    bench.move_price(95_000);
    second.look_again().await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f60_programs_of_different_releases_refuse_to_act() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (desk, mut second) = bench.second_process("0.2.0").await;
    second.look_again().await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    let alarmed = bench.reasons(domain::LedgerOutcome::Alarmed).await;
    let differ = Reason::ReleasesDiffer { ours: "0.1.0".to_owned(), theirs: "0.2.0".to_owned() };
    assert_eq!(alarmed, [differ]);
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::ReleasesDiffer));
    desk.retire().await.unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "only one is left");
}

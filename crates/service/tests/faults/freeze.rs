//! F-04: books that do not add up freeze their position, until a person has looked.

use crate::bench::{Bench, policy};
use crate::between::Plan;
use domain::live::Alarm;
use domain::{LedgerOutcome, Reason, Sats};
use store::FrozenAction;

const PLENTY: i64 = 1_000_000;

#[tokio::test]
async fn f04_margin_that_nothing_explains_the_loss_of_freezes_the_position_until_it_is_thawed() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(98_000).await;
    bench.between.embezzle(Sats::new(5_000));
    bench.look_at(97_900).await;
    for _ in 0..9 {
        bench.look_at(97_800).await;
    }
    assert_eq!(bench.reasons(LedgerOutcome::Alarmed).await, [], "looks may meet an exchange that is just settling");
    bench.look_at(97_800).await;
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert!(matches!(alarmed[..], [Reason::MarginMissing { .. }]), "{alarmed:?}");
    let snapshot = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(snapshot.alarm, Some(Alarm::PositionFrozen));
    bench.look_at(95_500).await;
    assert_eq!(bench.adds(), [0; 0]);
    let refused = bench.reasons(LedgerOutcome::Refused).await;
    assert!(matches!(refused[..], [Reason::HeldByFreeze]), "that nothing is done is said: {refused:?}");
    bench.desk.thaw(bench.account, bench.position, FrozenAction::Happened).await.unwrap();
    bench.look_at(95_500).await;
    assert_eq!(bench.adds().len(), 1, "a person has looked");
    let snapshot = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(snapshot.alarm, None);
}

#[tokio::test]
async fn f04_a_frozen_action_ends_as_the_person_says_and_the_guard_goes_on() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(12_345)).unwrap();
    for _ in 0..40 {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds(), [12_345]);
    bench.desk.thaw(bench.account, bench.position, FrozenAction::DidNotHappen).await.unwrap();
    bench.look_at(94_000).await;
    assert_eq!(bench.adds().len(), 2, "what the target lacks is added");
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    assert!(noted.contains(&Reason::Thawed), "{noted:?}");
}

#[tokio::test]
async fn margin_cashed_in_by_hand_freezes_nothing() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(98_000).await;
    bench.venue.lock().cash_in(bench.account, bench.position, Sats::new(5_000)).unwrap();
    bench.look_at(97_900).await;
    bench.look_at(97_800).await;
    assert_eq!(bench.reasons(LedgerOutcome::Alarmed).await, []);
}

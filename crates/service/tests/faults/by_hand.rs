//! F-04 and F-25: another hand moves margin, or ends the position, while a top-up is on its way.

use crate::bench::{Bench, policy};
use crate::between::Plan;
use domain::live::Alarm;
use domain::{ActionState, LedgerOutcome, Millis, Reason, Sats};

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];
/// From the bench's beginning to ten seconds before the funding of 16:00.
const UNTIL_FUNDING: Millis = Millis::new(6 * 3_600_000 - 10_000);
/// Long enough for a signature to expire, in looks of a second.
const FENCE: usize = 40;

/// Does something to the position before the next top-up arrives.
fn meanwhile(bench: &Bench, hand: impl FnOnce(&mut paper::Venue) + Send + 'static) {
    let venue = bench.venue.clone();
    bench.plan(Plan::Before(Box::new(move || hand(&mut venue.lock()))));
}

async fn distance(bench: &Bench) -> i64 {
    let shown = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    shown.closest.unwrap().distance.get()
}

async fn states(bench: &Bench) -> Vec<ActionState> {
    let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
    actions.iter().map(|action| action.state).collect()
}

#[tokio::test]
async fn f25_margin_cashed_in_on_the_way_is_made_up_for_and_no_more() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (account, position) = (bench.account, bench.position);
    meanwhile(&bench, move |venue| _ = venue.cash_in(account, position, Sats::new(20_000)).unwrap());
    bench.look_at(95_000).await;
    assert_eq!(states(&bench).await, [ActionState::Proved], "the books tell the top-up from the cash-in");
    for _ in 0..5 {
        bench.look_at(95_000).await;
    }
    let distance = distance(&bench).await;
    assert!((500..1_010).contains(&distance), "{distance} bps");
    let margin = bench.margin().unwrap();
    assert_eq!(
        bench.adds().iter().sum::<i64>(),
        margin - 100_000 + 20_000,
        "what is there was added, less what was taken"
    );
}

#[tokio::test]
async fn f25_margin_cashed_in_after_a_top_up_is_added_anew_to_the_same_target() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(95_000).await;
    let (target, added) = (bench.margin().unwrap(), bench.adds()[0]);
    bench.venue.lock().cash_in(bench.account, bench.position, Sats::new(added)).unwrap();
    bench.look_at(95_000).await;
    let restored = bench.margin().unwrap();
    assert_eq!(bench.adds().len(), 2);
    assert!((restored - target).abs() <= 10, "{restored} is the target {target}, not above it");
}

#[tokio::test]
async fn f25_a_position_closed_by_its_owner_on_the_way_gets_nothing() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (account, position) = (bench.account, bench.position);
    meanwhile(&bench, move |venue| _ = venue.close(account, position).unwrap());
    bench.look_at(95_000).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    assert_eq!(states(&bench).await, [ActionState::Refuted]);
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    assert!(noted.iter().any(|reason| matches!(reason, Reason::PositionClosedElsewhere { .. })), "{noted:?}");
}

#[tokio::test]
async fn f25_margin_added_by_hand_on_the_way_is_never_joined_by_another_top_up() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (account, position) = (bench.account, bench.position);
    meanwhile(&bench, move |venue| _ = venue.add_margin(account, position, Sats::new(30_000)).unwrap());
    for _ in 0..FENCE {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 2, "one by hand, one by the guard");
    assert_eq!(states(&bench).await, [ActionState::Frozen], "which was whose can't be told, and a person looks");
}

#[tokio::test]
async fn f04_a_lost_answer_with_funding_and_a_cash_in_at_once_is_attributed_and_not_repeated() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.pass(UNTIL_FUNDING);
    bench.plan(Plan::LoseReply);
    bench.look_at(95_000).await;
    bench.venue.lock().cash_in(bench.account, bench.position, Sats::new(7_000)).unwrap();
    bench.pass(Millis::from_secs(10));
    bench.look_at(95_000).await;
    let funding = bench.venue.lock().running(bench.account)[0].position.funding;
    assert_ne!(funding, Sats::ZERO, "the settlement took its part");
    assert_eq!(states(&bench).await.last(), Some(&ActionState::Proved));
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    assert!(noted.iter().any(|reason| matches!(reason, Reason::LookedUp { happened: true, .. })), "{noted:?}");
    for _ in 0..FENCE {
        bench.look_at(95_000).await;
    }
    let (margin, added) = (bench.margin().unwrap(), bench.adds().iter().sum::<i64>());
    assert_eq!(margin, 100_000 + added - 7_000 - funding.get(), "every sat has its cause");
    assert!(distance(&bench).await < 1_010, "and none was added twice");
}

#[tokio::test]
async fn f04_a_lost_request_with_funding_and_a_cash_in_at_once_is_made_once_after_the_fence() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.pass(UNTIL_FUNDING);
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    bench.venue.lock().cash_in(bench.account, bench.position, Sats::new(7_000)).unwrap();
    bench.pass(Millis::from_secs(10));
    for _ in 0..15 {
        bench.look_at(95_000).await;
        assert_eq!(bench.adds(), NONE, "the first may still arrive");
    }
    for _ in 0..FENCE {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 1);
    assert_eq!(states(&bench).await, [ActionState::Proved, ActionState::Refuted]);
}

#[tokio::test]
async fn f04_a_lost_answer_with_funding_a_cash_in_and_a_top_up_by_hand_freezes_and_alarms() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.pass(UNTIL_FUNDING);
    bench.plan(Plan::LoseReply);
    bench.look_at(95_000).await;
    bench.venue.lock().cash_in(bench.account, bench.position, Sats::new(7_000)).unwrap();
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(12_345)).unwrap();
    bench.pass(Millis::from_secs(10));
    for _ in 0..2 * FENCE {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 2, "the guard's one, and the one by hand");
    assert_eq!(states(&bench).await, [ActionState::Frozen]);
    let shown = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(shown.alarm, Some(Alarm::PositionFrozen));
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert_eq!(alarmed.iter().filter(|reason| matches!(reason, Reason::BooksDisagree { .. })).count(), 1);
}

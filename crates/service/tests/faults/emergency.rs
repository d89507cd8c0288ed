//! Liquidation nearer than the proof: what is added beside a top-up of unknown fate, and never twice.

use crate::bench::{Bench, policy};
use crate::between::Plan;
use domain::action::{Action, Change};
use domain::ledger::Limit;
use domain::{ActionState, LedgerOutcome, Reason, Sats};

const PLENTY: i64 = 1_000_000;

/// A top-up whose request is lost, and then a fall to within one per cent of the liquidation.
async fn fall_while_unknown() -> (Bench, Action) {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    let unknown = bench.store.list_open_actions(bench.account).await.unwrap()[0];
    assert_eq!(bench.adds(), [0; 0]);
    for dollars in [94_000, 93_000, 92_000] {
        bench.look_at(dollars).await;
    }
    (bench, unknown)
}

fn amount(action: &Action) -> i64 {
    match action.intent.change {
        Change::AddMargin { amount } => amount.get(),
        _ => panic!("not a top-up"),
    }
}

/// Oldest first.
async fn states(bench: &Bench) -> Vec<ActionState> {
    let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
    actions.iter().rev().map(|action| action.state).collect()
}

#[tokio::test]
async fn f02_a_liquidation_nearer_than_the_proof_is_met_beside_the_unknown_top_up() {
    let (mut bench, unknown) = fall_while_unknown().await;
    let [added] = bench.adds()[..] else { panic!("one emergency: {:?}", bench.adds()) };
    assert_ne!(added, amount(&unknown));
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    let beside =
        |reason: &Reason| matches!(reason, Reason::AddedInEmergency { rides_on, .. } if *rides_on == unknown.intent.id);
    assert!(noted.iter().any(beside), "{noted:?}");
    for _ in 0..40 {
        bench.look_at(92_000).await;
    }
    assert_eq!(states(&bench).await[..2], [ActionState::Refuted, ActionState::Proved]);
    assert_eq!(bench.adds().len(), 2, "after the fence what was lost is made up for, once");
    let target = bench.margin().unwrap();
    assert_eq!(target, 100_000 + bench.adds().iter().sum::<i64>());
}

#[tokio::test]
async fn f03_an_unknown_top_up_that_arrives_after_the_emergency_leaves_the_target_and_no_more() {
    let (mut bench, unknown) = fall_while_unknown().await;
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(amount(&unknown))).unwrap();
    for _ in 0..40 {
        bench.look_at(92_000).await;
    }
    assert_eq!(states(&bench).await, [ActionState::Proved, ActionState::Proved]);
    assert_eq!(bench.adds().len(), 2);
    let snapshot = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    let distance = snapshot.closest.unwrap().distance.get();
    assert!((1_000..1_010).contains(&distance), "both together reach the target: {distance} bps");
}

#[tokio::test]
async fn f01_an_emergency_whose_reply_is_lost_is_looked_up_beside_the_other() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.plan(Plan::LoseReply);
    for dollars in [95_000, 92_000, 91_900] {
        bench.look_at(dollars).await;
    }
    assert_eq!(bench.adds().len(), 1);
    assert_eq!(states(&bench).await, [ActionState::Unknown, ActionState::Proved]);
}

#[tokio::test]
async fn at_most_one_emergency_is_open_and_none_while_liquidation_is_far() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.plan(Plan::LoseRequest);
    for dollars in [95_000, 94_000, 93_400] {
        bench.look_at(dollars).await;
    }
    assert_eq!(states(&bench).await, [ActionState::Unknown]);
    for dollars in [92_000, 91_800, 91_600, 91_500] {
        bench.look_at(dollars).await;
    }
    assert_eq!(states(&bench).await, [ActionState::Unknown, ActionState::Unknown]);
    assert_eq!(bench.adds(), [0; 0]);
}

#[tokio::test]
async fn f32_the_unknown_top_up_counts_as_spent_in_an_emergency() {
    let mut draft = policy();
    draft.limits.per_action = Sats::new(80_000);
    draft.limits.per_position = Sats::new(80_000);
    let mut bench = Bench::new(draft, PLENTY).await;
    bench.plan(Plan::LoseRequest);
    for dollars in [95_000, 92_500, 92_000, 91_500, 91_200] {
        bench.look_at(dollars).await;
    }
    let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
    assert_eq!(actions.iter().map(amount).sum::<i64>(), 80_000, "to the limit and no further: {actions:?}");
    let refused = bench.reasons(LedgerOutcome::Refused).await;
    assert!(matches!(refused[..], [Reason::LimitReached { limit: Limit::PerPosition, .. }]), "{refused:?}");
}

//! Several top-ups of which some fail, and a person who changes the rule while one is under way.

use crate::bench::{self, Bench, policy};
use crate::between::Plan;
use domain::{ActionState, GuardState, LedgerOutcome, PositionId, Reason};
use std::collections::HashMap;

const PLENTY: i64 = 1_000_000;

/// How often each position was topped up, as the exchange carried it out.
fn adds_of(bench: &Bench) -> HashMap<PositionId, usize> {
    let mut adds = HashMap::new();
    let venue = bench.venue.lock();
    for call in venue.audit().iter().filter(|call| call.kind == paper::CallKind::AddMargin) {
        *adds.entry(call.position).or_default() += 1;
    }
    adds
}

#[tokio::test]
async fn f24_of_several_top_ups_each_has_its_own_outcome_and_the_failed_one_is_made_up_for_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    for _ in 0..2 {
        bench::open(&*bench.between).await;
    }
    bench.look_at(100_000).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    assert_eq!(adds_of(&bench).len(), 2, "one failure keeps nobody else from being saved");
    let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
    let count = |state| actions.iter().filter(|action| action.state == state).count();
    assert_eq!((count(ActionState::Proved), count(ActionState::Unknown)), (2, 1), "{actions:?}");
    assert_eq!(bench.reasons(LedgerOutcome::Acted).await.len(), 2);
    for _ in 0..45 {
        bench.look_at(95_000).await;
    }
    let adds = adds_of(&bench);
    assert!(adds.len() == 3 && adds.values().all(|count| *count == 1), "{adds:?}");
}

#[tokio::test]
async fn f36_a_guard_switched_off_while_a_top_up_is_under_way_settles_it_and_adds_no_more() {
    for (plan, adds, state) in [(Plan::LoseReply, 1, ActionState::Proved), (Plan::LoseRequest, 0, ActionState::Refuted)]
    {
        let mut bench = Bench::new(policy(), PLENTY).await;
        bench.plan(plan);
        bench.look_at(95_000).await;
        bench.arm(policy(), GuardState::Off, 1).await;
        for _ in 0..45 {
            bench.look_at(92_000).await;
        }
        assert_eq!(bench.adds().len(), adds, "nothing is added once the guard is off");
        let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
        assert_eq!(actions.iter().map(|action| action.state).collect::<Vec<_>>(), [state]);
        let noted = bench.reasons(LedgerOutcome::Noted).await;
        assert!(noted.iter().any(|reason| matches!(reason, Reason::LookedUp { .. })), "{noted:?}");
    }
}

#[tokio::test]
async fn f36_a_limit_that_is_lowered_while_a_top_up_is_under_way_counts_that_one() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseReply);
    bench.look_at(95_000).await;
    let first = bench.adds();
    let mut lower = policy();
    lower.limits.max_actions = 1;
    bench.arm(lower, GuardState::Live, 1).await;
    for _ in 0..45 {
        bench.look_at(90_000).await;
    }
    assert_eq!(bench.adds(), first);
    assert_eq!(bench.store.list_actions(bench.account, 10).await.unwrap().len(), 1);
}

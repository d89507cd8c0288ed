//! Several top-ups of which some fail, and a person who changes the rule while one is under way.

use crate::bench::{self, Bench, policy};
use crate::between::Plan;
use domain::{ActionState, AtLimit, GuardState, LedgerOutcome, PositionId, Reason, Sats};
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

/// Two positions of which each wants the same; the first one's call is lost on the way, and arrives when all is over.
async fn late_beside(free_beyond_one: i64, at_limit: AtLimit) -> Bench {
    const RESERVE: i64 = 30_000;
    let mut probe = Bench::new(policy(), PLENTY).await;
    probe.look_at(95_000).await;
    let wanted = probe.adds()[0];
    let mut draft = policy();
    (draft.limits.wallet_reserve, draft.at_limit) = (Sats::new(RESERVE), at_limit);
    let mut bench = Bench::new(draft, 102_100 + RESERVE + wanted + free_beyond_one).await;
    bench::open(&*bench.between).await;
    bench.look_at(100_000).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
    let lost = actions.iter().find(|action| action.state == ActionState::Unknown).unwrap().intent;
    assert_eq!(lost.amount().get(), wanted);
    bench.venue.lock().add_margin(bench.account, lost.position, lost.amount()).unwrap();
    let left = bench.venue.lock().wallet(bench.account).unwrap().balance.get();
    assert!(RESERVE <= left, "{left} sats are left, and {RESERVE} are reserved");
    bench
}

#[tokio::test]
async fn f23_a_top_up_that_may_still_arrive_is_no_free_balance_for_another_position() {
    let bench = late_beside(40_000, AtLimit::AlertOnly).await;
    assert_eq!(bench.adds().len(), 2);
    assert_eq!(bench.adds()[0], 40_000, "what is left beyond the reserve, should the other arrive");
}

#[tokio::test]
async fn f23_no_limit_is_reached_and_nothing_closed_while_sats_may_still_be_there() {
    let mut bench = late_beside(0, AtLimit::Close).await;
    let held = bench.reasons(LedgerOutcome::Held).await;
    assert!(held.iter().any(|reason| matches!(reason, Reason::AwaitingProof { .. })), "{held:?}");
    assert_eq!(bench.venue.lock().running(bench.account).len(), 2);
    bench.look_at(95_000).await;
    assert_eq!(bench.venue.lock().running(bench.account).len(), 1, "now the sats are certainly gone");
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

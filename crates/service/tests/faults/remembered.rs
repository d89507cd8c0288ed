//! Another program writes to the database just after a look that the next one goes by.

use crate::bench::{Bench, policy};
use domain::brake::Stopped;
use domain::guard_policy::GuardPolicyDraft;
use domain::{GuardLimits, GuardPolicy, GuardState, LedgerOutcome, Millis, Reason, Sats};

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];

/// A calm look, and then another rule from another program: no word of it reaches this one.
async fn armed_elsewhere(draft: GuardPolicyDraft, state: GuardState) -> Bench {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (elsewhere, _) = bench.second_process("0.1.0").await;
    read_afresh(&mut bench).await;
    let rule = GuardPolicy::new(draft).unwrap();
    elsewhere.arm_guard(bench.user, bench.account, rule, state, 1).await.unwrap();
    bench
}

/// A look so long after the one before that it goes by nothing older.
async fn read_afresh(bench: &mut Bench) {
    bench.pass(Millis::from_secs(3));
    bench.look_at(98_000).await;
}

#[tokio::test]
async fn f10_a_rule_that_was_switched_off_elsewhere_adds_nothing_more() {
    let mut bench = armed_elsewhere(policy(), GuardState::Off).await;
    bench.look_at(95_000).await;
    bench.look_at(94_900).await;
    assert_eq!(bench.adds(), NONE);
}

#[tokio::test]
async fn f10_a_rule_that_was_saved_elsewhere_is_obeyed_from_the_next_look_on() {
    let limits = GuardLimits { per_action: Sats::new(1_234), ..policy().limits };
    let mut bench = armed_elsewhere(GuardPolicyDraft { limits, ..policy() }, GuardState::Live).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE, "what was decided by the rule before is not written");
    bench.guard.look_again().await;
    assert_eq!(bench.adds(), [1_234]);
}

#[tokio::test]
async fn f10_a_called_look_does_not_wait_to_be_called_again_after_it_was_held_back() {
    let mut bench = armed_elsewhere(policy(), GuardState::Live).await;
    let wake = bench.guard.wake();
    bench.look_at(95_000).await;
    assert!(is_called(&wake).await, "the next look comes at once");
}

async fn is_called(wake: &tokio::sync::Notify) -> bool {
    let long = std::time::Duration::from_millis(200);
    tokio::time::timeout(long, wake.notified()).await.is_ok()
}

#[tokio::test]
async fn f61_a_switch_that_was_pulled_elsewhere_holds_though_the_last_look_read_none() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    read_afresh(&mut bench).await;
    bench.store.stop(Some(bench.account), Stopped::Guards, service::Clock::now(&*bench.clock)).await.unwrap();
    bench.look_at(95_000).await;
    bench.look_at(94_900).await;
    assert_eq!(bench.adds(), NONE);
    let refused = bench.reasons(LedgerOutcome::Refused).await;
    assert!(matches!(refused.as_slice(), [Reason::HeldByStop { .. }]), "{refused:?}");
}

#[tokio::test]
async fn limits_hold_over_looks_that_follow_each_other_at_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    for dollars in [98_000, 95_000, 94_000, 92_000, 88_000, 84_000, 80_000] {
        bench.move_price(dollars);
        bench.guard.look_again().await;
        bench.guard.look_again().await;
    }
    let added: i64 = bench.adds().iter().sum();
    assert!(200_000 < added && added <= 400_000, "{:?}", bench.adds());
}

//! F-35: rules that would feed on themselves. An account has one rule, made of numbers alone: nothing in it can call
//! another rule, run without end or be searched through.

use crate::bench::{Bench, policy};
use domain::guard_policy::GuardPolicyDraft;
use domain::{Bps, GuardPolicy, GuardState, Sats};
use service::ArmGuardError;

const PLENTY: i64 = 1_000_000;

#[tokio::test]
async fn f35_a_rule_saved_over_and_over_is_one_rule_and_moves_what_one_moves() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    for based_on in 1..60 {
        bench.arm(policy(), GuardState::Live, based_on).await;
        // Whoever saves on top of an older one changes nothing.
        let rule = GuardPolicy::new(policy()).unwrap();
        let stale = bench.desk.arm_guard(bench.user, bench.account, rule, GuardState::Live, based_on - 1).await;
        assert!(matches!(stale, Err(ArmGuardError::Conflict)), "{stale:?}");
    }
    assert_eq!(bench.store.find_guard(bench.account).await.unwrap().unwrap().version, 60);
    for _ in 0..5 {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f35_what_a_guard_did_does_not_call_it_again() {
    let mut draft = policy();
    draft.target = Bps::new(draft.trigger.get() + GuardPolicy::MIN_GAP.get());
    let mut bench = Bench::new(draft, PLENTY).await;
    for _ in 0..50 {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 1, "it lifts clear of its own trigger, however narrow the gap");
}

#[tokio::test]
async fn f35_a_rule_that_calls_for_everything_ends_at_its_limits() {
    let mut draft = policy();
    (draft.trigger, draft.target) = (GuardPolicy::MAX_TRIGGER, GuardPolicy::MAX_TARGET);
    draft.limits.max_actions = 3;
    draft.limits.per_action = Sats::new(1_000);
    let mut bench = Bench::new(draft, PLENTY).await;
    for _ in 0..50 {
        bench.look_at(99_000).await;
    }
    assert_eq!(bench.adds(), [1_000; 3]);
}

#[test]
fn f35_a_rule_nested_without_end_is_no_rule() {
    let plain = serde_json::to_string(&policy()).unwrap();
    assert!(serde_json::from_str::<GuardPolicyDraft>(&plain).is_ok());
    for depth in [200, 1_000_000] {
        let nested = plain.replacen("\"all\"", &"[".repeat(depth), 1);
        assert_ne!(nested, plain);
        assert!(serde_json::from_str::<GuardPolicyDraft>(&nested).is_err(), "{depth}");
    }
    assert!(GuardPolicy::new(GuardPolicyDraft { trigger: Bps::new(i64::MAX), ..policy() }).is_err());
}

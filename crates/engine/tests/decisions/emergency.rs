//! What may be added beside a top-up of unknown fate.

use crate::positions::{dollars, policy, tenfold, topped_up, wide};
use domain::guard_policy::GuardPolicyDraft;
use domain::ledger::Limit;
use domain::{GuardPolicy, Millis, Position, Reason, Sats, Side, Timestamp};
use engine::contract::distance;
use engine::guard::{GuardInput, Verdict, evaluate_emergency};
use engine::risk::{AddMargin, Spent};
use proptest::prelude::*;

const RICH: Sats = Sats::new(10_000_000);
const FENCE: Millis = Millis::from_secs(36);

/// The unknown top-up counts as spent, as the journal counts it.
fn ask(policy: &GuardPolicy, position: &Position, mark: &str, free: Sats, unknown: i64) -> Option<Verdict> {
    let spent = Spent::default().plus(Sats::new(unknown), Timestamp::EPOCH);
    let input = GuardInput { policy, position, mark: dollars(mark), free, spent, now: Timestamp::EPOCH };
    evaluate_emergency(&input, Sats::new(unknown), FENCE)
}

#[track_caller]
fn added(verdict: Option<Verdict>) -> AddMargin {
    match verdict {
        Some(Verdict::AddMargin(approved)) => approved.into_inner(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_liquidation_farther_than_the_proof_is_waited_for() {
    let (policy, position) = (policy(|_| ()), tenfold(Side::Long));
    assert_eq!(ask(&policy, &position, "95000", RICH, 10_000), None, "4.3 % away, half a minute to the proof");
    assert!(ask(&policy, &position, "92000", RICH, 10_000).is_some(), "1.2 % away");
}

#[test]
fn only_what_the_target_asks_for_beyond_the_unknown_top_up_is_added() {
    for (side, mark) in [(Side::Long, "92000"), (Side::Short, "110000")] {
        let (policy, position) = (policy(|_| ()), tenfold(side));
        let add = added(ask(&policy, &position, mark, RICH, 30_000)).amount;
        let with_both = topped_up(&topped_up(&position, Sats::new(30_000)), add);
        let reached = distance(side, dollars(mark), with_both.liquidation);
        assert!(policy.target() <= reached, "{side:?}");
        let less = topped_up(&topped_up(&position, Sats::new(30_000)), Sats::new(add.get() - 1));
        assert!(distance(side, dollars(mark), less.liquidation) < policy.target(), "{side:?}: not a sat more");
    }
}

#[test]
fn nothing_is_added_where_the_unknown_top_up_reaches_the_target_by_itself() {
    assert_eq!(ask(&policy(|_| ()), &tenfold(Side::Long), "92000", RICH, 200_000), None);
}

#[test]
fn the_unknown_top_up_counts_against_the_limits_and_the_wallet() {
    let capped = policy(|draft| {
        draft.limits.per_action = Sats::new(70_000);
        draft.limits.per_position = Sats::new(70_000);
    });
    let add = added(ask(&capped, &tenfold(Side::Long), "91500", RICH, 30_000));
    assert_eq!((add.amount, add.capped_by), (Sats::new(40_000), Some(Limit::PerPosition)));
    let add = added(ask(&policy(|_| ()), &tenfold(Side::Long), "91500", Sats::new(50_000), 30_000));
    assert_eq!((add.amount, add.capped_by), (Sats::new(20_000), Some(Limit::WalletReserve)));
    let once = policy(|draft| draft.limits.max_actions = 1);
    let refused = ask(&once, &tenfold(Side::Long), "91500", RICH, 30_000);
    let is_limit = |reason: &Reason| matches!(reason, Reason::LimitReached { limit: Limit::MaxActions, .. });
    assert!(matches!(&refused, Some(Verdict::Refused(reason)) if is_limit(reason)), "{refused:?}");
}

#[test]
fn an_emergency_as_large_as_the_unknown_top_up_is_a_sat_smaller() {
    let capped = policy(|draft| draft.limits.per_action = Sats::new(30_000));
    assert_eq!(added(ask(&capped, &tenfold(Side::Long), "91500", RICH, 30_000)).amount, Sats::new(29_999));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_turns_out_true_no_limit_is_exceeded_and_the_target_not_overshot(
        unknown in 1..200_000i64, mark in 170_000..200_000i64, free in 0..400_000i64,
        per_action in 1..200_000i64, positions in 1..4i64, left in 0..60_000i64,
    ) {
        let mut draft: GuardPolicyDraft = wide();
        draft.limits.per_action = Sats::new(per_action);
        draft.limits.per_position = Sats::new(per_action * positions);
        let policy = GuardPolicy::new(draft).unwrap();
        let position = tenfold(Side::Long);
        let mark = domain::Price::from_ticks(mark).unwrap();
        let spent = Spent::default().plus(Sats::new(unknown), Timestamp::EPOCH);
        let free = Sats::new(free);
        let input = GuardInput { policy: &policy, position: &position, mark, free, spent, now: Timestamp::EPOCH };
        if let Some(Verdict::AddMargin(approved)) = evaluate_emergency(&input, Sats::new(unknown), Millis::new(left)) {
            let add = approved.into_inner();
            let both = unknown + add.amount.get();
            prop_assert!(add.amount.get() != unknown);
            prop_assert!(add.amount.get() <= per_action && both <= free.get());
            prop_assert!(both <= per_action * positions);
            let less = topped_up(&position, Sats::new(both - 1));
            prop_assert!(distance(Side::Long, mark, less.liquidation) < policy.target(), "overshot");
        }
    }
}

//! What the guard decides, and that its limits hold.

use crate::positions::{dollars, id, policy, tenfold, topped_up, with_margin};
use domain::ledger::Limit;
use domain::{AtLimit, Bps, GuardPolicy, GuardScope, Millis, Position, Price, Reason, Sats, Side, Timestamp};
use engine::contract::distance;
use engine::guard::{GuardInput, Verdict, evaluate};
use engine::risk::{AddMargin, Spent};

const RICH: Sats = Sats::new(10_000_000);
const NOW: Timestamp = Timestamp::from_unix_ms(1_638_590_400_000);

fn ask(policy: &GuardPolicy, position: &Position, mark: &str, free: Sats, spent: Spent) -> Verdict {
    evaluate(&GuardInput { policy, position, mark: dollars(mark), free, spent, now: NOW })
}

#[track_caller]
fn added(verdict: Verdict) -> AddMargin {
    match verdict {
        Verdict::AddMargin(approved) => approved.into_inner(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused_for(verdict: Verdict) -> (Limit, i64, i64) {
    match verdict {
        Verdict::Refused(Reason::LimitReached { limit, used, allowed, .. }) => (limit, used, allowed),
        other => panic!("{other:?}"),
    }
}

#[test]
fn holds_above_the_trigger_and_says_how_far() {
    let (policy, position) = (policy(|_| ()), tenfold(Side::Long));
    let verdict = ask(&policy, &position, "100000", RICH, Spent::default());
    let (distance, trigger) = (Bps::new(909), Bps::new(500));
    assert_eq!(verdict, Verdict::Hold(Reason::AboveTrigger { distance, trigger }));
}

#[test]
fn restores_exactly_the_target_and_not_a_sat_more() {
    for (side, mark) in [(Side::Long, "95000"), (Side::Short, "106000")] {
        let (policy, position) = (policy(|_| ()), tenfold(side));
        let AddMargin { amount, wanted, capped_by, position: of } =
            added(ask(&policy, &position, mark, RICH, Spent::default()));
        assert_eq!((wanted, capped_by, of), (amount, None, position.id));
        let after = |sats| distance(side, dollars(mark), topped_up(&position, sats).liquidation);
        assert!(Bps::new(1_000) <= after(amount), "{side:?}");
        assert!(after(Sats::new(amount.get() - 1)) < Bps::new(1_000), "{side:?}");
        let again = ask(&policy, &topped_up(&position, amount), mark, RICH, Spent::default());
        assert!(matches!(again, Verdict::Hold(Reason::AboveTrigger { .. })), "looking twice adds once");
    }
}

#[test]
fn still_adds_where_the_mark_is_already_past_the_liquidation() {
    let verdict = ask(&policy(|_| ()), &tenfold(Side::Long), "90000", RICH, Spent::default());
    assert!(added(verdict).amount.is_positive());
}

#[test]
fn leaves_alone_what_it_does_not_cover_or_what_does_not_run() {
    let hold = |policy: &GuardPolicy, position: &Position| {
        matches!(ask(policy, position, "92000", RICH, Spent::default()), Verdict::Hold(Reason::AboveTrigger { .. }))
    };
    let scoped = |scope| policy(|draft| draft.scope = scope);
    let position = tenfold(Side::Long);
    assert!(hold(&scoped(GuardScope::Shorts), &position));
    assert!(hold(&scoped(GuardScope::Position(id(2))), &position));
    assert!(!hold(&scoped(GuardScope::Position(id(1))), &position));
    assert!(!hold(&scoped(GuardScope::Longs), &position));
    assert!(hold(&scoped(GuardScope::All), &Position { state: domain::position::PositionState::Resting, ..position }));
}

#[test]
fn waits_out_the_cooldown_after_a_top_up() {
    let (policy, position) = (policy(|_| ()), tenfold(Side::Long));
    let after = |ms| Spent { last_action_at: Some(NOW.minus(Millis::new(ms))), ..Spent::default() };
    let verdict = ask(&policy, &position, "95000", RICH, after(59_999));
    assert_eq!(verdict, Verdict::Hold(Reason::CooldownActive { until: NOW.plus(Millis::new(1)) }));
    assert!(added(ask(&policy, &position, "95000", RICH, after(60_000))).amount.is_positive());
}

#[test]
fn each_limit_reduces_the_amount_and_is_named() {
    let position = tenfold(Side::Long);
    let capped = |policy: &GuardPolicy, free, spent| {
        let add = added(ask(policy, &position, "95000", free, spent));
        (add.amount.get(), add.capped_by)
    };
    let spent = Spent { position: Sats::new(990_000), day: Sats::new(990_000), ..Spent::default() };
    let per_action = policy(|draft| draft.limits.per_action = Sats::new(30_000));
    assert_eq!(capped(&per_action, RICH, Spent::default()), (30_000, Some(Limit::PerAction)));
    assert_eq!(capped(&policy(|_| ()), RICH, spent), (10_000, Some(Limit::PerPosition)));
    let per_day = Spent { position: Sats::ZERO, ..spent };
    assert_eq!(capped(&policy(|_| ()), RICH, per_day), (10_000, Some(Limit::PerDay)));
    let far = policy(|draft| draft.target = Bps::new(6_000));
    assert_eq!(capped(&far, RICH, Spent::default()), (900_000, Some(Limit::OneX)));
}

#[test]
fn f23_a_partial_balance_adds_what_the_policy_allows_or_refuses_with_the_reason() {
    let position = tenfold(Side::Long);
    let policy = policy(|draft| draft.limits.wallet_reserve = Sats::new(20_000));
    let add = added(ask(&policy, &position, "95000", Sats::new(45_000), Spent::default()));
    assert_eq!((add.amount.get(), add.capped_by), (25_000, Some(Limit::WalletReserve)));
    assert!(add.amount < add.wanted);
    for free in [20_000, 19_999, 0, -5] {
        let verdict = ask(&policy, &position, "95000", Sats::new(free), Spent::default());
        assert_eq!(refused_for(verdict), (Limit::WalletReserve, free, 20_000));
    }
}

#[test]
fn an_amount_too_small_to_move_the_liquidation_is_refused_for_the_limit_that_made_it_small() {
    let quantity = domain::Quantity::new(500_000).unwrap();
    let position = with_margin(Side::Long, quantity, dollars("20000"), Sats::new(250_000_000));
    let policy = policy(|_| ());
    let verdict = ask(&policy, &position, "19000", Sats::new(10), Spent::default());
    assert_eq!(refused_for(verdict), (Limit::WalletReserve, 10, 0));
}

#[test]
fn f32_a_reached_limit_is_never_exceeded_and_is_said() {
    let position = tenfold(Side::Long);
    let alert = policy(|draft| draft.limits.max_actions = 3);
    let spent = Spent { position: Sats::new(1_000_000), position_actions: 3, day: Sats::ZERO, last_action_at: None };
    assert_eq!(refused_for(ask(&alert, &position, "95000", RICH, spent)), (Limit::MaxActions, 3, 3));
    let fewer = Spent { position_actions: 2, ..spent };
    assert_eq!(refused_for(ask(&alert, &position, "95000", RICH, fewer)), (Limit::PerPosition, 1_000_000, 1_000_000));
    let day = Spent { day: Sats::new(1_000_001), ..Spent::default() };
    assert_eq!(refused_for(ask(&alert, &position, "95000", RICH, day)), (Limit::PerDay, 1_000_001, 1_000_000));
    let whole = topped_up(&position, Sats::new(900_000));
    assert_eq!(refused_for(ask(&alert, &whole, "51000", RICH, Spent::default())), (Limit::OneX, 1_000_000, 1_000_000));
}

#[test]
fn f32_a_reached_limit_is_told_at_once_and_does_not_wait_for_the_cooldown() {
    let spent =
        Spent { position: Sats::new(1_000_000), position_actions: 1, last_action_at: Some(NOW), day: Sats::ZERO };
    let verdict = |at_limit| {
        let policy = policy(|draft| draft.at_limit = at_limit);
        ask(&policy, &tenfold(Side::Long), "95000", RICH, spent)
    };
    assert_eq!(refused_for(verdict(AtLimit::AlertOnly)).0, Limit::PerPosition);
    assert_eq!(refused_for(verdict(AtLimit::Nothing)).0, Limit::PerPosition);
    let Verdict::Close(close) = verdict(AtLimit::Close) else { panic!() };
    assert_eq!((close.get().position, close.get().limit), (id(1), Limit::PerPosition));
}

/// A price that swings around the trigger once a second for ten minutes: 600 looks, each by a guard that may act.
#[test]
fn f30_a_price_that_swings_around_the_trigger_does_not_drain_the_limits() {
    for side in [Side::Long, Side::Short] {
        let policy = policy(|draft| draft.limits.cooldown = Millis::ZERO);
        let start = tenfold(side);
        let trigger = engine::contract::trigger_price(side, start.liquidation, policy.trigger());
        let (amounts, end) = swing(&policy, start, trigger, 400);
        assert_eq!(amounts.len(), 1, "one top-up takes the position out of the swing's reach: {amounts:?}");
        let distance = distance(side, trigger, end.liquidation);
        assert!(policy.trigger() < distance && distance < Bps::new(1_100), "{distance}");
    }
}

/// The narrowest hysteresis, and a swing far wider than it: top-ups follow the worst price and do not compound.
#[test]
fn f30_top_ups_follow_the_worst_price_of_a_swing_and_keep_to_the_limits() {
    let policy = policy(|draft| {
        draft.target = Bps::new(550);
        draft.limits.cooldown = Millis::ZERO;
        draft.limits.per_position = Sats::new(1_000_000);
    });
    let start = tenfold(Side::Long);
    let (amounts, end) = swing(&policy, start, dollars("95000"), 4_000);
    let worst = Price::from_ticks(dollars("95000").ticks() - 4_000).unwrap();
    let needed_at_worst = added(evaluate(&GuardInput {
        policy: &policy,
        position: &start,
        mark: worst,
        free: RICH,
        spent: Spent::default(),
        now: NOW,
    }));
    let total = end.margin.get() - start.margin.get();
    assert!(total <= needed_at_worst.amount.get(), "{total} is more than one look at the worst price would have added");
    assert!(amounts.windows(2).all(|pair| pair[1] <= pair[0].max(20_000)), "{amounts:?}");
}

/// Swings the mark by so many ticks around `middle` for ten minutes and carries out what the guard decides.
fn swing(policy: &GuardPolicy, start: Position, middle: Price, ticks: i64) -> (Vec<i64>, Position) {
    let (mut position, mut spent, mut free, mut amounts) = (start, Spent::default(), RICH, Vec::new());
    for second in 0..600i64 {
        let phase = (second * 7) % 40 - 20;
        let mark = Price::from_ticks(middle.ticks() + phase * ticks / 20).unwrap();
        let now = NOW.plus(Millis::from_secs(second));
        if let Verdict::AddMargin(approved) =
            evaluate(&GuardInput { policy, position: &position, mark, free, spent, now })
        {
            let amount = approved.into_inner().amount;
            amounts.push(amount.get());
            free = free.checked_sub(amount).unwrap();
            spent = spent.plus(amount, now);
            position = topped_up(&position, amount);
        }
    }
    (amounts, position)
}

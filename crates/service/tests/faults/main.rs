//! The guard against a failing exchange: each test names its fault.

#![cfg(test)]

mod alarms;
mod bench;
mod between;
mod brakes;
mod by_hand;
mod crash;
mod emergency;
mod foresight;
mod freeze;
mod in_flight;
mod leadership;
mod omission;
mod orders;
mod outage;
mod plans;
mod poisoned;
mod proxy;
mod remembered;
mod why;
mod wick;

use bench::{Bench, policy};
use between::Plan;
use domain::ledger::Limit;
use domain::live::{Alarm, GuardEffect};
use domain::{ActionState, AtLimit, GuardState, LedgerOutcome, Millis, Reason, Sats};

/// No top-up.
const NONE: [i64; 0] = [];
const PLENTY: i64 = 1_000_000;

#[tokio::test]
async fn a_position_near_liquidation_is_lifted_to_the_target() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.look_at(96_000).await;
    assert_eq!(bench.adds(), NONE, "5.3 % away, trigger 5 %");
    bench.look_at(95_000).await;
    let snapshot = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(bench.adds().len(), 1);
    let distance = snapshot.closest.unwrap().distance.get();
    assert!((1_000..1_010).contains(&distance), "lifted to {distance} bps");
    let acted = bench.reasons(LedgerOutcome::Acted).await;
    assert!(matches!(acted[..], [Reason::MarginAdded { capped_by: None, .. }]), "{acted:?}");
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "looking again is harmless");
}

#[tokio::test]
async fn f01_an_accepted_top_up_whose_reply_is_lost_is_looked_up_and_never_sent_again() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseReply);
    bench.look_at(95_000).await;
    let open = bench.store.list_open_actions(bench.account).await.unwrap();
    assert!(matches!(open[..], [action] if action.state == ActionState::Unknown), "{open:?}");
    bench.look_at(94_000).await;
    assert_eq!(bench.adds().len(), 1);
    assert!(bench.store.list_open_actions(bench.account).await.unwrap().is_empty());
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    assert!(noted.iter().any(|reason| matches!(reason, Reason::LookedUp { happened: true, .. })), "{noted:?}");
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert!(matches!(alarmed[..], [Reason::OutcomeUnknown { .. }]), "{alarmed:?}");
}

#[tokio::test]
async fn f02_a_top_up_that_never_arrived_is_made_once_after_the_fence() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    for _ in 0..33 {
        bench.look_at(95_000).await;
        assert_eq!(bench.adds(), NONE, "nothing is sent while the first may still arrive");
    }
    for _ in 0..10 {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 1);
    let states: Vec<_> =
        bench.store.list_actions(bench.account, 10).await.unwrap().iter().map(|action| action.state).collect();
    assert_eq!(states, [ActionState::Proved, ActionState::Refuted]);
}

#[tokio::test]
async fn f03_a_top_up_that_arrives_late_is_not_joined_by_a_second() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    let amount = bench.store.list_open_actions(bench.account).await.unwrap()[0].intent.change;
    let domain::action::Change::AddMargin { amount } = amount else { panic!("not a top-up") };
    for _ in 0..24 {
        bench.look_at(95_000).await;
    }
    bench.venue.lock().add_margin(bench.account, bench.position, amount).unwrap();
    for _ in 0..30 {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds().len(), 1);
    let states: Vec<_> =
        bench.store.list_actions(bench.account, 10).await.unwrap().iter().map(|action| action.state).collect();
    assert_eq!(states, [ActionState::Proved]);
}

#[tokio::test]
async fn f04_a_position_whose_books_disagree_is_frozen_and_alarmed() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(Plan::LoseRequest);
    bench.look_at(95_000).await;
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(12_345)).unwrap();
    for _ in 0..40 {
        bench.look_at(95_000).await;
    }
    assert_eq!(bench.adds(), [12_345], "only the one made by hand");
    let snapshot = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(snapshot.alarm, Some(Alarm::PositionFrozen));
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert!(alarmed.iter().any(|reason| matches!(reason, Reason::BooksDisagree { .. })), "{alarmed:?}");
}

#[tokio::test]
async fn f06_an_exchange_that_cannot_be_read_is_alarmed_and_nothing_is_taken_for_closed() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.between.go_down(true);
    bench.look_at(95_000).await;
    bench.look_at(95_000).await;
    let snapshot = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(snapshot.alarm, Some(Alarm::ExchangeUnreadable));
    assert_eq!(snapshot.positions.len(), 1, "the last known position is kept");
    assert_eq!(snapshot.guard.unwrap().effect, GuardEffect::IneffectiveNoAccount);
    assert_eq!(bench.reasons(LedgerOutcome::Alarmed).await.len(), 1, "said once");
    bench.between.go_down(false);
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1, "and guards again");
    assert_eq!(bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().alarm, None);
}

#[tokio::test]
async fn f10_two_workers_on_one_position_add_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let mut second = bench.second_guard().await;
    bench.pass(Millis::SECOND);
    bench.move_price(95_000);
    bench.between.meet(2);
    tokio::join!(bench.guard.look_again(), second.look_again());
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f20_a_position_liquidated_before_the_top_up_arrives_gets_none_and_the_trader_is_told() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (market, clock) = (bench.market.clone(), bench.clock.clone());
    bench.plan(Plan::Before(Box::new(move || {
        use service::Clock;
        market.push(domain::Tick::of(clock.now(), bench::price(90_000)));
    })));
    bench.look_at(95_000).await;
    bench.look_at(90_000).await;
    assert_eq!(bench.adds(), NONE);
    assert_eq!(bench.margin(), None);
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert!(matches!(alarmed[..], [Reason::ExchangeRefused { .. }, Reason::PositionLiquidated { .. }]), "{alarmed:?}");
    let actions = bench.store.list_actions(bench.account, 10).await.unwrap();
    assert!(actions.iter().all(|action| action.state == ActionState::Refuted));
}

#[tokio::test]
async fn f23_a_wallet_that_holds_less_than_needed_gives_what_it_may() {
    let mut draft = policy();
    draft.limits.wallet_reserve = Sats::new(10_000);
    let mut bench = Bench::new(draft, 40_000).await;
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), [30_000]);
    let acted = bench.reasons(LedgerOutcome::Acted).await;
    let capped = matches!(acted[..], [Reason::MarginAdded { capped_by: Some(Limit::WalletReserve), .. }]);
    assert!(capped, "{acted:?}");
    bench.look_at(91_000).await;
    assert_eq!(bench.adds(), [30_000]);
    let refused = bench.reasons(LedgerOutcome::Refused).await;
    assert!(matches!(refused[..], [Reason::LimitReached { limit: Limit::WalletReserve, .. }]), "{refused:?}");
    let effect = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().guard.unwrap().effect;
    assert_eq!(effect, GuardEffect::IneffectiveNoFunds);
}

#[tokio::test]
async fn f30_a_price_that_swings_around_the_trigger_for_ten_minutes_does_not_drain_the_limits() {
    let mut draft = policy();
    draft.limits.cooldown = Millis::MINUTE;
    let mut bench = Bench::new(draft, PLENTY).await;
    for second in 0..600 {
        bench.look_at(if second % 2 == 0 { 95_600 } else { 95_800 }).await;
    }
    assert_eq!(bench.adds().len(), 1, "one top-up carries it out of the swing");
}

#[tokio::test]
async fn f32_a_spent_limit_is_never_exceeded_and_is_said() {
    let mut draft = policy();
    draft.limits.per_action = Sats::new(20_000);
    draft.limits.per_position = Sats::new(50_000);
    let mut bench = Bench::new(draft, PLENTY).await;
    for dollars in (86_000..=95_000).rev().step_by(100) {
        bench.look_at(dollars).await;
    }
    assert_eq!(bench.adds().iter().sum::<i64>(), 50_000);
    assert_eq!(bench.margin(), None, "liquidated all the same");
    let refused = bench.reasons(LedgerOutcome::Refused).await;
    assert!(matches!(refused[..], [Reason::LimitReached { limit: Limit::PerPosition, .. }]), "{refused:?}");
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert!(matches!(alarmed[..], [Reason::PositionLiquidated { .. }]), "{alarmed:?}");
}

#[tokio::test]
async fn f32_a_spent_limit_closes_the_position_where_its_policy_says_so() {
    let mut draft = policy();
    draft.limits.per_action = Sats::new(20_000);
    draft.limits.per_position = Sats::new(20_000);
    draft.at_limit = AtLimit::Close;
    let mut bench = Bench::new(draft, PLENTY).await;
    for dollars in [95_000, 94_000, 93_000, 92_000] {
        bench.look_at(dollars).await;
    }
    assert_eq!(bench.adds(), [20_000]);
    assert_eq!(bench.margin(), None);
    let acted = bench.reasons(LedgerOutcome::Acted).await;
    let closed =
        matches!(acted[..], [Reason::MarginAdded { .. }, Reason::ClosedAtLimit { limit: Limit::PerPosition, .. }]);
    assert!(closed, "{acted:?}");
    assert_eq!(bench.reasons(LedgerOutcome::Alarmed).await, []);
}

#[tokio::test]
async fn a_shadow_guard_decides_and_sends_nothing() {
    let mut bench = Bench::with_state(policy(), PLENTY, GuardState::Shadow).await;
    bench.look_at(95_000).await;
    bench.look_at(94_000).await;
    assert_eq!(bench.adds(), NONE);
    let held = bench.reasons(LedgerOutcome::Held).await;
    assert!(held.iter().any(|reason| matches!(reason, Reason::WouldAddMargin { .. })), "{held:?}");
}

#[tokio::test]
async fn a_guard_switched_off_leaves_the_position_alone_at_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.arm(policy(), GuardState::Off, 1).await;
    bench.look_at(92_000).await;
    assert_eq!(bench.adds(), NONE);
}

#[tokio::test]
async fn f25_margin_added_by_hand_is_noticed_and_not_added_again() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.venue.lock().add_margin(bench.account, bench.position, Sats::new(70_000)).unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), [70_000]);
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    assert!(noted.iter().any(|reason| matches!(reason, Reason::MarginChangedElsewhere { .. })), "{noted:?}");
}

#[tokio::test]
async fn another_persons_account_is_not_found() {
    let bench = Bench::new(policy(), PLENTY).await;
    let stranger = domain::UserId::from_uuid(uuid::Uuid::from_u128(8));
    let answer = bench.desk.find_snapshot(stranger, bench.account).await;
    assert!(matches!(answer, Err(service::DeskError::NotFound)));
    assert!(bench.desk.watch(stranger, bench.account).await.is_err());
}

//! What a person asks for by hand: it goes the way of every action, and once.

mod life;
mod lost;
mod once;
pub mod stage;

use crate::bench::{Bench, policy, price};
use domain::action::Change;
use domain::brake::{StopScope, Stopped};
use domain::order::Turn;
use domain::{ActionState, Hold, LedgerOutcome, Millis, OrderFate, Reason, Sats};
use stage::{Hands, key, long, order};

const PLENTY: i64 = 1_000_000;

#[tokio::test]
async fn a_position_is_opened_by_hand_and_is_guarded_at_once() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let mut new = long(2_000);
    new.position.stop_loss = Some(price(95_000));
    new.position.take_profit = Some(price(120_000));
    assert_eq!(bench.ask(order(1, None, Change::Open { order: new })).await, OrderFate::Done);
    let shown = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    let opened = shown.positions.iter().find(|shown| shown.position.id != bench.position).unwrap();
    assert_eq!(opened.position.quantity.get(), 2_000);
    assert_eq!((opened.position.stop_loss, opened.position.take_profit), (Some(price(95_000)), Some(price(120_000))));
    assert!(opened.guard_trigger.is_some());
    let acted = bench.reasons(LedgerOutcome::Acted).await;
    let is_told =
        |reason: &Reason| matches!(reason, Reason::ByHand { by, turn: Turn::Done(_), .. } if *by == bench.user);
    assert!(matches!(&acted[..], [reason] if is_told(reason)), "{acted:?}");
    bench.look_at(100_000).await;
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    let adopted = noted.iter().filter(|reason| matches!(reason, Reason::PositionAdopted { .. })).count();
    assert_eq!(adopted, 1, "only the one from before is another hand's");
}

#[tokio::test]
async fn an_order_with_a_limit_waits_is_shown_and_is_canceled() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let mut new = long(1_000);
    new.limit = Some(price(80_000));
    assert_eq!(bench.ask(order(1, None, Change::Open { order: new })).await, OrderFate::Done);
    let shown = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!((shown.positions.len(), shown.orders.len()), (1, 1));
    let before = bench.venue.lock().wallet(bench.account).unwrap().balance;
    let waiting = shown.orders[0].id;
    assert_eq!(bench.ask(order(2, Some(waiting), Change::Cancel)).await, OrderFate::Done);
    assert_eq!(bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().orders, []);
    assert!(before < bench.venue.lock().wallet(bench.account).unwrap().balance, "what was set aside is free again");
    let gone = OrderFate::HeldBack(Hold::NotThere);
    assert_eq!(bench.ask(order(3, Some(waiting), Change::Cancel)).await, gone);
}

#[tokio::test]
async fn margin_is_added_and_cashed_in_by_hand_and_the_guard_s_limits_stay_whole() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (amount, position) = (Sats::new(450_000), Some(bench.position));
    assert_eq!(bench.ask(order(1, position, Change::AddMargin { amount })).await, OrderFate::Done);
    let spent = bench.store.list_spending(bench.account).await.unwrap();
    assert_eq!(spent, [], "no guard has spent it");
    assert_eq!(bench.margin(), Some(550_000));
    let back = Sats::new(440_000);
    assert_eq!(bench.ask(order(2, position, Change::CashIn { amount: back })).await, OrderFate::Done);
    assert_eq!(bench.margin(), Some(110_000));
    bench.look_at(94_000).await;
    assert_eq!(bench.adds().len(), 2, "the guard adds within limits that nobody has touched");
    assert_eq!(bench.reasons(LedgerOutcome::Alarmed).await, []);
}

#[tokio::test]
async fn stops_are_set_moved_and_removed_and_the_position_is_closed() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let position = Some(bench.position);
    let sets = [
        Change::StopLoss { price: Some(price(95_000)) },
        Change::TakeProfit { price: Some(price(110_000)) },
        Change::StopLoss { price: Some(price(96_000)) },
        Change::StopLoss { price: None },
    ];
    for (number, change) in (1..).zip(sets) {
        assert_eq!(bench.ask(order(number, position, change)).await, OrderFate::Done, "{change:?}");
    }
    let shown = bench.venue.lock().running(bench.account)[0].position;
    assert_eq!((shown.stop_loss, shown.take_profit), (None, Some(price(110_000))));
    let fate = bench.ask(order(9, position, Change::StopLoss { price: Some(price(101_000)) })).await;
    assert!(matches!(fate, OrderFate::Refused { status: 400, .. }), "{fate:?}");
    assert_eq!(bench.ask(order(10, position, Change::Close)).await, OrderFate::Done);
    assert_eq!(bench.margin(), None);
    bench.look_at(100_000).await;
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    assert!(!noted.iter().any(|reason| matches!(reason, Reason::PositionClosedElsewhere { .. })), "{noted:?}");
}

#[tokio::test]
async fn f61_a_stop_of_trading_holds_what_opens_and_one_of_the_guards_holds_all() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let position = Some(bench.position);
    let opening = Change::Open { order: long(1_000) };
    bench.desk.pull_stop(bench.user, bench.account, Stopped::Trading).await.unwrap();
    let stopped = OrderFate::HeldBack(Hold::Stopped(StopScope::Account));
    assert_eq!(bench.ask(order(1, None, opening)).await, stopped);
    let amount = Sats::new(1_000);
    assert_eq!(bench.ask(order(2, position, Change::AddMargin { amount })).await, OrderFate::Done);
    bench.desk.pull_stop(bench.user, bench.account, Stopped::Guards).await.unwrap();
    for (number, change) in
        [(3, Change::AddMargin { amount }), (4, Change::Close), (5, Change::StopLoss { price: None })]
    {
        assert_eq!(bench.ask(order(number, position, change)).await, stopped, "{change:?}");
    }
    assert_eq!((bench.between.calls(), bench.adds()), (1, vec![1_000]));
    assert_eq!(bench.store.find_action(bench.account, key(4)).await.unwrap(), None);
}

#[tokio::test]
async fn f60_a_breaker_that_fell_holds_what_puts_money_at_stake_and_lets_a_person_close() {
    let mut draft = policy();
    draft.limits.per_action = Sats::new(5_000);
    let mut bench = Bench::new(draft, PLENTY).await;
    bench.limit(domain::brake::BreakerLimits { adds_per_minute: 2, ..Default::default() }).await;
    let by_hand = Change::AddMargin { amount: Sats::new(1_000) };
    for number in 1..4 {
        assert_eq!(bench.ask(order(number, Some(bench.position), by_hand)).await, OrderFate::Done, "nobody counts it");
    }
    for dollars in [94_800, 94_500, 94_000, 93_500] {
        bench.look_at(dollars).await;
    }
    assert_eq!(bench.ask(order(5, Some(bench.position), by_hand)).await, OrderFate::HeldBack(Hold::Breaker));
    let opening = Change::Open { order: long(1_000) };
    assert_eq!(bench.ask(order(6, None, opening)).await, OrderFate::HeldBack(Hold::Breaker));
    assert_eq!(bench.ask(order(7, Some(bench.position), Change::Close)).await, OrderFate::Done);
}

#[tokio::test]
async fn f51_what_is_asked_of_a_program_that_does_not_hold_the_account_is_not_sent() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let (desk, mut guard) = bench.second_process("0.1.0").await;
    let asked = order(1, Some(bench.position), Change::Close);
    let fate = stage::ask(&desk, &mut guard, bench.user, bench.account, asked).await;
    assert_eq!(fate, OrderFate::HeldBack(Hold::Elsewhere));
    bench.look_at(100_000).await;
    assert_eq!(bench.between.calls(), 0);
}

#[tokio::test]
async fn f61_what_has_waited_for_too_long_is_not_sent_any_more() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    let asked = order(1, Some(bench.position), Change::Close);
    let fate = bench.ask_after(asked, Millis::from_secs(11)).await;
    assert_eq!(fate, OrderFate::HeldBack(Hold::Late));
    assert_eq!((bench.between.calls(), bench.margin().is_some()), (0, true));
}

#[tokio::test]
async fn f06_an_exchange_that_cannot_be_read_gets_nothing_and_the_asker_is_told() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.between.go_down(true);
    let fate = bench.ask(order(1, Some(bench.position), Change::Close)).await;
    assert_eq!(fate, OrderFate::HeldBack(Hold::Unreadable));
    bench.between.go_down(false);
    bench.look_at(100_000).await;
    assert_eq!(bench.between.calls(), 0, "what was turned down is not remembered");
}

#[tokio::test]
async fn f10_while_the_guard_s_top_up_is_looked_up_a_person_is_told_to_wait() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.plan(crate::between::Plan::LoseRequest);
    bench.look_at(95_000).await;
    let amount = Sats::new(10_000);
    let fate = bench.ask(order(1, Some(bench.position), Change::AddMargin { amount })).await;
    assert_eq!(fate, OrderFate::HeldBack(Hold::Busy));
    assert_eq!(bench.between.calls(), 1, "the guard's own");
    let states: Vec<_> =
        bench.store.list_actions(bench.account, 9).await.unwrap().iter().map(|action| action.state).collect();
    assert_eq!(states, [ActionState::Unknown]);
}

#[tokio::test]
async fn f79_what_is_asked_for_another_person_s_account_is_not_found() {
    let bench = Bench::new(policy(), PLENTY).await;
    let stranger = domain::UserId::from_uuid(uuid::Uuid::from_u128(8));
    let asked = order(1, Some(bench.position), Change::Close);
    let answer = bench.desk.carry_out(stranger, bench.account, asked).await;
    assert!(matches!(answer, Err(service::OrderError::Desk(service::DeskError::NotFound))), "{answer:?}");
    assert!(bench.desk.find_fate(stranger, bench.account, key(1)).await.is_err());
}

#[tokio::test]
async fn f31_what_no_page_would_ask_for_is_refused_at_the_door() {
    let bench = Bench::new(policy(), PLENTY).await;
    let mut beyond = long(1_000);
    beyond.position.leverage = domain::Leverage::measured(101 * domain::Leverage::ONE_X);
    let nonsense = [
        order(1, Some(bench.position), Change::AddMargin { amount: Sats::ZERO }),
        order(2, Some(bench.position), Change::CashIn { amount: Sats::new(-1) }),
        order(3, None, Change::Close),
        order(4, Some(bench.position), Change::Open { order: long(1_000) }),
        order(5, None, Change::Open { order: beyond }),
    ];
    for asked in nonsense {
        let answer = bench.desk.carry_out(bench.user, bench.account, asked).await;
        assert!(matches!(answer, Err(service::OrderError::Nonsense(_))), "{asked:?}: {answer:?}");
    }
}

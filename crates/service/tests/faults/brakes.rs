//! The kill switches and the breaker.

use crate::bench::{Bench, policy};
use crate::orders::stage::{Hands, long, order};
use domain::action::Change;
use domain::brake::{Brakes, BreakerLimits, Remains, StopScope, Stopped};
use domain::live::Alarm;
use domain::{Hold, LedgerOutcome, Millis, OrderFate, Reason, Sats};

const PLENTY: i64 = 1_000_000;
const NONE: [i64; 0] = [];

#[tokio::test]
async fn f61_a_stopped_guard_sends_nothing_and_reports_what_stays_open() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.desk.pull_stop(bench.user, bench.account, Stopped::Guards).await.unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds(), NONE);
    let refused = bench.reasons(LedgerOutcome::Refused).await;
    assert_eq!(refused, [Reason::HeldByStop { scope: StopScope::Account }]);
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    let (scope, stopped) = (StopScope::Account, Stopped::Guards);
    let remains = Remains { canceled: None, orders: Some(0), unknown: 0 };
    let told = Reason::StopPulled { scope, stopped, open: 1, margin: Sats::new(100_000), remains };
    assert!(noted.contains(&told), "{noted:?}");
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::GuardStopped));
    bench.desk.release_stop(bench.user, bench.account, Stopped::Guards).await.unwrap();
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
    assert!(bench.reasons(LedgerOutcome::Noted).await.contains(&Reason::StopReleased { scope, stopped }));
}

#[tokio::test]
async fn f61_a_stop_of_trading_leaves_the_guard_its_own_switch() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.store.stop(None, Stopped::Trading, domain::Timestamp::EPOCH).await.unwrap();
    let change = Change::Open { order: long(1) };
    let fate = bench.ask(order(1, None, change)).await;
    assert_eq!(fate, OrderFate::HeldBack(Hold::Stopped(StopScope::Everything)));
    bench.look_at(95_000).await;
    assert_eq!(bench.adds().len(), 1);
}

#[tokio::test]
async fn f61_another_persons_switch_is_not_found() {
    let bench = Bench::new(policy(), PLENTY).await;
    let stranger = domain::UserId::from_uuid(uuid::Uuid::from_u128(8));
    let answer = bench.desk.pull_stop(stranger, bench.account, Stopped::Guards).await;
    assert!(matches!(answer, Err(service::DeskError::NotFound)));
    assert_eq!(bench.store.list_stops(bench.account).await.unwrap(), []);
}

#[tokio::test]
async fn f60_a_breaker_that_fell_stays_down_until_a_person_rearms_it() {
    let mut draft = policy();
    draft.limits.per_action = Sats::new(5_000);
    let mut bench = Bench::new(draft, PLENTY).await;
    bench.limit(BreakerLimits { adds_per_minute: 2, ..BreakerLimits::default() }).await;
    for dollars in [95_000, 94_500, 94_000, 93_500] {
        bench.look_at(dollars).await;
    }
    assert_eq!(bench.adds(), [5_000, 5_000]);
    bench.pass(Millis::from_secs(600));
    bench.look_at(93_400).await;
    assert_eq!(bench.adds().len(), 2, "time does not mend it");
    let alarmed = bench.reasons(LedgerOutcome::Alarmed).await;
    assert!(matches!(alarmed[..], [Reason::BreakerTripped { used: 3, allowed: 2, .. }]), "{alarmed:?}");
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    assert_eq!(seen.alarm, Some(Alarm::BreakerTripped));
    bench.store.rearm_breaker(service::Clock::now(&*bench.clock)).await.unwrap();
    bench.look_at(93_300).await;
    assert_eq!(bench.adds().len(), 3);
    assert!(bench.reasons(LedgerOutcome::Noted).await.contains(&Reason::BreakerRearmed));
}

fn resting(bench: &Bench) -> usize {
    bench.venue.lock().resting(bench.account).len()
}

/// A limit order that waits far below the market.
fn rest_an_order(bench: &Bench) {
    let order = paper::Order::from(domain::position::NewPosition {
        side: domain::Side::Long,
        quantity: domain::Quantity::new(1).unwrap(),
        leverage: domain::Leverage::for_order(10 * domain::Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
    });
    let waiting = paper::NewTrade { order, limit: Some(crate::bench::price(50_000)), trailing: None };
    bench.venue.lock().submit(bench.account, waiting).unwrap();
}

async fn told(bench: &Bench) -> Vec<Remains> {
    let noted = bench.reasons(LedgerOutcome::Noted).await;
    noted
        .into_iter()
        .filter_map(|reason| match reason {
            Reason::StopPulled { remains, .. } => Some(remains),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn f61_a_stop_of_trading_cancels_orders_reads_again_and_reports_while_the_guard_goes_on() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    rest_an_order(&bench);
    rest_an_order(&bench);
    bench.desk.pull_stop(bench.user, bench.account, Stopped::Trading).await.unwrap();
    bench.look_at(95_000).await;
    assert_eq!(resting(&bench), 0);
    assert_eq!(told(&bench).await, [Remains { canceled: Some(2), orders: Some(0), unknown: 0 }]);
    assert_eq!(bench.adds().len(), 1, "the guard has its own switch");
    rest_an_order(&bench);
    bench.guard = bench.second_guard().await;
    bench.look_at(95_000).await;
    assert_eq!((resting(&bench), told(&bench).await.len()), (1, 1), "a program that starts again cancels no more");
}

#[tokio::test]
async fn f61_orders_are_kept_where_that_was_asked_for_and_counted_where_they_cannot_be_canceled() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    rest_an_order(&bench);
    let reach = service::Reach::Account(bench.account);
    bench.desk.pull(bench.user, reach, Stopped::Trading, true).await.unwrap();
    bench.look_at(100_000).await;
    assert_eq!(told(&bench).await, [Remains { canceled: None, orders: Some(1), unknown: 0 }]);
    let report = bench.desk.report_brakes(bench.user, bench.account).await.unwrap();
    assert_eq!((report.positions, report.remains.orders, report.is_master), (1, Some(1), true));
    assert_eq!(report.pulled.len(), 1);
    bench.desk.release(bench.user, reach, Stopped::Trading).await.unwrap();
    bench.look_at(100_000).await;
    bench.between.refuse_cancels();
    bench.desk.pull_stop(bench.user, bench.account, Stopped::Trading).await.unwrap();
    bench.look_at(100_000).await;
    assert_eq!(told(&bench).await[1], Remains { canceled: None, orders: Some(1), unknown: 0 });
}

#[tokio::test]
async fn f61_a_pulled_switch_is_shown_at_once_though_no_look_comes_through() {
    let mut bench = Bench::new(policy(), PLENTY).await;
    bench.between.go_down(true);
    bench.desk.pull_stop(bench.user, bench.account, Stopped::Guards).await.unwrap();
    let seen = bench.desk.find_snapshot(bench.user, bench.account).await.unwrap();
    let brakes = Brakes { guards: Some(StopScope::Account), ..Brakes::default() };
    assert_eq!(seen.brakes, brakes);
    bench.look_at(95_000).await;
    assert_eq!(bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().brakes, brakes);
    bench.between.go_down(false);
    bench.desk.release_stop(bench.user, bench.account, Stopped::Guards).await.unwrap();
    bench.look_at(95_000).await;
    assert!(!bench.desk.find_snapshot(bench.user, bench.account).await.unwrap().brakes.any());
}

#[tokio::test]
async fn f81_only_the_first_user_stops_everything_and_rearms_the_breaker() {
    let bench = Bench::new(policy(), PLENTY).await;
    let other = domain::UserId::from_uuid(uuid::Uuid::from_u128(8));
    let (email, password_hash) = ("eve@example.org".to_owned(), "$none".to_owned());
    let created_at = service::Clock::now(&*bench.clock).plus(Millis::SECOND);
    bench.store.insert_user(&store::User { id: other, email, password_hash, created_at }).await.unwrap();
    let everything = service::Reach::Everything;
    let answer = bench.desk.pull(other, everything, Stopped::Guards, false).await;
    assert!(matches!(answer, Err(service::DeskError::NotFound)));
    assert!(matches!(bench.desk.rearm_breaker(other).await, Err(service::DeskError::NotFound)));
    assert_eq!(bench.store.list_stops(bench.account).await.unwrap(), []);
    bench.desk.pull(bench.user, everything, Stopped::Guards, false).await.unwrap();
    assert_eq!(bench.store.list_stops(bench.account).await.unwrap()[0].scope, StopScope::Everything);
    let answer = bench.desk.release(other, everything, Stopped::Guards).await;
    assert!(matches!(answer, Err(service::DeskError::NotFound)));
    bench.desk.release(bench.user, everything, Stopped::Guards).await.unwrap();
    assert_eq!(bench.store.list_stops(bench.account).await.unwrap(), []);
}

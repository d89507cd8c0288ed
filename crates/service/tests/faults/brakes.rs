//! The kill switches and the breaker.

use crate::bench::{Bench, policy};
use domain::brake::{BreakerLimits, StopScope, Stopped};
use domain::live::Alarm;
use domain::{LedgerOutcome, Millis, Reason, Sats};

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
    assert!(noted.contains(&Reason::StopPulled { scope, stopped, open: 1, margin: Sats::new(100_000) }), "{noted:?}");
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
    let order = domain::position::NewPosition {
        side: domain::Side::Long,
        quantity: domain::Quantity::new(1).unwrap(),
        leverage: domain::Leverage::for_order(10 * domain::Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
    };
    let refused = bench.desk.open_practice_position(bench.user, bench.account, order).await;
    assert!(matches!(refused, Err(service::PracticeError::Refused(_))), "{refused:?}");
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

//! Kill switches and the breaker: what is pulled holds from the next intent on.

use crate::database::{Fresh, on_both};
use crate::sample::{at, fence, intent, position, stored_account, write};
use domain::brake::{BreakerLimits, Gauge, StopScope, Stopped};
use domain::{ActionState, Sats};
use store::{Fence, StoreError, Trip};

on_both!(f61_no_intent_is_written_once_the_guards_are_stopped, stopped_guards);
on_both!(f60_too_many_adds_a_minute_trip_the_breaker_until_a_person_rearms_it, adds);
on_both!(f60_too_many_sats_an_hour_trip_the_breaker_over_all_accounts, sats);

async fn stopped_guards(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let (mine, yours) = (stored_account(&*store).await, stored_account(&*store).await);
    let write = |account| {
        let store = store.clone();
        async move { write(&*store, &intent(account, position(), 10, 100), fence()).await }
    };
    other.stop(Some(mine), Stopped::Trading, at(1)).await.unwrap();
    write(mine).await.expect("guards have their own switch");
    other.stop(Some(mine), Stopped::Guards, at(2)).await.unwrap();
    other.stop(Some(mine), Stopped::Guards, at(3)).await.unwrap();
    assert!(matches!(write(mine).await, Err(StoreError::Stopped(StopScope::Account))));
    write(yours).await.unwrap();
    other.stop(None, Stopped::Guards, at(4)).await.unwrap();
    assert!(matches!(write(yours).await, Err(StoreError::Stopped(StopScope::Everything))));
    let stops: Vec<_> =
        store.list_stops(mine).await.unwrap().iter().map(|stop| (stop.scope, stop.stopped, stop.pulled_at)).collect();
    let expected = [
        (StopScope::Everything, Stopped::Guards, at(4)),
        (StopScope::Account, Stopped::Guards, at(2)),
        (StopScope::Account, Stopped::Trading, at(1)),
    ];
    assert_eq!(stops, expected);
    other.resume(None, Stopped::Guards).await.unwrap();
    other.resume(Some(mine), Stopped::Guards).await.unwrap();
    write(mine).await.unwrap();
    write(yours).await.unwrap();
}

async fn adds(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let account = stored_account(&*store).await;
    let breaker = BreakerLimits { adds_per_minute: 3, ..fence().breaker };
    let add_to = |account, ms| {
        let other = other.clone();
        async move { write(&*other, &intent(account, position(), 1, ms), Fence { breaker, ..fence() }).await }
    };
    let add = |ms| add_to(account, ms);
    // Of as many accounts, since of two who write for one at once the second must look again.
    let others = [stored_account(&*store).await, stored_account(&*store).await, stored_account(&*store).await];
    let [b, c, d] = others.map(|account| add_to(account, 1_000));
    let (one, two, three, four) = tokio::join!(add(1_000), b, c, d);
    let outcomes = [one, two, three, four];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3, "{outcomes:?}");
    let trip = Trip { gauge: Gauge::AddsPerMinute, used: 4, allowed: 3 };
    let tripped =
        |outcome: &Result<(), StoreError>| matches!(outcome, Err(StoreError::BreakerTripped(Some(t))) if *t == trip);
    assert_eq!(outcomes.iter().filter(|outcome| tripped(outcome)).count(), 1, "{outcomes:?}");
    assert!(store.is_breaker_tripped(account).await.unwrap());
    assert!(matches!(add(999_999).await, Err(StoreError::BreakerTripped(None))), "time does not mend it");
    store.rearm_breaker(at(1_500)).await.unwrap();
    assert!(!store.is_breaker_tripped(account).await.unwrap());
    for ms in [2_000, 3_000, 4_000, 62_006] {
        add(ms).await.unwrap();
    }
}

async fn sats(fresh: &Fresh) {
    let store = fresh.open().await;
    let (mine, yours) = (stored_account(&*store).await, stored_account(&*store).await);
    let breaker = BreakerLimits { sats_per_hour: Sats::new(1_000), ..fence().breaker };
    let fence = Fence { breaker, ..fence() };
    let refuted = intent(mine, position(), 900, 10);
    write(&*store, &refuted, fence).await.unwrap();
    store.settle_action(refuted.id, ActionState::Refuted, &[]).await.unwrap();
    write(&*store, &intent(mine, position(), 600, 1_000), fence).await.unwrap();
    write(&*store, &intent(yours, position(), 400, 2_000), fence).await.unwrap();
    let over = write(&*store, &intent(yours, position(), 1, 3_000), fence).await;
    let trip = Trip { gauge: Gauge::SatsPerHour, used: 1_001, allowed: 1_000 };
    assert!(matches!(over, Err(StoreError::BreakerTripped(Some(found))) if found == trip), "{over:?}");
    assert!(matches!(
        write(&*store, &intent(mine, position(), 1, 4_000), fence).await,
        Err(StoreError::BreakerTripped(None))
    ));
}

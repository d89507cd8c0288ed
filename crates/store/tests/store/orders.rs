//! What a person asks for by hand: kept whole, once, and outside of the guard's limits.

use crate::database::{Fresh, by_hand, on_both};
use crate::sample::{at, fence, intent, position, stored_account, write};
use domain::action::{Action, Change, Intent};
use domain::brake::{BreakerLimits, StopScope, Stopped};
use domain::position::NewPosition;
use domain::{AccountId, ActionState, Leverage, NewOrder, Price, Quantity, Sats, Side, UserId};
use store::{Fence, Store, StoreError};

on_both!(everything_that_can_be_asked_for_by_hand_is_kept_as_it_was_asked, kept);
on_both!(f10_a_key_is_written_once_ever, once);
on_both!(f61_a_stop_of_trading_keeps_openings_from_being_written, stopped);
on_both!(f60_what_a_person_adds_trips_no_breaker_and_waits_while_it_is_down, breaker);
on_both!(what_a_person_adds_is_not_spent_by_the_guard, spending);
on_both!(f31_an_order_without_terms_is_refused_by_the_table_too, walls);

fn opening(limit: Option<i64>) -> Change {
    let price = |ticks| Price::from_ticks(ticks).ok();
    let position = NewPosition {
        side: Side::Short,
        quantity: Quantity::new(1_234).unwrap(),
        leverage: Leverage::for_order(7_500_000).unwrap(),
        stop_loss: price(210_001),
        take_profit: None,
    };
    Change::Open { order: NewOrder { position, limit: limit.and_then(price) } }
}

async fn owner(store: &dyn Store, account: AccountId) -> UserId {
    store.find_account(account).await.unwrap().unwrap().user
}

async fn asked(store: &dyn Store, account: AccountId, change: Change) -> Intent {
    let asked_by = Some(owner(store, account).await);
    Intent { change, asked_by, cashed_in_pnl_before: Sats::new(5), ..intent(account, position(), 1, 100) }
}

async fn kept(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let changes = [
        Change::AddMargin { amount: Sats::new(7) },
        Change::CashIn { amount: Sats::new(8) },
        Change::Close,
        Change::Cancel,
        opening(None),
        opening(Some(190_000)),
        Change::StopLoss { price: None },
        Change::StopLoss { price: Price::from_ticks(180_001).ok() },
        Change::TakeProfit { price: Price::from_ticks(220_001).ok() },
    ];
    for change in changes {
        let meant = asked(&*store, account, change).await;
        write(&*store, &meant, fence()).await.unwrap();
        let found = store.find_action(account, meant.id).await.unwrap();
        assert_eq!(found, Some(Action { intent: meant, state: ActionState::Intent }), "{change:?}");
        let other = stored_account(&*store).await;
        assert_eq!(store.find_action(other, meant.id).await.unwrap(), None, "it is another account's");
    }
    assert_eq!(store.list_unsettled_actions(account).await.unwrap().len(), changes.len());
}

async fn once(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let account = stored_account(&*store).await;
    let meant = asked(&*store, account, opening(None)).await;
    let (one, two) = tokio::join!(write(&*store, &meant, fence()), write(&*other, &meant, fence()));
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    for end in [ActionState::Unknown, ActionState::Refuted] {
        store.settle_action(meant.id, end, &[]).await.unwrap();
        assert!(matches!(write(&*store, &meant, fence()).await, Err(StoreError::Conflict)), "{end:?}");
    }
}

async fn stopped(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    for (scope, told) in [(Some(account), StopScope::Account), (None, StopScope::Everything)] {
        store.stop(scope, Stopped::Trading, at(1)).await.unwrap();
        let refused = write(&*store, &asked(&*store, account, opening(None)).await, fence()).await;
        assert!(matches!(refused, Err(StoreError::Stopped(scope)) if scope == told), "{refused:?}");
        write(&*store, &asked(&*store, account, Change::Close).await, fence()).await.unwrap();
        store.resume(scope, Stopped::Trading).await.unwrap();
    }
    write(&*store, &asked(&*store, account, opening(None)).await, fence()).await.unwrap();
}

async fn breaker(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let fence = Fence { breaker: BreakerLimits { adds_per_minute: 1, ..fence().breaker }, ..fence() };
    let add = Change::AddMargin { amount: Sats::new(1_000) };
    for _ in 0..3 {
        write(&*store, &asked(&*store, account, add).await, fence).await.unwrap();
    }
    write(&*store, &intent(account, position(), 10, 100), fence).await.unwrap();
    let fell = write(&*store, &intent(account, position(), 10, 100), fence).await;
    assert!(matches!(fell, Err(StoreError::BreakerTripped(Some(_)))), "{fell:?}");
    for change in [add, Change::CashIn { amount: Sats::new(1) }, opening(None)] {
        let refused = write(&*store, &asked(&*store, account, change).await, fence).await;
        assert!(matches!(refused, Err(StoreError::BreakerTripped(None))), "{change:?}: {refused:?}");
    }
    for change in [Change::Close, Change::Cancel, Change::StopLoss { price: None }] {
        write(&*store, &asked(&*store, account, change).await, fence).await.unwrap();
    }
}

async fn spending(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let meant = asked(&*store, account, Change::AddMargin { amount: Sats::new(900) }).await;
    write(&*store, &meant, fence()).await.unwrap();
    let spent = store.find_spending(account, meant.position, at(0)).await.unwrap();
    assert_eq!((spent.position, spent.position_actions, spent.day), (Sats::ZERO, 0, Sats::ZERO));
    assert_eq!(store.list_spending(account).await.unwrap(), []);
}

async fn walls(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    write(&*store, &asked(&*store, account, opening(None)).await, fence()).await.unwrap();
    for broken in ["terms = null", "kind = 'add_margin'", "kind = 'swap'", "amount = 5", "terms = 'no json'"] {
        assert!(by_hand(fresh, &format!("update actions set {broken}")).await.is_err(), "{broken}");
    }
    write(&*store, &asked(&*store, account, Change::CashIn { amount: Sats::new(1) }).await, fence()).await.unwrap();
    let negative = by_hand(fresh, "update actions set amount = -1 where kind = 'cash_in'").await;
    assert!(negative.is_err(), "an amount is positive");
}

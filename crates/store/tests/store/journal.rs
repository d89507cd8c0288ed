//! The intent journal: one open action a position, and caps that count what may have happened.

use crate::database::{Fresh, on_both};
use crate::sample::{at, entry, fence, guard, intent, position, stored_account, write};
use domain::action::Intent;
use domain::{ActionId, ActionState, GuardId, Reason, Sats};
use store::{FrozenAction, LedgerFilter, StoreError};

on_both!(f10_of_many_intents_on_one_position_one_wins, many_intents);
on_both!(a_position_is_free_again_only_when_its_action_has_ended, open_states);
on_both!(what_may_have_been_spent_counts_until_it_is_refuted, spending);
on_both!(an_emergency_rides_on_one_open_top_up_and_none_rides_on_it, emergencies);
on_both!(f10_what_an_older_rule_decided_is_not_written, older_rules);
on_both!(f04_a_frozen_position_gets_nothing_until_a_person_thaws_it, freezes);
on_both!(f10_of_two_who_save_a_rule_at_once_one_is_told_to_read_again, two_savers);

async fn many_intents(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let account = stored_account(&*store).await;
    let trade = position();
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..32 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        tries.spawn(async move { write(&*store, &intent(account, trade, 1_000 + turn, 10), fence()).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict))).count(), 31);
    assert_eq!(store.list_actions(account, 100).await.unwrap().len(), 1);
    // Another position is not held up.
    write(&*store, &intent(account, position(), 1, 10), fence()).await.unwrap();
}

async fn open_states(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let trade = position();
    for end in [ActionState::Proved, ActionState::Refuted] {
        let first = intent(account, trade, 1_000, 10);
        write(&*store, &first, fence()).await.unwrap();
        let blocked = async |state| {
            let second = write(&*store, &intent(account, trade, 1_000, 11), fence()).await;
            assert!(matches!(second, Err(StoreError::Conflict)), "{state:?} must block");
        };
        store.settle_action(first.id, ActionState::Unknown, &[]).await.unwrap();
        blocked(ActionState::Unknown).await;
        let back = store.settle_action(first.id, ActionState::Intent, &[]).await;
        assert!(matches!(back, Err(StoreError::Conflict)), "nothing becomes an intent again");
        if end == ActionState::Refuted {
            store.settle_action(first.id, ActionState::Frozen, &[]).await.unwrap();
            blocked(ActionState::Frozen).await;
            let thawed = store.settle_action(first.id, ActionState::Proved, &[]).await;
            assert!(matches!(thawed, Err(StoreError::Conflict)), "only a person ends a freeze");
            store.thaw_position(account, trade, FrozenAction::DidNotHappen, &[]).await.unwrap();
        } else {
            store.settle_action(first.id, end, &[]).await.unwrap();
        }
        // What has ended stays so, and nothing is written about a second end.
        let twice = [entry(account, Some(trade), Reason::ExchangeReadable, true)];
        let again = store.settle_action(first.id, ActionState::Refuted, &twice).await;
        assert!(matches!(again, Err(StoreError::Conflict)));
    }
    assert!(store.list_ledger(account, LedgerFilter::newest(9)).await.unwrap().is_empty());
    assert!(store.list_open_actions(account).await.unwrap().is_empty());
}

async fn spending(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let trade = position();
    let states = [ActionState::Proved, ActionState::Refuted, ActionState::Unknown];
    for (turn, state) in states.into_iter().enumerate() {
        let amount = 10_i64.pow(turn as u32);
        let meant = intent(account, trade, amount, 100 + amount);
        write(&*store, &meant, fence()).await.unwrap();
        store.settle_action(meant.id, state, &[]).await.unwrap();
    }
    let spent = store.find_spending(account, trade, at(0)).await.unwrap();
    assert_eq!((spent.position, spent.position_actions), (Sats::new(101), 2));
    assert_eq!(spent.last_action_at, Some(at(200)));
    let elsewhere = store.find_spending(account, position(), at(0)).await.unwrap();
    assert_eq!((elsewhere.position, elsewhere.position_actions, elsewhere.last_action_at), (Sats::ZERO, 0, None));
    assert_eq!(elsewhere.day, Sats::new(101), "the day's limit is the account's");
    let stranger = stored_account(&*store).await;
    assert_eq!(store.find_spending(stranger, trade, at(0)).await.unwrap().day, Sats::ZERO);
}

async fn two_savers(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    assert!(matches!(store.save_guard(account, &guard(2)).await, Err(StoreError::Conflict)), "1 comes first");
    store.save_guard(account, &guard(1)).await.unwrap();
    let (one, two) = (guard(2), guard(2));
    let (one, two) = tokio::join!(store.save_guard(account, &one), store.save_guard(account, &two));
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(store.list_guard_versions(account).await.unwrap().len(), 2);
}

async fn emergencies(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let trade = position();
    let first = intent(account, trade, 1_000, 10);
    let beside = |on: ActionId, amount| Intent { rides_on: Some(on), ..intent(account, trade, amount, 11) };
    let nothing = write(&*store, &beside(first.id, 7), fence()).await;
    assert!(matches!(nothing, Err(StoreError::Conflict)), "there is nothing to ride on");
    write(&*store, &first, fence()).await.unwrap();
    store.settle_action(first.id, ActionState::Unknown, &[]).await.unwrap();
    let rider = beside(first.id, 7);
    write(&*store, &rider, fence()).await.unwrap();
    for refused in [beside(first.id, 8), beside(rider.id, 8), intent(account, trade, 8, 12)] {
        assert!(matches!(write(&*store, &refused, fence()).await, Err(StoreError::Conflict)), "one at a time");
    }
    assert_eq!(store.find_spending(account, trade, at(0)).await.unwrap().position, Sats::new(1_007));
    store.settle_action(rider.id, ActionState::Proved, &[]).await.unwrap();
    write(&*store, &beside(first.id, 9), fence()).await.unwrap();
    let shares_fate = store.list_unsettled_actions(account).await.unwrap();
    assert_eq!(shares_fate.len(), 3, "the emergency that is proved belongs to the books of what it rides on");
    store.settle_action(first.id, ActionState::Refuted, &[]).await.unwrap();
    let alone = write(&*store, &intent(account, trade, 8, 12), fence()).await;
    assert!(matches!(alone, Err(StoreError::Conflict)), "an open emergency blocks, too");
}

/// A guard may go for a moment by what it read before a rule was saved; another guard's number means nothing.
async fn older_rules(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    store.save_guard(account, &guard(1)).await.unwrap();
    write(&*store, &intent(account, position(), 1_000, 10), fence()).await.unwrap();
    store.save_guard(account, &guard(2)).await.unwrap();
    let older = write(&*store, &intent(account, position(), 1_000, 20), fence()).await;
    assert!(matches!(older, Err(StoreError::Conflict)), "{older:?}");
    let newest = Intent { guard_version: 2, ..intent(account, position(), 1_000, 30) };
    write(&*store, &newest, fence()).await.unwrap();
    let another = GuardId::from_uuid(uuid::Uuid::from_u128(8));
    write(&*store, &Intent { guard: another, ..intent(account, position(), 1_000, 40) }, fence()).await.unwrap();
}

async fn freezes(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let trade = position();
    let said = [entry(account, Some(trade), Reason::ExchangeReadable, true)];
    store.freeze_position(account, trade, at(5), &said).await.unwrap();
    store.freeze_position(account, trade, at(6), &[]).await.unwrap();
    assert_eq!(store.list_freezes(account).await.unwrap(), [trade]);
    let refused = write(&*store, &intent(account, trade, 1_000, 10), fence()).await;
    assert!(matches!(refused, Err(StoreError::Frozen)), "{refused:?}");
    write(&*store, &intent(account, position(), 1_000, 10), fence()).await.unwrap();
    store.thaw_position(account, trade, FrozenAction::Happened, &said).await.unwrap();
    let again = store.thaw_position(account, trade, FrozenAction::Happened, &said).await;
    assert!(matches!(again, Err(StoreError::NothingFrozen)));
    write(&*store, &intent(account, trade, 1_000, 10), fence()).await.unwrap();
    assert_eq!(store.list_ledger(account, LedgerFilter::newest(9)).await.unwrap().len(), 2);
}

//! The intent journal: one open action a position, and caps that count what may have happened.

use crate::database::{Fresh, on_both};
use crate::sample::{at, entry, fence, guard, intent, position, stored_account};
use domain::{ActionState, Reason, Sats};
use store::{LedgerFilter, StoreError};

on_both!(f10_of_many_intents_on_one_position_one_wins, many_intents);
on_both!(a_position_is_free_again_only_when_its_action_has_ended, open_states);
on_both!(what_may_have_been_spent_counts_until_it_is_refuted, spending);
on_both!(f10_of_two_who_save_a_rule_at_once_one_is_told_to_read_again, two_savers);

async fn many_intents(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let account = stored_account(&*store).await;
    let trade = position();
    let mut tries = tokio::task::JoinSet::new();
    for turn in 0..32 {
        let store = if turn % 2 == 0 { store.clone() } else { other.clone() };
        tries.spawn(async move { store.commit_intent(&intent(account, trade, 1_000 + turn, 10), fence()).await });
    }
    let outcomes = tries.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict))).count(), 31);
    assert_eq!(store.list_actions(account, 100).await.unwrap().len(), 1);
    // Another position is not held up.
    store.commit_intent(&intent(account, position(), 1, 10), fence()).await.unwrap();
}

async fn open_states(fresh: &Fresh) {
    let store = fresh.open().await;
    let account = stored_account(&*store).await;
    let trade = position();
    for end in [ActionState::Proved, ActionState::Refuted] {
        let first = intent(account, trade, 1_000, 10);
        store.commit_intent(&first, fence()).await.unwrap();
        for state in [ActionState::Unknown, ActionState::Frozen] {
            store.settle_action(first.id, state, &[]).await.unwrap();
            let second = store.commit_intent(&intent(account, trade, 1_000, 11), fence()).await;
            assert!(matches!(second, Err(StoreError::Conflict)), "{state:?} must block");
        }
        store.settle_action(first.id, end, &[]).await.unwrap();
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
        store.commit_intent(&meant, fence()).await.unwrap();
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

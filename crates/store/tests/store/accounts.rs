//! An account that is taken out of service: its key is gone, its record is not.

use crate::database::{Fresh, on_both};
use crate::sample::{account, at, fence, intent, position, stored_account, write};
use domain::ActionState;
use store::StoreError;

on_both!(a_removed_account_keeps_nothing_that_opens_the_exchange_and_frees_its_name, removed);
on_both!(nothing_is_written_for_an_account_that_was_removed, fenced);
on_both!(an_account_with_an_action_of_unknown_fate_is_not_removed, under_way);

async fn removed(fresh: &Fresh) {
    let store = fresh.open().await;
    let id = stored_account(&*store).await;
    let owner = store.find_account(id).await.unwrap().unwrap().user;
    store.remove_account(id, at(10)).await.unwrap();
    assert!(store.find_account(id).await.unwrap().is_none());
    assert!(store.list_accounts(owner).await.unwrap().is_empty());
    assert!(store.list_every_account().await.unwrap().is_empty());
    assert!(matches!(store.remove_account(id, at(11)).await, Err(StoreError::Conflict)));
    let key = "select count(*) from accounts where length(sealed_key) > 0";
    let left: i64 = if fresh.url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(&fresh.url).await.unwrap();
        sqlx::query_scalar(key).fetch_one(&pool).await.unwrap()
    } else {
        let pool = sqlx::PgPool::connect(&fresh.url).await.unwrap();
        sqlx::query_scalar(key).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(left, 0);
    store.insert_account(&account(owner, "main")).await.expect("the name is free again");
}

async fn fenced(fresh: &Fresh) {
    let (store, other) = (fresh.open().await, fresh.open().await);
    let id = stored_account(&*store).await;
    other.remove_account(id, at(10)).await.unwrap();
    let tried = write(&*store, &intent(id, position(), 10, 100), fence()).await;
    assert!(matches!(tried, Err(StoreError::Fenced)), "{tried:?}");
    assert!(!other.list_stops(id).await.unwrap().is_empty(), "whoever takes the lease anew sends nothing, too");
}

async fn under_way(fresh: &Fresh) {
    let store = fresh.open().await;
    let id = stored_account(&*store).await;
    let sent = intent(id, position(), 10, 100);
    write(&*store, &sent, fence()).await.unwrap();
    store.settle_action(sent.id, ActionState::Unknown, &[]).await.unwrap();
    assert!(matches!(store.remove_account(id, at(10)).await, Err(StoreError::Conflict)));
    let next = intent(id, position(), 10, 200);
    write(&*store, &next, fence()).await.expect("it is guarded as before");
    for (id, state) in [(sent.id, ActionState::Proved), (next.id, ActionState::Refuted)] {
        store.settle_action(id, state, &[]).await.unwrap();
    }
    store.remove_account(id, at(300)).await.unwrap();
}

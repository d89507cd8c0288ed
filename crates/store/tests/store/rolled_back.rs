//! F-14: a transaction that SQLite ends by itself, as it does where the disk is full.

use crate::sample;
use store::StoreError;

#[tokio::test]
async fn f14_a_transaction_that_the_database_ended_by_itself_is_not_the_end_of_writing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let store = store::open(&url).await.unwrap();
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let full =
        "create trigger full before insert on users begin select raise(rollback, 'as if the disk were full'); end";
    sqlx::query(full).execute(&pool).await.unwrap();
    let user = sample::user("ana");
    for _ in 0..3 {
        let refused = store.insert_user(&user).await;
        let Err(StoreError::Database(error)) = &refused else { panic!("{refused:?}") };
        assert!(error.to_string().contains("as if the disk were full"), "{error}");
    }
    sqlx::query("drop trigger full").execute(&pool).await.unwrap();
    store.insert_user(&user).await.unwrap();
    assert!(store.find_user(user.id).await.unwrap().is_some());
}

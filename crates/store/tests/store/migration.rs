//! A database of another version.

use crate::database::{Fresh, on_both};
use sqlx::AssertSqlSafe;
use store::StoreError;

on_both!(f53_a_database_of_a_newer_program_is_refused, newer);

async fn newer(fresh: &Fresh) {
    drop(fresh.open().await);
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                 values (9999, 'of the future', true, ";
    if fresh.url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(&fresh.url).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("{newer} x'00', 0)"))).execute(&pool).await.unwrap();
    } else {
        let pool = sqlx::PgPool::connect(&fresh.url).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("{newer} '\\x00', 0)"))).execute(&pool).await.unwrap();
    }
    assert!(matches!(store::open(&fresh.url).await, Err(StoreError::Migration(_))));
}

/// Several instances may start together on PostgreSQL.
#[tokio::test]
async fn f53_opening_twice_at_once_migrates_once() {
    let Some(fresh) = Fresh::postgres().await else { return };
    let (one, two) = tokio::join!(store::open(&fresh.url), store::open(&fresh.url));
    assert_eq!(one.unwrap().count_users().await.unwrap(), 0);
    assert_eq!(two.unwrap().count_users().await.unwrap(), 0);
}

/// Both folders hold the same steps under the same names.
#[test]
fn both_databases_take_the_same_steps() {
    let names = |folder: &str| {
        let folder = format!("{}/../../migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

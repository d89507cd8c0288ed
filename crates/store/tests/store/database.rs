//! A fresh database for one test, on SQLite or on the PostgreSQL server that `AXISOR_TEST_POSTGRES` names.

use crate::sample::fresh_uuid;
use sqlx::AssertSqlSafe;
use std::sync::Arc;
use store::Store;

pub struct Fresh {
    pub url: String,
    /// Keeps SQLite's files until the test ends.
    _folder: Option<tempfile::TempDir>,
}

impl Fresh {
    pub fn sqlite() -> Fresh {
        let folder = tempfile::tempdir().unwrap();
        Fresh { url: format!("sqlite:{}", folder.path().join("axisor.db").display()), _folder: Some(folder) }
    }

    /// `None`, said aloud, where no server is given; a build server must give one.
    pub async fn postgres() -> Option<Fresh> {
        let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
            assert!(std::env::var("CI").is_err(), "AXISOR_TEST_POSTGRES is not set");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set; `cargo xtask test` sets it");
            return None;
        };
        let name = format!("store_{}_{}", std::process::id(), fresh_uuid().simple());
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("drop database if exists {name}"))).execute(&pool).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
        let (server, _) = server.rsplit_once('/').unwrap();
        Some(Fresh { url: format!("{server}/{name}"), _folder: None })
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        store::open(&self.url).await.unwrap()
    }
}

/// Runs a statement past the program, as a hand with a database shell would.
pub async fn by_hand(fresh: &Fresh, statement: &str) -> Result<u64, sqlx::Error> {
    let statement = AssertSqlSafe(statement.to_owned());
    if fresh.url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(&fresh.url).await?;
        Ok(sqlx::query(statement).execute(&pool).await?.rows_affected())
    } else {
        let pool = sqlx::PgPool::connect(&fresh.url).await?;
        Ok(sqlx::query(statement).execute(&pool).await?.rows_affected())
    }
}

/// One test on each database.
macro_rules! on_both {
    ($name:ident, $story:path) => {
        mod $name {
            use super::*;

            #[tokio::test]
            async fn on_sqlite() {
                $story(&$crate::database::Fresh::sqlite()).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(fresh) = $crate::database::Fresh::postgres().await {
                    $story(&fresh).await;
                }
            }
        }
    };
}
pub(crate) use on_both;

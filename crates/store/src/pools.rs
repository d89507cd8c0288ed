//! The two databases: their connections, and how each begins to read and to write.

use crate::beside::Beside;
use crate::life::{AdvisoryLocks, LockFiles};
use crate::writing::{Entry, Writing};
use crate::{Result, StoreError, outbox};
use sqlx::{PgPool, Pool, SqlitePool, Transaction};
use std::sync::Arc;

/// SQLite: one connection writes, several read.
#[derive(Clone)]
pub struct Sqlite {
    pub(crate) writer: SqlitePool,
    /// Writes intents, or gives up at once where somebody else is writing: a statement that waited might be carried out
    /// after whoever sent it has ceased to wait.
    pub(crate) urgent: SqlitePool,
    pub(crate) reader: SqlitePool,
    pub(crate) life: Arc<LockFiles>,
    pub(crate) beside: Arc<Beside>,
    pub(crate) entry: Entry,
}

impl Sqlite {
    pub(crate) const CLAIM_NOTICES: &'static str = outbox::claim_statement!("");

    /// Takes the write lock at once: a transaction that reads first and writes later could be refused half way.
    pub(crate) async fn begin_write(&self) -> Result<Writing<sqlx::Sqlite>> {
        let transaction = match self.begin_immediate().await {
            // SQLite ends a transaction by itself where the disk is full, and the connection still counts it: with this
            // one nothing could ever begin again.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.writer.acquire().await?.close().await?;
                self.begin_immediate().await
            }
            begun => begun,
        };
        Ok(Writing::new(transaction?, &self.entry))
    }

    async fn begin_immediate(&self) -> sqlx::Result<Transaction<'static, sqlx::Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    pub(crate) fn is_idle(&self) -> bool {
        [&self.writer, &self.urgent, &self.reader].into_iter().all(is_idle)
    }

    pub(crate) fn reading(&self) -> &SqlitePool {
        &self.reader
    }

    /// Where one statement sees and writes one state of the world.
    pub(crate) fn at_once(&self) -> Option<&SqlitePool> {
        Some(&self.urgent)
    }
}

/// PostgreSQL: one pool for all.
#[derive(Clone)]
pub struct Postgres {
    pub(crate) pool: PgPool,
    pub(crate) life: Arc<AdvisoryLocks>,
    pub(crate) beside: Arc<Beside>,
    pub(crate) entry: Entry,
}

impl Postgres {
    /// A worker passes over what another is just taking, and does not wait for it.
    pub(crate) const CLAIM_NOTICES: &'static str = outbox::claim_statement!("for update skip locked");

    pub(crate) async fn begin_write(&self) -> Result<Writing<sqlx::Postgres>> {
        let transaction = self.pool.begin().await.map_err(StoreError::Database)?;
        Ok(Writing::new(transaction, &self.entry))
    }

    pub(crate) fn is_idle(&self) -> bool {
        is_idle(&self.pool)
    }

    pub(crate) fn reading(&self) -> &PgPool {
        &self.pool
    }

    /// Others may write while a statement runs: what it goes by has to be locked first.
    pub(crate) fn at_once(&self) -> Option<&PgPool> {
        None
    }
}

/// Whether each of its connections is back.
fn is_idle<D: sqlx::Database>(pool: &Pool<D>) -> bool {
    usize::try_from(pool.size()).is_ok_and(|size| size <= pool.num_idle())
}

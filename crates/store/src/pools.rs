//! The two databases: their connections, and how each begins to read and to write.

use crate::beside::Beside;
use crate::life::{AdvisoryLocks, LockFiles};
use crate::open::PATIENCE;
use crate::writing::{Entry, Writing};
use crate::{Result, StoreError, outbox};
use sqlx::{PgPool, Pool, SqlitePool, Transaction};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::time::timeout;

/// SQLite: one connection writes, several read.
#[derive(Clone)]
pub struct Sqlite {
    pub(crate) writer: SqlitePool,
    /// Writes intents, or gives up at once where somebody else is writing: a statement that waited might be carried out
    /// after whoever sent it has ceased to wait.
    pub(crate) urgent: SqlitePool,
    pub(crate) reader: SqlitePool,
    /// Whose turn it is among those that can wait: only one of them at a time is in the way of what is urgent.
    pub(crate) turn: Arc<Mutex<()>>,
    pub(crate) life: Arc<LockFiles>,
    pub(crate) beside: Arc<Beside>,
    pub(crate) entry: Entry,
}

impl Sqlite {
    pub(crate) const CLAIM_NOTICES: &'static str = outbox::claim_statement!("");

    /// For what can wait.
    pub(crate) async fn begin_write(&self) -> Result<Writing<sqlx::Sqlite>> {
        let turn = timeout(PATIENCE, Arc::clone(&self.turn).lock_owned()).await;
        let turn = turn.map_err(|_| StoreError::Database(sqlx::Error::PoolTimedOut))?;
        Ok(self.begin_urgent().await?.in_turn(turn))
    }

    /// For what moves money, holds it back, or says why: however many sign-ins there are, it waits for one of them.
    ///
    /// Takes the write lock at once: a transaction that reads first and writes later could be refused half way.
    pub(crate) async fn begin_urgent(&self) -> Result<Writing<sqlx::Sqlite>> {
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
        self.begin_urgent().await
    }

    /// Here nobody waits for another's writing.
    pub(crate) async fn begin_urgent(&self) -> Result<Writing<sqlx::Postgres>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::{Care, open_sqlite};
    use tokio::task::JoinSet;
    use tokio::time::{Duration, sleep};

    #[tokio::test]
    async fn what_is_urgent_waits_for_one_of_those_that_can_wait_and_not_for_all() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("axisor.db").display());
        let database = open_sqlite(&url, Care::Trusting).await.unwrap();
        let begun = database.begin_write().await.unwrap();
        let (order, mut tasks) = (Arc::new(std::sync::Mutex::new(Vec::new())), JoinSet::new());
        for is_urgent in [false, false, false, true] {
            let (database, order) = (database.clone(), Arc::clone(&order));
            tasks.spawn(async move {
                let writing = if is_urgent { database.begin_urgent().await } else { database.begin_write().await };
                order.lock().unwrap().push(is_urgent);
                writing.unwrap().commit().await.unwrap();
            });
        }
        sleep(Duration::from_millis(50)).await;
        begun.commit().await.unwrap();
        tasks.join_all().await;
        assert_eq!(*order.lock().unwrap(), [true, false, false, false]);
    }
}

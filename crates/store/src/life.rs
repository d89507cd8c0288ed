//! Signs of life that end with their process, however it ends: a lease whose owner is certainly dead need not run out.
//!
//! On SQLite a locked file beside the database, which the kernel unlocks; on PostgreSQL a session's advisory lock, which
//! the server gives back when the connection breaks. A process that only stands still keeps both.

use crate::{Result, StoreError};
use domain::InstanceId;
use sqlx::{Connection, PgConnection, PgPool};
use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// For SQLite; without a folder (a database in memory) nobody else can be there.
pub struct LockFiles {
    database: Option<PathBuf>,
    held: Mutex<HashMap<InstanceId, File>>,
}

impl LockFiles {
    pub fn new(database: Option<PathBuf>) -> LockFiles {
        LockFiles { database, held: Mutex::default() }
    }

    pub async fn show(&self, instance: InstanceId) -> Result<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = self.path(instance).filter(|_| !held.contains_key(&instance)) {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(io)?;
            file.try_lock().map_err(|error| io(error.into()))?;
            held.insert(instance, file);
        }
        Ok(())
    }

    /// The file of a program that is gone is removed.
    pub async fn is_gone(&self, instance: InstanceId) -> Result<bool> {
        let Some(path) = self.path(instance) else { return Ok(false) };
        let Ok(file) = OpenOptions::new().write(true).open(&path) else { return Ok(false) };
        match file.try_lock() {
            Ok(()) => std::fs::remove_file(path).map(|()| true).map_err(io),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    fn path(&self, instance: InstanceId) -> Option<PathBuf> {
        let mut name = self.database.as_ref()?.file_name()?.to_owned();
        name.push(format!(".alive-{instance}"));
        Some(self.database.as_ref()?.with_file_name(name))
    }
}

impl Drop for LockFiles {
    fn drop(&mut self) {
        // Where programs die within a test, their files stay behind as a kill leaves them.
        if cfg!(feature = "failpoints") {
            return;
        }
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        for instance in held.keys() {
            // A file that stays behind is removed by whoever takes over.
            let _ = self.path(*instance).map(std::fs::remove_file);
        }
    }
}

/// For PostgreSQL.
pub struct AdvisoryLocks {
    pool: PgPool,
    held: tokio::sync::Mutex<HashMap<InstanceId, PgConnection>>,
}

impl AdvisoryLocks {
    pub fn new(pool: PgPool) -> AdvisoryLocks {
        AdvisoryLocks { pool, held: tokio::sync::Mutex::default() }
    }

    /// A connection that broke is made anew: until then others may take this program for dead, which costs it its
    /// leases and nothing else.
    pub async fn show(&self, instance: InstanceId) -> Result<()> {
        let mut held = self.held.lock().await;
        if let Some(connection) = held.get_mut(&instance)
            && connection.ping().await.is_ok()
        {
            return Ok(());
        }
        let mut connection = PgConnection::connect_with(&self.pool.connect_options()).await?;
        sqlx::query("select pg_advisory_lock($1)").bind(key(instance)).execute(&mut connection).await?;
        held.insert(instance, connection);
        Ok(())
    }

    /// A lock that another session can have is held by nobody.
    pub async fn is_gone(&self, instance: InstanceId) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let query = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)").bind(key(instance));
        let is_free = query.fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(is_free)
    }
}

/// The half of the id that is chance.
fn key(instance: InstanceId) -> i64 {
    let [.., a, b, c, d, e, f, g, h] = *instance.uuid().as_bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn io(error: std::io::Error) -> StoreError {
    StoreError::Database(sqlx::Error::Io(error))
}

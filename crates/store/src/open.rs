//! From a database's address to a migrated [`Store`].

use crate::beside::Beside;
use crate::life::{AdvisoryLocks, LockFiles};
use crate::pools::{Postgres, Sqlite};
use crate::writing::Entry;
use crate::{Result, Store, StoreError, whole};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// How long a call waits for a free connection, or SQLite for another process to let go.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// Opens `sqlite:PATH` (made where absent) or `postgres://…`, and brings its tables up to date: for one command, which
/// does not wait until everything in it was looked through.
///
/// Fails with [`StoreError::Migration`] on a database that a newer version of this program has written.
pub async fn open(url: &str) -> Result<Arc<dyn Store>> {
    let beside = Beside::default();
    if is_postgres(url) { in_postgres(url, beside).await } else { in_sqlite(url, beside, Care::Trusting).await }
}

/// The same for the program that serves: with something that stands in for it while it does not answer. What was
/// journaled before is taken in first, and a database that is damaged is refused with [`StoreError::Damaged`].
pub async fn open_beside(url: &str, beside: Beside) -> Result<Arc<dyn Store>> {
    if is_postgres(url) { in_postgres(url, beside).await } else { in_sqlite(url, beside, Care::Checking).await }
}

/// Whether it is made sure of a SQLite file, before it is used, that it is whole and can be written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Care {
    Trusting,
    Checking,
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

async fn in_postgres(url: &str, beside: Beside) -> Result<Arc<dyn Store>> {
    let database = Postgres { beside: Arc::new(beside.of(url)), ..open_postgres(url).await? };
    database.take_in_left_journals().await?;
    Ok(Arc::new(database))
}

async fn in_sqlite(url: &str, beside: Beside, care: Care) -> Result<Arc<dyn Store>> {
    let database = Sqlite { beside: Arc::new(beside.of(url)), ..open_sqlite(url, care).await? };
    database.take_in_left_journals().await?;
    Ok(Arc::new(database))
}

/// One connection writes, so that no write of ours waits for another's lock; a commit is on disk when it returns.
pub(crate) async fn open_sqlite(url: &str, care: Care) -> Result<Sqlite> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    // A connection is a thread, and stays: one that another thread makes anew would stand back as that thread does.
    let pool = || {
        let options = SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
        options.idle_timeout(None).max_lifetime(None)
    };
    let file = options.get_filename().to_owned();
    let writer = pool().max_connections(1).connect_with(options.clone()).await;
    let writer = writer.map_err(|error| whole::damage(&file, error))?;
    if care == Care::Checking {
        whole::check(&writer, &file).await?;
    }
    sqlx::migrate!("../../migrations/sqlite").run(&writer).await.map_err(StoreError::Migration)?;
    if care == Care::Checking {
        // A file that can be read and not written is known now, and not at the first top-up. To begin is not enough:
        // there SQLite begins to read.
        let mut trial = writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("update settings set value = value").execute(&mut *trial).await?;
        trial.rollback().await?;
    }
    let urgent = pool().max_connections(1).connect_with(options.clone().busy_timeout(Duration::ZERO)).await?;
    let reader =
        pool().min_connections(READERS).max_connections(READERS).connect_with(options.clone().read_only(true)).await?;
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    let database = (!in_memory).then_some(file);
    let (turn, life, beside) = (Arc::default(), Arc::new(LockFiles::new(database)), Arc::default());
    Ok(Sqlite { writer, urgent, reader, turn, life, beside, entry: Entry::default() })
}

/// A commit is on disk when it returns, whatever the server's default is.
async fn open_postgres(url: &str) -> Result<Postgres> {
    let options = PgConnectOptions::from_str(url)?.options([
        ("synchronous_commit", "on"),
        ("statement_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "30s"),
    ]);
    let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(PATIENCE);
    let pool = pool.connect_with(options).await?;
    sqlx::migrate!("../../migrations/postgres").run(&pool).await.map_err(StoreError::Migration)?;
    let (life, beside) = (Arc::new(AdvisoryLocks::new(pool.clone())), Arc::default());
    Ok(Postgres { life, pool, beside, entry: Entry::default() })
}

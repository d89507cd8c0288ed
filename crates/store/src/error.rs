//! Why the database did not do it.

use crate::Trip;
use domain::brake::StopScope;
use domain::{PlanFull, Timestamp};
use std::io;
use std::path::PathBuf;

/// Split by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The name or id is taken.
    #[error("it exists already")]
    Duplicate,
    /// The world moved on: read again.
    #[error("it was changed meanwhile")]
    Conflict,
    /// Somebody's plan allows no more of this; nothing was done.
    #[error(transparent)]
    Full(PlanFull),
    /// The audit's entry about it has a number that is taken; nothing was done.
    #[error("the audit moved on")]
    AuditMovedOn,
    /// Another process owns the account, or the lease has run out.
    #[error("another process owns this account")]
    Fenced,
    /// A program of another release serves this database.
    #[error("a program of release {theirs} serves this database too")]
    ReleasesDiffer { theirs: String },
    /// A person pulled the kill switch.
    #[error("the kill switch is pulled")]
    Stopped(StopScope),
    /// The breaker falls with this, or (without a trip) had fallen before.
    #[error("the breaker has fallen")]
    BreakerTripped(Option<Trip>),
    /// The position is frozen until a person has looked.
    #[error("the position is frozen")]
    Frozen,
    /// A person meant to thaw what is not frozen.
    #[error("nothing of this position is frozen")]
    NothingFrozen,
    /// A stored value breaks the rules that it was written under.
    #[error("{table}.{column} of row {row} is corrupt")]
    Corrupt { table: &'static str, column: &'static str, row: String },
    /// The schema is newer than this program, or half way to it.
    #[error("the database cannot be migrated")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The database did not answer, and nothing stands in for it.
    #[error("the database is lost")]
    Lost,
    /// A program that was alone may have gone on beside the database, and its journal is not here: what it sent may
    /// arrive until then.
    #[error("the journal of the owner before is not here")]
    Quiet { until: Timestamp },
    /// Of SQLite: a page was torn, or written by something else.
    #[error(
        "the database {file} is damaged ({fault}): move it away together with the files beside it that begin with its \
         name, and put a backup in its place"
    )]
    Damaged { file: PathBuf, fault: String },
    /// A copy was asked for that cannot be made.
    #[error("the copy {to} cannot be written")]
    Copy { to: PathBuf, source: io::Error },
    /// PostgreSQL has tools of its own for what was asked.
    #[error("this is for SQLite; PostgreSQL is copied with pg_dump")]
    NotSqlite,
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

/// SQLite: busy, locked, read-only, input or output, corrupt, full, cannot open, no database.
const SQLITE_OUTAGES: [u32; 8] = [5, 6, 8, 10, 11, 13, 14, 26];
/// SQLite: busy, locked.
const SQLITE_BUSY: [u32; 2] = [5, 6];
/// SQLite: corrupt, no database.
const SQLITE_DAMAGE: [u32; 2] = [11, 26];
/// SQLite: a sync of a file, or of its folder, failed.
const SQLITE_FAILED_SYNCS: [u32; 2] = [1_034, 1_290];
/// PostgreSQL: connections, read-only transactions, resources, operators, the system.
const POSTGRES_OUTAGES: [&str; 5] = ["08", "25006", "53", "57", "58"];

impl StoreError {
    /// The database itself is in trouble, and not with what was asked of it.
    pub fn is_outage(&self) -> bool {
        let StoreError::Database(error) = self else { return matches!(self, StoreError::Lost) };
        match error {
            sqlx::Error::Database(refused) => match self.sqlite_code() {
                Some(code) => SQLITE_OUTAGES.contains(&(code & 0xff)),
                None => {
                    let code = refused.code().unwrap_or_default();
                    POSTGRES_OUTAGES.iter().any(|class| code.starts_with(class))
                }
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        }
    }

    /// Somebody else is writing to this SQLite.
    pub(crate) fn is_busy(&self) -> bool {
        self.sqlite_code().is_some_and(|code| SQLITE_BUSY.contains(&(code & 0xff)))
    }

    /// What was thought to be on disk may not be.
    pub fn is_failed_sync(&self) -> bool {
        self.sqlite_code().is_some_and(|code| SQLITE_FAILED_SYNCS.contains(&code))
    }

    /// SQLite read what it never wrote so.
    pub(crate) fn is_damage(&self) -> bool {
        self.sqlite_code().is_some_and(|code| SQLITE_DAMAGE.contains(&(code & 0xff)))
    }

    fn sqlite_code(&self) -> Option<u32> {
        let StoreError::Database(sqlx::Error::Database(error)) = self else { return None };
        let code = error.code()?;
        code.parse().ok().filter(|_| code.len() < 5)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match error.as_database_error() {
            Some(refused) if refused.is_unique_violation() => StoreError::Duplicate,
            _ => StoreError::Database(error),
        }
    }
}

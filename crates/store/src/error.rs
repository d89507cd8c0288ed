//! Why the database did not do it.

use crate::Trip;
use domain::brake::StopScope;

/// Split by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The name or id is taken.
    #[error("it exists already")]
    Duplicate,
    /// The world moved on: read again.
    #[error("it was changed meanwhile")]
    Conflict,
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
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match error.as_database_error() {
            Some(refused) if refused.is_unique_violation() => StoreError::Duplicate,
            _ => StoreError::Database(error),
        }
    }
}

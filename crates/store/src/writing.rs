//! A transaction that ends with the audit's entry about it, where there is one to write.

use crate::pools::{Postgres, Sqlite};
use crate::{AuditRow, Result, StoreError, audit};
use sqlx::{Database, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// What the next transaction of a handle has to leave in the audit; most handles owe nothing.
#[derive(Clone, Default)]
pub struct Entry(Arc<Mutex<Option<AuditRow>>>);

impl Entry {
    pub fn of(row: &AuditRow) -> Entry {
        Entry(Arc::new(Mutex::new(Some(row.clone()))))
    }

    /// Handed out once: a second transaction of the same handle is another deed.
    fn take(&self) -> Option<AuditRow> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Undone unless it is committed, and the entry with it.
pub struct Writing<D: Database> {
    transaction: Transaction<'static, D>,
    entry: Option<AuditRow>,
    /// Given on when it has ended.
    turn: Option<OwnedMutexGuard<()>>,
}

impl<D: Database> Writing<D> {
    pub fn new(transaction: Transaction<'static, D>, entry: &Entry) -> Writing<D> {
        Writing { transaction, entry: entry.take(), turn: None }
    }

    pub fn in_turn(self, turn: OwnedMutexGuard<()>) -> Writing<D> {
        Writing { turn: Some(turn), ..self }
    }
}

impl<D: Database> Deref for Writing<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.transaction
    }
}

impl<D: Database> DerefMut for Writing<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.transaction
    }
}

macro_rules! implement_writing {
    ($database:ident, $on:ident) => {
        impl Writing<sqlx::$database> {
            /// The entry comes last, so that nobody else's waits for longer than a commit takes. `AuditMovedOn` where its
            /// number is taken: then nothing was done.
            pub async fn commit(mut self) -> Result<()> {
                if let Some(entry) = &self.entry {
                    match audit::$on::append(&mut self.transaction, entry).await {
                        Err(StoreError::Conflict) => return Err(StoreError::AuditMovedOn),
                        appended => appended?,
                    }
                }
                self.transaction.commit().await?;
                drop(self.turn);
                Ok(())
            }
        }

        impl $database {
            /// The same database, for one write.
            pub(crate) fn with_entry(&self, entry: &AuditRow) -> $database {
                $database { entry: Entry::of(entry), ..self.clone() }
            }
        }
    };
}

implement_writing!(Sqlite, sqlite);
implement_writing!(Postgres, postgres);

//! The audit: who did what, from where, kept so that a change of the past shows.
//!
//! A deed and its entry are one transaction ([`Audit::together`]): a program that is killed leaves both or neither, and
//! what can't be recorded is not done. There are three kinds of deed for which that can't be, or must not be:
//!
//! - Coming in (a sign-in, a fresh confirmation): what it opens is a session, which is written with the answer. Its entry
//!   is on disk before ([`Audit::record`]); without it nobody comes in.
//! - What a refusal leaves behind (a wrong password, a copied passkey, a refresh token that came twice), and a sign-out:
//!   they hold whatever becomes of their entry, which follows them ([`Audit::note`]).
//! - A stop: it is pulled together with its entry, and where that fails, without it. No audit keeps a brake from working.
//!
//! `axisor keys rotate` reseals in many transactions and goes on where it was broken off: its one entry follows the last.

mod chain;
mod head;
mod key;
mod verify;

pub use head::{HeadError, SignedHead};
pub use verify::{Fault, Verdict};

use crate::authority::{Office, holds};
use crate::clock::{Clock, Entropy};
use crate::origin::Origin;
use crate::seal::{SealError, Sealer};
use domain::{AuditAction, UserId};
use key::AuditKey;
use serde::Serialize;
use std::sync::Arc;
use store::{AuditFilter, AuditRow, Store, StoreError};
use tokio::sync::Mutex;

/// Another process that appends at the same time is waited for this often.
const TRIES: usize = 64;

/// Appends to the audit, and vouches for it.
pub struct Audit {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    key: AuditKey,
    /// Within one process, one appends after the other.
    turn: Mutex<()>,
}

/// A deed to be recorded.
#[derive(Clone, Debug)]
pub struct Deed {
    pub actor: Option<UserId>,
    pub origin: Origin,
    pub action: AuditAction,
    /// What it was done to; never a secret, never a word that somebody typed into the wrong field.
    pub subject: String,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("the audit cannot be written or read now")]
    Store(#[from] StoreError),
    #[error("the key that signs the audit does not open")]
    Key(#[from] SealError),
    #[error("the audit has entries and the key that signed them is gone: somebody removed it from the database")]
    KeyGone,
}

impl Deed {
    pub fn new(actor: Option<UserId>, origin: &Origin, action: AuditAction, subject: impl Into<String>) -> Deed {
        Deed { actor, origin: origin.clone(), action, subject: subject.into(), before: None, after: None }
    }

    /// What was before.
    pub fn from<T: Serialize>(mut self, value: &T) -> Deed {
        self.before = serde_json::to_string(value).ok();
        self
    }

    /// What is after.
    pub fn to<T: Serialize>(mut self, value: &T) -> Deed {
        self.after = serde_json::to_string(value).ok();
        self
    }
}

impl Audit {
    /// Finds the key that signs the audit, or makes it for an audit that has no entries.
    pub async fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: &dyn Entropy,
        sealer: &Sealer,
    ) -> Result<Audit, AuditError> {
        let key = AuditKey::find_or_make(&*store, entropy, sealer).await?;
        Ok(Audit { store, clock, key, turn: Mutex::new(()) })
    }

    /// Appends a deed in a transaction of its own; answers its number.
    pub async fn record(&self, deed: Deed) -> Result<i64, StoreError> {
        let _turn = self.turn.lock().await;
        for _ in 0..TRIES {
            let newest = self.store.find_newest_audit().await?;
            let row = self.next(newest.as_ref(), &deed);
            match self.store.append_audit(&row).await {
                Ok(()) => return Ok(row.seq),
                Err(StoreError::Conflict) => tokio::task::yield_now().await,
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::AuditMovedOn)
    }

    /// Does a deed and appends it, in one transaction: `write` makes one write to the store that it is given, and is tried
    /// again where another entry took its number.
    pub async fn together<T, F, Writing>(&self, deed: &Deed, write: F) -> Result<T, StoreError>
    where
        F: Fn(Arc<dyn Store>) -> Writing + Send,
        Writing: Future<Output = Result<T, StoreError>> + Send,
    {
        let _turn = self.turn.lock().await;
        for _ in 0..TRIES {
            let newest = self.store.find_newest_audit().await?;
            match write(self.store.recording(&self.next(newest.as_ref(), deed))).await {
                Err(StoreError::AuditMovedOn) => tokio::task::yield_now().await,
                done => return done,
            }
        }
        Err(StoreError::AuditMovedOn)
    }

    /// Appends a deed that holds whatever becomes of its entry: what can't be recorded is said in the log.
    pub async fn note(&self, deed: Deed) {
        let (action, actor) = (deed.action.as_str(), deed.actor);
        if let Err(error) = self.record(deed).await {
            tracing::error!(%error, action, ?actor, "a deed is MISSING from the audit");
        }
    }

    /// The newest entry as a signed head, to be kept elsewhere; `None` for an empty audit.
    pub async fn head(&self) -> Result<Option<SignedHead>, AuditError> {
        let newest = self.store.find_newest_audit().await?;
        Ok(newest.map(|row| SignedHead::of(&row, self.key.public())))
    }

    /// Entries after `after`, oldest first.
    pub async fn list(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, AuditError> {
        Ok(self.store.list_audit(after, limit).await?)
    }

    pub(crate) async fn list_newest(&self, filter: &AuditFilter) -> Result<Vec<AuditRow>, StoreError> {
        self.store.list_newest_audit(filter).await
    }

    /// Whether somebody reads what all did.
    pub(crate) async fn is_answered_for_by(&self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.store.find_role(user).await?.is_some_and(|role| holds(role, Office::Administer)))
    }

    /// Checks every entry, and that the audit still holds each of the heads that were kept elsewhere.
    pub async fn verify(&self, kept: &[SignedHead]) -> Result<Verdict, AuditError> {
        verify::verify(&*self.store, self.key.public(), kept).await
    }

    fn next(&self, newest: Option<&AuditRow>, deed: &Deed) -> AuditRow {
        let mut row = AuditRow {
            seq: newest.map_or(1, |newest| newest.seq + 1),
            at: self.clock.now(),
            actor: deed.actor,
            source: deed.origin.to_string(),
            action: deed.action.as_str().to_owned(),
            subject: deed.subject.clone(),
            before: deed.before.clone(),
            after: deed.after.clone(),
            previous: newest.map_or([0; 32], |newest| newest.hash),
            hash: [0; 32],
            signature: Vec::new(),
        };
        row.hash = chain::hash(&row);
        row.signature = self.key.sign(&chain::head(row.seq, &row.hash));
        row
    }
}

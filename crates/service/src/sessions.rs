//! Where a person is signed in: to be seen, and to be ended at once.

use crate::audit::Audit;
use crate::clock::Clock;
use crate::deeds::{Caller, Confirmed};
use async_trait::async_trait;
use domain::{AuditAction, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use store::{Session, Store, StoreError};

/// What a session knows of where it is used; kept with the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    pub signed_in_at: Timestamp,
    pub address: String,
    pub agent: String,
}

/// The keys of a session's own data.
pub const WHEREABOUTS_KEY: &str = "whereabouts";
pub const SEEN_KEY: &str = "seen_at";

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// Names the session; opens nothing.
    pub id: String,
    pub is_this_one: bool,
    pub seen_at: Timestamp,
    pub whereabouts: Whereabouts,
}

/// The part of a session's data that the list needs.
#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    whereabouts: Whereabouts,
    #[serde(default)]
    seen_at: Timestamp,
}

/// The name under which a session is stored: a hash of its id, so that a copy of the database opens no door.
pub fn stored_name(id: i128) -> String {
    hex::encode(Sha256::digest(id.to_be_bytes()))
}

/// Where sessions are kept. Whoever keeps them, each one that somebody is signed in with has its row in the database, and
/// has ended once that is gone: what ends a session deletes the row, in the transaction of whatever it is for.
#[async_trait]
pub trait SessionKeep: Send + Sync {
    /// `Duplicate` where the id is taken.
    async fn insert(&self, session: &Session) -> Result<(), StoreError>;
    /// Never brings back a session that was ended.
    async fn save(&self, session: &Session) -> Result<(), StoreError>;
    /// `None` once it has expired or was ended, and for who is suspended.
    async fn find(&self, id: &str, now: Timestamp) -> Result<Option<Session>, StoreError>;
    async fn delete(&self, id: &str) -> Result<(), StoreError>;
    /// A user's sessions that have not expired.
    async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError>;
}

/// In the database, whole.
struct InDatabase(Arc<dyn Store>);

#[async_trait]
impl SessionKeep for InDatabase {
    async fn insert(&self, session: &Session) -> Result<(), StoreError> {
        self.0.insert_session(session).await
    }

    async fn save(&self, session: &Session) -> Result<(), StoreError> {
        self.0.save_session(session).await
    }

    async fn find(&self, id: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        self.0.find_session(id, now).await
    }

    async fn delete(&self, id: &str) -> Result<(), StoreError> {
        self.0.delete_session(id).await
    }

    async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        self.0.list_sessions(user, now).await
    }
}

/// Everybody's sessions; each question names who asks.
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    audit: Arc<Audit>,
    keep: OnceLock<Arc<dyn SessionKeep>>,
}

impl Sessions {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, audit: Arc<Audit>) -> Sessions {
        Sessions { store, clock, audit, keep: OnceLock::new() }
    }

    /// Keeps them elsewhere than in the database alone. Said once, before anybody is served.
    pub fn keep_in(&self, keep: Arc<dyn SessionKeep>) {
        // Whoever was first has served people already.
        let _ = self.keep.set(keep);
    }

    pub fn keep(&self) -> Arc<dyn SessionKeep> {
        Arc::clone(self.keep.get_or_init(|| Arc::new(InDatabase(Arc::clone(&self.store)))))
    }

    /// The caller's sessions, this one first, then by last use.
    pub async fn list(&self, caller: &Caller, this: &str) -> Result<Vec<OpenSession>, StoreError> {
        let sessions = self.keep().list(caller.user, self.clock.now()).await?;
        let mut open: Vec<OpenSession> = sessions.into_iter().map(|session| told(session, this)).collect();
        open.sort_by_key(|session| (!session.is_this_one, std::cmp::Reverse(session.seen_at)));
        Ok(open)
    }

    /// Ends one of the caller's sessions; another's is not found. Its open streams end within a second.
    pub async fn end(&self, confirmed: &Confirmed, id: &str) -> Result<bool, StoreError> {
        let caller = confirmed.caller();
        let deed = caller.did(AuditAction::SessionEnded, id.get(..12).unwrap_or_default());
        let user = caller.user;
        match self.audit.together(&deed, |store| async move { store.delete_session_of(user, id).await }).await {
            Err(StoreError::Conflict) => Ok(false),
            ended => ended.map(|()| true),
        }
    }

    /// Ends all of the caller's sessions but this one; answers how many.
    pub async fn end_others(&self, confirmed: &Confirmed, this: &str) -> Result<u64, StoreError> {
        let caller = confirmed.caller();
        let open = self.store.list_sessions(caller.user, self.clock.now()).await?;
        let others = open.iter().filter(|session| session.id != this).count();
        let deed = caller.did(AuditAction::SessionsEnded, "all but this one").to(&others);
        let user = caller.user;
        self.audit.together(&deed, |store| async move { store.delete_other_sessions(user, this).await }).await
    }
}

fn told(session: Session, this: &str) -> OpenSession {
    let unknown = Data { whereabouts: Whereabouts::default(), seen_at: Timestamp::EPOCH };
    let Data { whereabouts, seen_at } = serde_json::from_slice(&session.data).unwrap_or(unknown);
    OpenSession { is_this_one: session.id == this, id: session.id, seen_at, whereabouts }
}

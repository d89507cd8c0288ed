//! Where a person is signed in: to be seen, and to be ended at once.

use crate::audit::Audit;
use crate::clock::Clock;
use crate::deeds::Caller;
use domain::{AuditAction, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
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

/// Everybody's sessions; each question names who asks.
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    audit: Arc<Audit>,
}

impl Sessions {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, audit: Arc<Audit>) -> Sessions {
        Sessions { store, clock, audit }
    }

    /// The caller's sessions, this one first, then by last use.
    pub async fn list(&self, caller: &Caller, this: &str) -> Result<Vec<OpenSession>, StoreError> {
        let sessions = self.store.list_sessions(caller.user, self.clock.now()).await?;
        let mut open: Vec<OpenSession> = sessions.into_iter().map(|session| told(session, this)).collect();
        open.sort_by_key(|session| (!session.is_this_one, std::cmp::Reverse(session.seen_at)));
        Ok(open)
    }

    /// Ends one of the caller's sessions; another's is not found. Its open streams end within a second.
    pub async fn end(&self, caller: &Caller, id: &str) -> Result<bool, StoreError> {
        let deed = caller.did(AuditAction::SessionEnded, id.get(..12).unwrap_or_default());
        let user = caller.user;
        match self.audit.together(&deed, |store| async move { store.delete_session_of(user, id).await }).await {
            Err(StoreError::Conflict) => Ok(false),
            ended => ended.map(|()| true),
        }
    }

    /// Ends all of the caller's sessions but this one; answers how many.
    pub async fn end_others(&self, caller: &Caller, this: &str) -> Result<u64, StoreError> {
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

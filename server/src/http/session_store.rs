//! Browser sessions as the web layer wants them.

use async_trait::async_trait;
use domain::{Millis, Timestamp};
use service::Clock;
use service::sessions::{SessionKeep, WHEREABOUTS_KEY, Whereabouts, stored_name};
use std::fmt;
use std::sync::Arc;
use store::{Session, StoreError};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, SessionStore};

/// How long a session lives without use.
pub const SESSION_LIFE: Millis = Millis::new(14 * 86_400_000);
/// How long a session lives after signing in, however much it is used.
pub const LONGEST_LIFE: Millis = Millis::new(30 * 86_400_000);
/// The same before anybody has signed in: as long as it takes, so that strangers fill no table.
const STRANGERS_LIFE: Millis = Millis::new(15 * 60_000);

/// Time is our own clock's, and a session is stored under the hash of its id, so that a copy of the database opens no door.
#[derive(Clone)]
pub struct StoredSessions {
    keep: Arc<dyn SessionKeep>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for StoredSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredSessions")
    }
}

impl StoredSessions {
    pub fn new(keep: Arc<dyn SessionKeep>, clock: Arc<dyn Clock>) -> StoredSessions {
        StoredSessions { keep, clock }
    }

    /// Whether the session still opens doors.
    pub async fn is_alive(&self, id: Id) -> Result<bool, StoreError> {
        Ok(self.keep.find(&hashed(id), self.clock.now()).await?.is_some())
    }

    fn row(&self, record: &Record) -> session_store::Result<Session> {
        let data = serde_json::to_vec(&record.data).map_err(|error| session_store::Error::Encode(error.to_string()))?;
        let user = record.data.get(app::session::USER_KEY).and_then(|user| serde_json::from_value(user.clone()).ok());
        let life = if user.is_some() { SESSION_LIFE } else { STRANGERS_LIFE };
        let unused_until = self.clock.now().plus(life);
        let expires_at = signed_in_at(record).map_or(unused_until, |at| unused_until.min(at.plus(LONGEST_LIFE)));
        Ok(Session { id: hashed(record.id), user, data, expires_at })
    }
}

#[async_trait]
impl SessionStore for StoredSessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        loop {
            match self.keep.insert(&self.row(record)?).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Duplicate) => record.id = Id::default(),
                Err(error) => return Err(failed(&error)),
            }
        }
    }

    /// A session that was ended meanwhile stays ended: it is not brought back by a request that was under way.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        if !self.is_alive(record.id).await.map_err(|error| failed(&error))? {
            return Ok(());
        }
        self.keep.save(&self.row(record)?).await.map_err(|error| failed(&error))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = self.keep.find(&hashed(*id), self.clock.now()).await.map_err(|error| failed(&error))?;
        let Some(session) = found else { return Ok(None) };
        let data =
            serde_json::from_slice(&session.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: date(session.expires_at)? }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.keep.delete(&hashed(*id)).await.map_err(|error| failed(&error))
    }
}

/// `None` before anybody has signed in.
fn signed_in_at(record: &Record) -> Option<Timestamp> {
    let whereabouts = record.data.get(WHEREABOUTS_KEY)?;
    Some(serde_json::from_value::<Whereabouts>(whereabouts.clone()).ok()?.signed_in_at)
}

fn hashed(id: Id) -> String {
    stored_name(id.0)
}

fn date(at: Timestamp) -> session_store::Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.unix_ms()) * 1_000_000)
        .map_err(|error| session_store::Error::Decode(error.to_string()))
}

fn failed(error: &StoreError) -> session_store::Error {
    session_store::Error::Backend(crate::told(error))
}

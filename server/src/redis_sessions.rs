//! Browser sessions in Redis, while the database says which of them may be used.

use crate::configuration::ClientTls;
use async_trait::async_trait;
use domain::{Millis, Timestamp, UserId};
use fred::clients::Client;
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike, KeysInterface};
use fred::types::config::{Config, ReconnectPolicy, TlsConnector};
use fred::types::{Builder, Expiration, SetOptions};
use serde::{Deserialize, Serialize};
use service::Clock;
use service::sessions::SessionKeep;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Session, Store, StoreError};

/// A Redis that takes longer is lost: each request of a page waits for it.
const PATIENCE: Duration = Duration::from_millis(750);
/// How often a lost Redis is looked for, in milliseconds: at first, and later.
const LOOK_AGAIN: (u32, u32) = (100, 2_000);
/// The row of a session in use is moved on this often, rather than at each request that saves it.
const ROW_PACE: Millis = Millis::DAY;

/// What a session holds is in Redis. Of one that somebody is signed in with, the right to it is a row without content in
/// the database: what ends a session deletes that row, so nothing that Redis forgets, keeps or brings back signs anyone in.
/// While Redis is lost, new sessions are kept in the database whole.
pub struct RedisSessions {
    redis: Client,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// It is told once that Redis is lost, and once that it is back.
    is_lost: AtomicBool,
}

/// A session in Redis.
#[derive(Serialize, Deserialize)]
struct Content {
    expires_at: Timestamp,
    /// JSON, as the session's own layer wrote it.
    data: String,
}

/// The part of a session's data that says who is signed in.
#[derive(Deserialize)]
struct Holder {
    #[serde(default)]
    user: Option<UserId>,
}

impl RedisSessions {
    /// Begins to connect, and waits for nothing. Must be called within a runtime. Fails where the address means nothing.
    pub fn at(
        url: &str,
        tls: Option<&ClientTls>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Result<RedisSessions, Error> {
        let mut config = Config::from_url(url)?;
        if let Some(tls) = tls {
            config.tls = Some(TlsConnector::from(tls.config()).into());
        }
        let mut builder = Builder::from_config(config);
        builder.with_performance_config(|performance| performance.default_command_timeout = PATIENCE);
        builder.with_connection_config(|connection| {
            connection.connection_timeout = PATIENCE;
            connection.internal_command_timeout = PATIENCE;
            connection.max_command_attempts = 1;
            connection.unresponsive.max_timeout = Some(PATIENCE);
            connection.unresponsive.interval = PATIENCE;
        });
        let (first, longest) = LOOK_AGAIN;
        builder.set_policy(ReconnectPolicy::new_exponential(0, first, longest, 2));
        let redis = builder.build()?;
        redis.connect();
        Ok(RedisSessions { redis, store, clock, is_lost: AtomicBool::new(false) })
    }

    /// Waits a moment for Redis to answer, so that the first sessions are kept there.
    pub async fn wait_a_moment(&self) -> bool {
        let connected = tokio::time::timeout(PATIENCE, self.redis.wait_for_connect()).await;
        let is_there = matches!(connected, Ok(Ok(())));
        if !is_there {
            self.note_loss(&Error::new(ErrorKind::Timeout, "no answer"));
        }
        is_there
    }

    /// Answers whether it was written; an error where Redis is lost.
    async fn put(&self, session: &Session, when: SetOptions) -> Result<bool, Error> {
        let Session { id, data, expires_at, .. } = session;
        let left = expires_at.since(self.clock.now()).get().max(1);
        let content = Content { expires_at: *expires_at, data: String::from_utf8_lossy(data).into_owned() };
        let content = serde_json::to_string(&content).unwrap_or_default();
        self.reach()?;
        let written: Option<String> =
            self.redis.set(key(id), content, Some(Expiration::PX(left)), Some(when), false).await?;
        Ok(written.is_some())
    }

    async fn get(&self, id: &str) -> Result<Option<Content>, Error> {
        self.reach()?;
        let content: Option<String> = self.redis.get(key(id)).await?;
        // What is no session of ours is none.
        Ok(content.and_then(|content| serde_json::from_str(&content).ok()))
    }

    /// Else a command would wait for a connection until its time is up.
    fn reach(&self) -> Result<(), Error> {
        if !self.redis.is_connected() {
            return Err(Error::new(ErrorKind::IO, "not connected"));
        }
        if self.is_lost.swap(false, Ordering::Relaxed) {
            tracing::info!("Redis is back: new sessions are kept there");
        }
        Ok(())
    }

    fn note_loss(&self, error: &Error) {
        if !self.is_lost.swap(true, Ordering::Relaxed) {
            tracing::warn!(%error, "Redis is lost: sessions in it are not known, and new ones are kept in the database");
        }
    }

    /// The session where it may be used: not what has ended, and not what is another's than its row says.
    fn judge(id: &str, content: Content, row: Option<&Session>, now: Timestamp) -> Option<Session> {
        let Content { expires_at, data } = content;
        let Holder { user } = serde_json::from_str(&data).ok()?;
        let is_allowed = row.map(|row| row.user) == user.map(Some);
        (is_allowed && now < expires_at).then(|| Session {
            id: id.to_owned(),
            user,
            data: data.into_bytes(),
            expires_at,
        })
    }
}

#[async_trait]
impl SessionKeep for RedisSessions {
    async fn insert(&self, session: &Session) -> Result<(), StoreError> {
        match self.put(session, SetOptions::NX).await {
            Ok(true) if session.user.is_some() => self.store.insert_session(&row(session)).await,
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Duplicate),
            Err(error) => {
                self.note_loss(&error);
                self.store.insert_session(session).await
            }
        }
    }

    async fn save(&self, session: &Session) -> Result<(), StoreError> {
        let found = self.store.find_session(&session.id, self.clock.now()).await?;
        match &found {
            Some(found) if !found.data.is_empty() => return self.store.save_session(session).await,
            None if session.user.is_some() => return Ok(()),
            _ => {}
        }
        if let Err(error) = self.put(session, SetOptions::XX).await {
            self.note_loss(&error);
            // Where there is a row, the session moves into it.
            return self.store.save_session(session).await;
        }
        match found {
            Some(found) if found.expires_at.plus(ROW_PACE) <= session.expires_at => {
                self.store.save_session(&row(session)).await
            }
            _ => Ok(()),
        }
    }

    async fn find(&self, id: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row = self.store.find_session(id, now).await?;
        if let Some(whole) = row.as_ref().filter(|row| !row.data.is_empty()) {
            return Ok(Some(whole.clone()));
        }
        match self.get(id).await {
            Ok(content) => Ok(content.and_then(|content| RedisSessions::judge(id, content, row.as_ref(), now))),
            Err(error) => {
                self.note_loss(&error);
                Ok(None)
            }
        }
    }

    async fn delete(&self, id: &str) -> Result<(), StoreError> {
        self.store.delete_session(id).await?;
        // Its content opens nothing any more, and goes by itself at its time.
        if self.redis.is_connected()
            && let Err(error) = self.redis.del::<i64, _>(key(id)).await
        {
            self.note_loss(&error);
        }
        Ok(())
    }

    async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let mut sessions = Vec::new();
        for row in self.store.list_sessions(user, now).await? {
            if !row.data.is_empty() {
                sessions.push(row);
                continue;
            }
            match self.get(&row.id).await {
                Ok(content) => {
                    let found = content.and_then(|content| RedisSessions::judge(&row.id, content, Some(&row), now));
                    sessions.extend(found);
                }
                // It may be in use again once Redis is back, so that it can be ended.
                Err(_) => sessions.push(row),
            }
        }
        Ok(sessions)
    }
}

fn key(id: &str) -> String {
    format!("axisor:session:{id}")
}

/// The right to a session: all but what it holds.
fn row(session: &Session) -> Session {
    Session { data: Vec::new(), ..session.clone() }
}

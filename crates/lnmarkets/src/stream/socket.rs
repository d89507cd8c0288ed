//! One socket, from its address to its last subscription.

use super::rpc::{Incoming, request};
use super::topic::Topic;
use crate::backoff::Chance;
use crate::key::ApiKey;
use crate::rest::speaks_of_time;
use crate::scope::Permissions;
use crate::session::Session;
use crate::signing::sign;
use futures::{SinkExt, StreamExt};
use reqwest::Url;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// From the first packet to the last subscription.
const DEADLINE: Duration = Duration::from_secs(10);
/// No frame of the venue is longer.
const MOST_FRAME_BYTES: usize = 1024 * 1024;

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What a socket is opened for.
#[derive(Clone)]
pub(crate) struct StreamOptions {
    pub url: Url,
    pub session: Arc<Session>,
    /// `None` for topics that need no key.
    pub key: Option<ApiKey>,
    pub topics: Vec<Topic>,
}

/// Why a socket is not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection could be made, or it broke")]
    Connection,
    #[error("the venue answered {0} instead of a stream")]
    Status(u16),
    #[error("the venue does not accept the key: {0}")]
    Refused(String),
    #[error("the venue does not tell of {0}")]
    NotSubscribed(String),
}

/// An open socket, with what was told while it was being opened.
pub(crate) struct Opened {
    pub socket: Socket,
    pub told: VecDeque<Incoming>,
    /// What the key may do; empty without a key.
    pub permissions: Vec<String>,
}

#[derive(Deserialize)]
struct Authenticated {
    authenticated: bool,
    #[serde(default)]
    permissions: Vec<String>,
}

#[derive(Deserialize)]
struct Identity {
    permissions: Vec<String>,
}

#[derive(Deserialize)]
struct Subscribed {
    #[serde(default)]
    subscribed: Vec<String>,
}

/// Connects, proves the key and subscribes: all of it, or nothing.
pub(crate) async fn open(options: StreamOptions) -> Result<Opened, OpenError> {
    timeout(DEADLINE, open_patiently(options)).await.unwrap_or(Err(OpenError::TimedOut))
}

/// What the key may do, in the venue's words, asked over a socket of its own.
pub(crate) async fn whoami(options: StreamOptions) -> Result<Vec<String>, OpenError> {
    let asked = async {
        let mut opened = open_patiently(options).await?;
        let answer = opened.ask("whoami", None).await?.map_err(OpenError::Refused)?;
        let identity: Identity = serde_json::from_value(answer).map_err(|_| OpenError::Connection)?;
        // Both answers count: what either of them grants, the key may do.
        let mut permissions = identity.permissions;
        permissions.append(&mut opened.permissions);
        Ok(permissions)
    };
    timeout(DEADLINE, asked).await.unwrap_or(Err(OpenError::TimedOut))
}

async fn open_patiently(options: StreamOptions) -> Result<Opened, OpenError> {
    let config =
        WebSocketConfig::default().max_message_size(Some(MOST_FRAME_BYTES)).max_frame_size(Some(MOST_FRAME_BYTES));
    let connected = connect_async_with_config(options.url.as_str(), Some(config), true).await;
    let (socket, _) = connected.map_err(|error| match error {
        tokio_tungstenite::tungstenite::Error::Http(response) => OpenError::Status(response.status().as_u16()),
        _ => OpenError::Connection,
    })?;
    let mut opened = Opened { socket, told: VecDeque::new(), permissions: Vec::new() };
    if let Some(key) = &options.key {
        options.session.know_the_time().await;
        opened.permissions = authenticate(&mut opened, key, &options.session).await?;
    }
    let topics = permitted(options.topics, &opened.permissions);
    if !topics.is_empty() {
        subscribe(&mut opened, &topics).await?;
    }
    Ok(opened)
}

/// Topics that the key may not hear are left out: asking for one could cost all the others.
fn permitted(mut topics: Vec<Topic>, permissions: &[String]) -> Vec<Topic> {
    let granted = Permissions::read(permissions);
    topics.retain(|topic| permissions.is_empty() || topic.scope().is_none_or(|scope| granted.allows(scope)));
    topics
}

async fn authenticate(opened: &mut Opened, key: &ApiKey, session: &Session) -> Result<Vec<String>, OpenError> {
    let at = session.clock.now().unix_ms();
    let nonce = nonce(&session.chance);
    let signature =
        sign(&key.secret, &format!("{at}{nonce}")).map_err(|error| OpenError::Refused(error.to_string()))?;
    let params = json!({
        "key": key.key, "signature": signature, "timestamp": at, "passphrase": key.passphrase.expose_secret(),
        "nonce": nonce
    });
    let answer = opened.ask("authenticate", Some(params)).await?;
    let answer = answer.map_err(|words| match speaks_of_time(&words) {
        // Our idea of the time was wrong, not the key.
        true => {
            session.clock.distrust();
            OpenError::Connection
        }
        false => OpenError::Refused(words),
    })?;
    match serde_json::from_value::<Authenticated>(answer) {
        Ok(Authenticated { authenticated: true, permissions }) => Ok(permissions),
        _ => Err(OpenError::Refused("it was not authenticated".to_owned())),
    }
}

async fn subscribe(opened: &mut Opened, topics: &[Topic]) -> Result<(), OpenError> {
    let names: Vec<String> = topics.iter().map(Topic::to_string).collect();
    let answer = opened.ask("subscribe", Some(json!({ "topics": names }))).await?.map_err(OpenError::NotSubscribed)?;
    let subscribed = serde_json::from_value::<Subscribed>(answer).map(|answer| answer.subscribed).unwrap_or_default();
    match names.into_iter().find(|name| !subscribed.contains(name)) {
        Some(missing) => Err(OpenError::NotSubscribed(missing)),
        None => Ok(()),
    }
}

impl Opened {
    /// Sends a request and waits for its answer; what is told meanwhile is kept.
    async fn ask(&mut self, method: &str, params: Option<Value>) -> Result<Result<Value, String>, OpenError> {
        let text = request(method, method, params);
        self.socket.send(Message::text(text)).await.map_err(|_| OpenError::Connection)?;
        loop {
            let message = self.socket.next().await.ok_or(OpenError::Connection)?.map_err(|_| OpenError::Connection)?;
            let Message::Text(text) = message else { continue };
            match Incoming::read(&text) {
                Some(Incoming::Answer { id, result }) if id == method => return Ok(result),
                Some(push @ Incoming::Push { .. }) => self.told.push_back(push),
                _ => {}
            }
        }
    }
}

/// 16 bytes that were never used before, in hex.
fn nonce(chance: &Chance) -> String {
    format!("{:016x}{:016x}", chance(), chance())
}

//! One client of the stream, from its first message to its last.

use super::events::told;
use super::rpc::{Request, RpcError, Standing, answer, push};
use super::topic::Topic;
use crate::http::Paper;
use crate::http::faults::StreamTrouble;
use crate::venue::AccountEvent;
use axum::extract::ws::{Message, WebSocket};
use domain::{AccountId, Tick};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// Messages that a client may send within one second.
const MOST_MESSAGES: usize = 10;
const SECOND_MS: i64 = 1_000;

pub(super) struct Session {
    pub(super) paper: Arc<Paper>,
    /// Whose events it may hear, once it has signed.
    pub(super) key: Option<(String, AccountId)>,
    pub(super) topics: BTreeSet<Topic>,
    /// Subscribed by the last call, and told at once what is known.
    pub(super) fresh: Vec<Topic>,
    /// When the messages of the last second came, in milliseconds.
    recent: VecDeque<i64>,
    /// A message that is to go out after the next one.
    held: Option<Value>,
}

/// The client has gone.
struct Gone;

impl Session {
    pub fn new(paper: Arc<Paper>) -> Session {
        Session { paper, key: None, topics: BTreeSet::new(), fresh: Vec::new(), recent: VecDeque::new(), held: None }
    }

    /// Serves the client until it goes, or until it has fallen too far behind.
    pub async fn run(mut self, mut socket: WebSocket) {
        let mut ticks = self.paper.market.ticks();
        let mut events = self.paper.market.venue().events();
        loop {
            let outcome = tokio::select! {
                message = socket.recv() => match message {
                    Some(Ok(Message::Text(text))) => self.hear(&mut socket, &text).await,
                    Some(Ok(Message::Binary(bytes))) => {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        self.hear(&mut socket, &text).await
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Gone),
                },
                tick = ticks.recv() => match tick {
                    Ok(tick) => self.tell_market(&mut socket, &tick).await,
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => Err(Gone),
                },
                // An event that is lost can't be told again: the client has to read everything anew.
                event = events.recv() => match event {
                    Ok(event) => self.tell_event(&mut socket, &event).await,
                    Err(_) => Err(Gone),
                },
            };
            if outcome.is_err() {
                return;
            }
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, text: &str) -> Result<(), Gone> {
        let now = (self.paper.clock)().unix_ms();
        let standing = self.take(now);
        let request = serde_json::from_str::<Request>(text);
        let id = request.as_ref().map_or(Value::Null, |request| request.id.clone());
        let outcome = match (standing, request) {
            (None, _) => Err(RpcError::too_many_requests()),
            (Some(_), Err(_)) => Err(RpcError::invalid_request()),
            (Some(_), Ok(request)) => self.call(request),
        };
        let standing = standing.unwrap_or(Standing { remaining: 0, limit: MOST_MESSAGES });
        self.send(socket, answer(&id, outcome, now, standing)).await?;
        self.tell_fresh(socket).await
    }

    /// `None` once there were too many messages.
    fn take(&mut self, now: i64) -> Option<Standing> {
        while self.recent.front().is_some_and(|at| *at <= now.saturating_sub(SECOND_MS)) {
            self.recent.pop_front();
        }
        if MOST_MESSAGES <= self.recent.len() {
            return None;
        }
        self.recent.push_back(now);
        Some(Standing { remaining: MOST_MESSAGES.saturating_sub(self.recent.len()), limit: MOST_MESSAGES })
    }

    async fn tell_fresh(&mut self, socket: &mut WebSocket) -> Result<(), Gone> {
        let fresh = std::mem::take(&mut self.fresh);
        let Some(tick) = self.paper.market.last_tick() else { return Ok(()) };
        for topic in fresh {
            self.tell(socket, &topic, topic.data(&self.paper, &tick)).await?;
        }
        Ok(())
    }

    async fn tell_market(&mut self, socket: &mut WebSocket, tick: &Tick) -> Result<(), Gone> {
        let told: Vec<(Topic, Option<Value>)> =
            self.topics.iter().map(|topic| (topic.clone(), topic.data(&self.paper, tick))).collect();
        for (topic, data) in told {
            self.tell(socket, &topic, data).await?;
        }
        Ok(())
    }

    /// A key that was revoked hears no more.
    async fn tell_event(&mut self, socket: &mut WebSocket, event: &AccountEvent) -> Result<(), Gone> {
        let hears =
            |(key, account): &(String, AccountId)| *account == event.account && self.paper.scopes.of(key).is_some();
        if !self.key.as_ref().is_some_and(hears) {
            return Ok(());
        }
        let (topic, data) = told(&event.event);
        if self.topics.contains(&topic) {
            return self.tell(socket, &topic, Some(data)).await;
        }
        Ok(())
    }

    pub(super) fn is_revoked(&self) -> bool {
        self.paper.faults.revokes("GET", "/v1", (self.paper.clock)())
    }

    async fn tell(&mut self, socket: &mut WebSocket, topic: &Topic, data: Option<Value>) -> Result<(), Gone> {
        let Some(mut data) = data else { return Ok(()) };
        self.paper.faults.spoil_prices((self.paper.clock)(), &mut data);
        self.send(socket, push(&topic.to_string(), &data)).await
    }

    /// Sends a message, unless a fault has it otherwise.
    async fn send(&mut self, socket: &mut WebSocket, message: Value) -> Result<(), Gone> {
        match self.paper.faults.meet_stream((self.paper.clock)()) {
            Some(StreamTrouble::Frozen) => return Ok(()),
            Some(StreamTrouble::Closed) => return Err(Gone),
            Some(StreamTrouble::Late) if self.held.is_none() => {
                self.held = Some(message);
                return Ok(());
            }
            Some(StreamTrouble::Duplicated) => write(socket, &message).await?,
            Some(StreamTrouble::Late) | None => {}
        }
        write(socket, &message).await?;
        match self.held.take() {
            Some(held) => write(socket, &held).await,
            None => Ok(()),
        }
    }
}

async fn write(socket: &mut WebSocket, message: &Value) -> Result<(), Gone> {
    socket.send(Message::text(message.to_string())).await.map_err(|_| Gone)
}

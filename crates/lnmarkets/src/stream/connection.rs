//! The socket's owner: rebuilds it whenever it breaks, and says so.

use super::event::StreamEvent;
use super::rpc::Incoming;
use super::socket::{OpenError, Opened, Socket, StreamOptions, open};
use super::topic::Topic;
use crate::backoff::Backoff;
use futures::future::BoxFuture;
use futures::{SinkExt, StreamExt};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_tungstenite::tungstenite::Message;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A socket that lived for so long was a good one.
const GOOD_LIFE: Duration = Duration::from_secs(60);
/// Without a frame for so long the socket is asked whether it still lives, and after as long again it does not.
const SILENCE: Duration = Duration::from_secs(5);

/// A stream that never ends. Dropping [`Connection::next`] loses nothing.
pub struct Connection {
    options: StreamOptions,
    link: Link,
    backoff: Backoff,
    told: VecDeque<Incoming>,
    permissions: Vec<String>,
    /// Frames that could not be read.
    unreadable: u64,
}

enum Link {
    Down { until: Instant },
    Opening(BoxFuture<'static, Result<Opened, OpenError>>),
    Up(Box<Live>),
}

struct Live {
    socket: Socket,
    since: Instant,
    last_frame: Instant,
    is_asked: bool,
}

impl Connection {
    pub(crate) fn new(options: StreamOptions) -> Connection {
        let backoff = Backoff::new(Arc::clone(&options.session.chance), FIRST_PAUSE, LONGEST_PAUSE);
        let link = Link::Down { until: Instant::now() };
        Connection { options, link, backoff, told: VecDeque::new(), permissions: Vec::new(), unreadable: 0 }
    }

    /// Waits for the next event. Frames that can't be read are counted and passed over.
    pub async fn next(&mut self) -> StreamEvent {
        loop {
            while let Some(incoming) = self.told.pop_front() {
                if let Some(event) = self.event_of(incoming) {
                    return event;
                }
            }
            if let Some(event) = self.advance().await {
                return event;
            }
        }
    }

    pub const fn is_up(&self) -> bool {
        matches!(self.link, Link::Up(_))
    }

    /// What the key may do, as of the last socket; empty without a key.
    pub fn permissions(&self) -> &[String] {
        &self.permissions
    }

    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Gives the socket up, because it tells nothing any more.
    pub fn rebuild(&mut self) {
        self.told.clear();
        if matches!(&self.link, Link::Up(live) if GOOD_LIFE <= live.since.elapsed()) {
            self.backoff.reset();
        }
        let until = Instant::now() + self.backoff.next_pause();
        self.link = Link::Down { until };
    }

    /// The stream has proved its worth: the next break is mended at once.
    pub fn trust(&mut self) {
        self.backoff.reset();
    }

    async fn advance(&mut self) -> Option<StreamEvent> {
        match &mut self.link {
            Link::Down { until } => {
                sleep_until(*until).await;
                self.link = Link::Opening(Box::pin(open(self.options.clone())));
                None
            }
            Link::Opening(opening) => match opening.await {
                Ok(opened) => Some(self.rise(opened)),
                Err(error) => {
                    let reason = error.to_string();
                    self.rebuild();
                    Some(StreamEvent::Lost(reason))
                }
            },
            Link::Up(live) => match live.next_text().await {
                Ok(Some(text)) => {
                    match Incoming::read(&text) {
                        Some(incoming) => self.told.push_back(incoming),
                        None => self.unreadable = self.unreadable.saturating_add(1),
                    }
                    None
                }
                Ok(None) => None,
                Err(reason) => {
                    self.rebuild();
                    Some(StreamEvent::Lost(reason.to_owned()))
                }
            },
        }
    }

    fn rise(&mut self, opened: Opened) -> StreamEvent {
        let Opened { socket, told, permissions } = opened;
        self.permissions = permissions;
        self.told = told;
        let now = Instant::now();
        self.link = Link::Up(Box::new(Live { socket, since: now, last_frame: now, is_asked: false }));
        StreamEvent::Rebuilt
    }

    fn event_of(&mut self, incoming: Incoming) -> Option<StreamEvent> {
        let Incoming::Push { topic, data } = incoming else { return None };
        let read = Topic::read(&topic).ok_or_else(|| "an unknown topic".to_owned());
        match read.and_then(|topic| StreamEvent::read(&topic, data)) {
            Ok(event) => Some(event),
            Err(reason) => {
                tracing::warn!(%topic, %reason, "a frame of the stream can't be read");
                self.unreadable = self.unreadable.saturating_add(1);
                None
            }
        }
    }
}

impl Live {
    /// The next text frame; `None` after one of another kind.
    async fn next_text(&mut self) -> Result<Option<String>, &'static str> {
        let Ok(message) = timeout_at(self.last_frame + SILENCE, self.socket.next()).await else {
            return self.ask().await;
        };
        let message = message.ok_or("the venue closed the stream")?.map_err(|_| "the stream broke")?;
        self.last_frame = Instant::now();
        self.is_asked = false;
        match message {
            Message::Text(text) => Ok(Some(text.as_str().to_owned())),
            Message::Close(_) => Err("the venue closed the stream"),
            _ => Ok(None),
        }
    }

    async fn ask(&mut self) -> Result<Option<String>, &'static str> {
        if self.is_asked {
            return Err("the stream gives no sign of life");
        }
        self.is_asked = true;
        self.last_frame = Instant::now();
        let sent = self.socket.send(Message::Ping(Vec::new().into())).await;
        sent.map(|()| None).map_err(|_| "the stream broke")
    }
}

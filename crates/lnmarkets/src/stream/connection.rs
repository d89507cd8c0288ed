//! The socket's owner: rebuilds it whenever it breaks, and says so.

use super::event::StreamEvent;
use super::live::{Live, Pulse};
use super::rpc::Incoming;
use super::socket::{OpenError, Opened, StreamOptions, open};
use super::topic::Topic;
use crate::backoff::Backoff;
use futures::future::BoxFuture;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A socket that lived for so long was a good one.
const GOOD_LIFE: Duration = Duration::from_secs(60);
/// A key that was refused is not shown again sooner: whoever knocks too often is locked out.
const REFUSED_PAUSE: Duration = Duration::from_secs(60);

/// A stream that never ends. Dropping [`Connection::next`] loses nothing.
pub struct Connection {
    options: StreamOptions,
    link: Link,
    pulse: Pulse,
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

impl Connection {
    pub(crate) fn new(options: StreamOptions) -> Connection {
        let backoff = Backoff::new(Arc::clone(&options.session.chance), FIRST_PAUSE, LONGEST_PAUSE);
        let link = Link::Down { until: Instant::now() };
        let (told, permissions) = (VecDeque::new(), Vec::new());
        Connection { options, link, pulse: Pulse::Socket, backoff, told, permissions, unreadable: 0 }
    }

    /// For topics that may tell nothing for hours: the venue itself is asked whether it can still be heard.
    pub(super) fn with_questions(mut self) -> Connection {
        self.pulse = Pulse::Venue;
        self
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
                    if matches!(error, OpenError::Refused(_)) {
                        self.link = Link::Down { until: Instant::now() + REFUSED_PAUSE };
                    }
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
        self.link = Link::Up(Box::new(Live::new(socket, self.pulse)));
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

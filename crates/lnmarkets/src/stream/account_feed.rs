//! What happens to an account, as the stream tells of it, with looks by REST to find out that it tells nothing.
//!
//! Silence says nothing here: nothing happens to most accounts for hours. So the venue is asked over the same socket
//! whether it can still be heard, and a position that REST saw begin or end without a word makes the stream suspect.

use super::connection::Connection;
use super::event::StreamEvent;
use async_trait::async_trait;
use exchange::{AccountCall, AccountFeed};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// What a look has seen may have been told so long before: looks are this far apart, and take their time.
const REACH: Duration = Duration::from_secs(5);
/// What a look has seen may still be on its way through the stream.
const GRACE: Duration = Duration::from_millis(500);

pub struct StreamAccountFeed {
    stream: Connection,
    /// When something was last told, or the socket was built.
    told_at: Option<Instant>,
    /// When a stream that did not tell what REST saw is given up.
    given_up_at: Option<Instant>,
}

impl StreamAccountFeed {
    pub(crate) fn new(stream: Connection) -> StreamAccountFeed {
        StreamAccountFeed { stream: stream.with_questions(), told_at: None, given_up_at: None }
    }

    /// Whether the account can be heard now.
    pub const fn is_streaming(&self) -> bool {
        self.stream.is_up()
    }

    fn on_event(&mut self, event: StreamEvent) -> AccountCall {
        self.given_up_at = None;
        self.told_at = Some(Instant::now());
        match event {
            StreamEvent::Rebuilt => AccountCall::Rebuilt,
            StreamEvent::Lost(reason) => AccountCall::Lost(reason),
            _ => {
                self.stream.trust();
                AccountCall::Changed
            }
        }
    }

    fn give_up(&mut self) -> AccountCall {
        self.given_up_at = None;
        self.stream.rebuild();
        AccountCall::Lost("the stream did not tell what REST saw".to_owned())
    }
}

#[async_trait]
impl AccountFeed for StreamAccountFeed {
    async fn next_call(&mut self) -> AccountCall {
        let given_up_at = self.given_up_at;
        tokio::select! {
            event = self.stream.next() => self.on_event(event),
            () = sleep_until(given_up_at.unwrap_or_else(Instant::now)), if given_up_at.is_some() => self.give_up(),
        }
    }

    fn note_seen(&mut self) {
        let was_told = self.told_at.is_none_or(|at| at.elapsed() < REACH);
        if self.stream.is_up() && !was_told && self.given_up_at.is_none() {
            self.given_up_at = Some(Instant::now() + GRACE);
        }
    }
}

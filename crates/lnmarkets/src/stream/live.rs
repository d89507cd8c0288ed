//! An open socket, and how it proves that it lives.

use super::rpc::request;
use super::socket::Socket;
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Message;

/// How a silent socket is asked whether it still lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pulse {
    /// By a ping of the socket itself: for topics that tell so often that their silence says enough.
    Socket,
    /// By a question to the venue: a frozen stream goes on answering the pings of its socket.
    Venue,
}

impl Pulse {
    /// Without a sign of life for so long the socket is asked.
    const fn silence(self) -> Duration {
        match self {
            Pulse::Socket => Duration::from_secs(5),
            Pulse::Venue => Duration::from_millis(1_000),
        }
    }

    /// An answer that takes longer does not come.
    const fn patience(self) -> Duration {
        match self {
            Pulse::Socket => Duration::from_secs(5),
            Pulse::Venue => Duration::from_millis(1_500),
        }
    }
}

pub(super) struct Live {
    socket: Socket,
    pub since: Instant,
    pulse: Pulse,
    last_sign: Instant,
    asked_at: Option<Instant>,
}

impl Live {
    pub fn new(socket: Socket, pulse: Pulse) -> Live {
        let now = Instant::now();
        Live { socket, since: now, pulse, last_sign: now, asked_at: None }
    }

    /// The next text frame; `None` after one of another kind.
    pub async fn next_text(&mut self) -> Result<Option<String>, &'static str> {
        let deadline = match self.asked_at {
            Some(asked) => asked + self.pulse.patience(),
            None => self.last_sign + self.pulse.silence(),
        };
        let Ok(message) = timeout_at(deadline, self.socket.next()).await else {
            return self.ask().await;
        };
        let message = message.ok_or("the venue closed the stream")?.map_err(|_| "the stream broke")?;
        if self.pulse == Pulse::Socket || message.is_text() {
            self.last_sign = Instant::now();
            self.asked_at = None;
        }
        match message {
            Message::Text(text) => Ok(Some(text.as_str().to_owned())),
            Message::Close(_) => Err("the venue closed the stream"),
            _ => Ok(None),
        }
    }

    async fn ask(&mut self) -> Result<Option<String>, &'static str> {
        if self.asked_at.is_some() {
            return Err("the stream gives no sign of life");
        }
        // Noted before it is sent: whoever stops waiting meanwhile does not ask twice.
        self.asked_at = Some(Instant::now());
        let question = match self.pulse {
            Pulse::Socket => Message::Ping(Vec::new().into()),
            Pulse::Venue => Message::text(request("ping", "ping", None)),
        };
        let sent = self.socket.send(question).await;
        sent.map(|()| None).map_err(|_| "the stream broke")
    }
}

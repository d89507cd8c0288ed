//! Letters to people, on their way by mail: whoever writes one does not wait, and what does not arrive is tried again.

mod smtp;
mod text;

pub use smtp::{MailAddress, MailError, Smtp, SmtpError};

use domain::letter::Letter;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;

/// Letters that may wait at a time.
const ROOM: usize = 256;
/// The waits between attempts; after the last one the letter is given up. Its link lives for an hour.
const WAITS: [Duration; 4] =
    [Duration::from_secs(2), Duration::from_secs(15), Duration::from_secs(60), Duration::from_secs(300)];

/// Where letters are handed in.
#[derive(Clone, Debug)]
pub struct Letterbox {
    waiting: Sender<Letter>,
    lost: Arc<AtomicU64>,
}

/// Carries letters, one after the other.
pub struct LetterCarrier {
    waiting: Receiver<Letter>,
    lost: Arc<AtomicU64>,
    smtp: Smtp,
}

impl Letterbox {
    /// The box, and the carrier that empties it; it must be run.
    pub fn over(smtp: Smtp) -> (Letterbox, LetterCarrier) {
        let (sender, waiting) = channel(ROOM);
        let lost = Arc::new(AtomicU64::new(0));
        (Letterbox { waiting: sender, lost: Arc::clone(&lost) }, LetterCarrier { waiting, lost, smtp })
    }

    /// Never waits: what finds no room is lost, counted, and said in the log.
    pub fn put(&self, letter: Letter) {
        let about = letter.subject.as_str();
        if self.waiting.try_send(letter).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
            tracing::error!(about, "a letter found no room and is LOST");
        }
    }

    /// Letters that never went out since the program started.
    pub fn count_lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl LetterCarrier {
    /// Carries until the program stops; a letter that is under way then gets its attempt.
    pub async fn run(mut self, stop: &CancellationToken) {
        loop {
            let letter = tokio::select! {
                biased;
                letter = self.waiting.recv() => letter,
                () = stop.cancelled() => return,
            };
            let Some(letter) = letter else { return };
            self.carry(&letter, stop).await;
        }
    }

    async fn carry(&self, letter: &Letter, stop: &CancellationToken) {
        let about = letter.subject.as_str();
        for wait in WAITS.into_iter().map(Some).chain([None]) {
            let error = match self.smtp.deliver(letter).await {
                Ok(()) => return tracing::info!(about, "a letter is with the mail server"),
                Err(error) => error,
            };
            tracing::warn!(about, %error, ?wait, "a letter did not go out");
            let Some(wait) = wait.filter(|_| error.may_pass()) else { break };
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.lost.fetch_add(1, Ordering::Relaxed);
        tracing::error!(about, "a letter was given up and is LOST");
    }
}

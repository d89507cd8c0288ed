//! Sends batch after batch, and tries again what did not arrive.

use super::batch::Batch;
use super::place::{LogPlace, NotTaken};
use super::queue::Waiting;
use domain::Timestamp;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Lines wait so long for others to go with them.
const GATHERING: Duration = Duration::from_secs(1);
/// The waits between attempts, of which the last goes on.
const WAITS: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

pub struct Carrier {
    place: LogPlace,
    waiting: Waiting,
    stop: CancellationToken,
    now: fn() -> Timestamp,
    /// It is told once that the place is lost, and once that it is back.
    is_failing: bool,
}

impl Carrier {
    pub fn new(place: LogPlace, waiting: Waiting, stop: CancellationToken, now: fn() -> Timestamp) -> Carrier {
        Carrier { place, waiting, stop, now, is_failing: false }
    }

    /// Sends until the stop, then what waits; what does not arrive then is not tried again.
    pub async fn run(mut self) {
        while let Some(batch) = self.gather().await {
            if !self.carry(&batch).await {
                self.waiting.add_lost(batch.weight());
            }
        }
        let lost = self.waiting.take_lost();
        if 0 < lost {
            tracing::warn!(lost, "the last lines of the log did not reach its other place");
        }
    }

    /// `None` once the program stops and nothing waits any more.
    async fn gather(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        batch.push(&self.next().await?);
        let leaves_at = Instant::now() + GATHERING;
        while !batch.is_full() {
            let Ok(Some(line)) = tokio::time::timeout_at(leaves_at, self.next()).await else { break };
            batch.push(&line);
        }
        batch.tell_lost(self.waiting.take_lost(), (self.now)());
        Some(batch)
    }

    async fn next(&mut self) -> Option<Vec<u8>> {
        tokio::select! {
            biased;
            line = self.waiting.next() => line,
            () = self.stop.cancelled() => None,
        }
    }

    /// Answers whether it arrived.
    async fn carry(&mut self, batch: &Batch) -> bool {
        let [.., last] = WAITS;
        for wait in WAITS.into_iter().chain(std::iter::repeat(last)) {
            let failure = match self.place.post(batch.body()).await {
                Ok(()) => {
                    self.note_success();
                    return true;
                }
                Err(failure) => failure,
            };
            let (NotTaken::Yet(error) | NotTaken::Ever(error)) = &failure;
            if !std::mem::replace(&mut self.is_failing, true) {
                tracing::warn!(%error, "the log's other place does not take it");
            }
            if self.stop.is_cancelled() {
                return false;
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
            if matches!(failure, NotTaken::Ever(_)) {
                return false;
            }
        }
        false
    }

    fn note_success(&mut self) {
        if std::mem::take(&mut self.is_failing) {
            tracing::info!("the log's other place takes it again");
        }
    }
}

//! Carries the alarms of one way, one after the other, and tries again what did not arrive.

use crate::alarms::Way;
use crate::sieve::Sieve;
use crate::{Channel, Message};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

/// The waits between attempts; after the last one the alarm is given up on this way.
const WAITS: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(120)];

/// One way's worker.
pub struct Courier {
    channel: Arc<dyn Channel>,
    waiting: Receiver<Message>,
    way: Arc<Way>,
    sieve: Sieve,
}

impl Courier {
    pub(crate) fn new(channel: Arc<dyn Channel>, waiting: Receiver<Message>, way: Arc<Way>) -> Courier {
        Courier { channel, waiting, way, sieve: Sieve::default() }
    }

    /// Delivers until the program stops; what is in the queue then gets one attempt.
    pub async fn run(mut self, stop: &CancellationToken) {
        loop {
            let message = tokio::select! {
                biased;
                message = self.waiting.recv() => message,
                () = stop.cancelled() => return,
            };
            let Some(message) = message else { return };
            self.sieve.hold_back(self.way.untold.swap(0, Ordering::Relaxed));
            if let Some(message) = self.sieve.pass(message) {
                self.carry(&message, stop).await;
            }
        }
    }

    async fn carry(&self, message: &Message, stop: &CancellationToken) {
        for wait in WAITS.into_iter().map(Some).chain([None]) {
            match self.channel.deliver(message).await {
                Ok(()) => {
                    self.way.delivered.fetch_add(1, Ordering::Relaxed);
                    return self.way.note(None);
                }
                Err(error) => {
                    tracing::warn!(way = self.way.name, kind = message.kind, %error, ?wait, "an alarm did not arrive");
                    self.way.note(Some(error.to_string()));
                }
            }
            let Some(wait) = wait else { return };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alarms, DeliveryError};
    use async_trait::async_trait;
    use domain::Timestamp;
    use std::sync::Mutex;
    use tokio::sync::Notify;

    /// Fails so many times, then delivers.
    struct Clumsy {
        failures: Mutex<u32>,
        told: Mutex<Vec<String>>,
        arrived: Notify,
    }

    #[async_trait]
    impl Channel for Clumsy {
        fn name(&self) -> &'static str {
            "clumsy"
        }

        async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
            let mut left = self.failures.lock().unwrap();
            if *left != 0 {
                *left -= 1;
                return Err(DeliveryError::Status(500));
            }
            self.told.lock().unwrap().push(message.text.clone());
            self.arrived.notify_one();
            Ok(())
        }
    }

    fn clumsy(failures: u32) -> Arc<Clumsy> {
        Arc::new(Clumsy { failures: Mutex::new(failures), told: Mutex::default(), arrived: Notify::new() })
    }

    fn message(kind: &str) -> Message {
        let (kind, subject, text) = (kind.to_owned(), "one".to_owned(), format!("{kind}."));
        Message { at: Timestamp::EPOCH, kind, subject, text }
    }

    #[tokio::test(start_paused = true)]
    async fn f88_an_alarm_that_did_not_arrive_is_tried_again_and_the_failure_is_shown_meanwhile() {
        let channel = clumsy(3);
        let (alarms, couriers) = Alarms::over(vec![channel.clone()]);
        let stop = CancellationToken::new();
        let [courier] = <[Courier; 1]>::try_from(couriers).ok().unwrap();
        let working = tokio::spawn({
            let stop = stop.clone();
            async move { courier.run(&stop).await }
        });
        alarms.raise(&message("stale"));
        channel.arrived.notified().await;
        assert_eq!(*channel.told.lock().unwrap(), ["stale."]);
        tokio::task::yield_now().await;
        assert_eq!(alarms.ways()[0].failure(), None);
        stop.cancel();
        working.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn f88_raising_never_waits_and_what_finds_no_room_is_counted() {
        let stuck = clumsy(0);
        let (alarms, couriers) = Alarms::over(vec![stuck.clone()]);
        for number in 0..300 {
            alarms.raise(&message(&number.to_string()));
        }
        let way = &alarms.ways()[0];
        assert_eq!(way.dropped.load(Ordering::Relaxed), 44);
        let [courier] = <[Courier; 1]>::try_from(couriers).ok().unwrap();
        let stop = CancellationToken::new();
        stop.cancel();
        courier.run(&stop).await;
        let told = stuck.told.lock().unwrap();
        assert!(told[0].contains("(44 other alarms were held back"), "{}", told[0]);
    }
}

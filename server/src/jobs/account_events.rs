//! Listens to what an exchange tells of one account, and calls its guard to look.

use exchange::{AccountCall, AccountFeed};
use service::MarginGuard;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// Looks that events call for are at least so far apart: a flood of events must not spend the key's request budget,
/// which the guard needs for more than looking.
const SPACING: Duration = Duration::from_millis(500);

/// Between one account's listener and its guard.
pub struct Bell {
    /// Calls the guard.
    pub wake: Arc<Notify>,
    /// Counts what the guard's own looks have found begun or ended.
    pub seen: watch::Receiver<u64>,
}

impl Bell {
    pub fn of(guard: &MarginGuard) -> Bell {
        Bell { wake: guard.wake(), seen: guard.seen() }
    }
}

/// Listens until the program stops. What is told is not believed: the guard reads the account and sees for itself, as
/// it does by the clock where nothing is told.
pub async fn listen(mut feed: Box<dyn AccountFeed>, bell: Bell, stop: CancellationToken) {
    let Bell { wake, mut seen } = bell;
    let mut last: Option<Instant> = None;
    let mut due: Option<Instant> = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            call = feed.next_call() => match call {
                AccountCall::Changed | AccountCall::Rebuilt => {
                    let now = Instant::now();
                    due = due.or(Some(last.map_or(now, |last| now.max(last + SPACING))));
                }
                AccountCall::Lost(reason) => tracing::info!(%reason, "an account can't be heard; looking goes on"),
            },
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                wake.notify_one();
                (last, due) = (Some(Instant::now()), None);
            }
            Ok(()) = seen.changed() => feed.note_seen(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::sync::mpsc;
    use tokio::time::{advance, timeout};

    /// Tells what a test tells it to.
    struct Told {
        calls: mpsc::UnboundedReceiver<AccountCall>,
        noted: Arc<AtomicU32>,
    }

    #[async_trait]
    impl AccountFeed for Told {
        async fn next_call(&mut self) -> AccountCall {
            match self.calls.recv().await {
                Some(call) => call,
                None => std::future::pending().await,
            }
        }

        fn note_seen(&mut self) {
            self.noted.fetch_add(1, Ordering::SeqCst);
        }
    }

    struct Stage {
        calls: mpsc::UnboundedSender<AccountCall>,
        wake: Arc<Notify>,
        seen: watch::Sender<u64>,
        noted: Arc<AtomicU32>,
    }

    fn stage() -> Stage {
        let (calls, told) = mpsc::unbounded_channel();
        let (wake, seen, noted): (Arc<Notify>, _, Arc<AtomicU32>) =
            (Arc::default(), watch::Sender::new(0), Arc::default());
        let feed = Box::new(Told { calls: told, noted: noted.clone() });
        let bell = Bell { wake: wake.clone(), seen: seen.subscribe() };
        tokio::spawn(listen(feed, bell, CancellationToken::new()));
        Stage { calls, wake, seen, noted }
    }

    async fn is_woken_within(stage: &Stage, ms: u64) -> bool {
        timeout(Duration::from_millis(ms), stage.wake.notified()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_wakes_at_once() {
        let stage = stage();
        stage.calls.send(AccountCall::Changed).unwrap();
        assert!(is_woken_within(&stage, 1).await);
        assert!(!is_woken_within(&stage, 5_000).await, "once");
        stage.calls.send(AccountCall::Rebuilt).unwrap();
        assert!(is_woken_within(&stage, 1).await, "after a gap all is read anew");
        stage.calls.send(AccountCall::Lost("broken".to_owned())).unwrap();
        assert!(!is_woken_within(&stage, 5_000).await);
    }

    #[tokio::test(start_paused = true)]
    async fn f18_a_flood_of_events_costs_two_looks_a_second_and_the_last_is_heard() {
        let stage = stage();
        let mut woken = 0;
        for _ in 0..100 {
            for _ in 0..50 {
                stage.calls.send(AccountCall::Changed).unwrap();
            }
            advance(Duration::from_millis(10)).await;
            woken += u32::from(is_woken_within(&stage, 0).await);
        }
        assert!((2..=3).contains(&woken), "{woken} in a second");
        assert!(is_woken_within(&stage, 500).await, "what came last is looked at, too");
        assert!(!is_woken_within(&stage, 5_000).await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_look_finds_is_held_against_the_feed() {
        let stage = stage();
        stage.seen.send_modify(|count| *count += 1);
        assert!(!is_woken_within(&stage, 10).await);
        assert_eq!(stage.noted.load(Ordering::SeqCst), 1);
    }
}

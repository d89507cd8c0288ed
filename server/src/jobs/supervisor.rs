//! Keeps a task running: one that panics is started again, and takes nobody else with it.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The pause after the first panic; it doubles with each that follows.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Runs what `make` makes until it returns by itself or the program stops. A task that panics is made anew, later each
/// time. On a stop the task ends by its own hand, so that what is under way is finished.
pub async fn supervise<T>(name: &str, stop: &CancellationToken, mut make: impl FnMut() -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let mut pause = FIRST_PAUSE;
    loop {
        let started = tokio::time::Instant::now();
        match tokio::spawn(make()).await {
            Ok(()) => return,
            Err(_) if stop.is_cancelled() => return,
            Err(error) => tracing::error!(task = name, %error, ?pause, "a task panicked and is started again"),
        }
        if LONGEST_PAUSE < started.elapsed() {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::sync::Notify;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again_while_the_others_go_on() {
        let stop = CancellationToken::new();
        let (starts, third) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let (counted, reached) = (Arc::clone(&starts), Arc::clone(&third));
        let clumsy = supervise("clumsy", &stop, move || {
            let (start, reached) = (counted.fetch_add(1, Ordering::SeqCst), Arc::clone(&reached));
            async move {
                assert!(2 <= start, "too early");
                reached.notify_one();
            }
        });
        let neighbour = supervise("neighbour", &stop, || {
            let third = Arc::clone(&third);
            async move { third.notified().await }
        });
        tokio::join!(clumsy, neighbour);
        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_restarts() {
        let stop = CancellationToken::new();
        stop.cancel();
        supervise("clumsy", &stop, || async { panic!("always") }).await;
    }
}

//! Delivers what waits in the outbox. It never holds up a guard: a guard writes its notices and goes on.

use service::Outbox;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PACE: Duration = Duration::from_millis(500);
/// The pace while the database does not answer.
const SLOW_PACE: Duration = Duration::from_secs(5);

/// Delivers until the program stops.
pub async fn run(outbox: &Outbox, stop: &CancellationToken) {
    loop {
        let pace = match outbox.deliver_due().await {
            Ok(0) => PACE,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(error = crate::told(&error), "notices wait");
                SLOW_PACE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pace) => {}
        }
    }
}

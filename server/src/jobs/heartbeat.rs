//! The dead-man's signal: given only while the guards are truly at work, so that its absence means something.

use notify::Heartbeat;
use service::Desk;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PACE: Duration = Duration::from_secs(60);
/// While the guards are not at work, it is looked again this often.
const SHORT_PACE: Duration = Duration::from_secs(5);

/// Beats until the program stops.
pub async fn run(desk: &Desk, heartbeat: &Heartbeat, stop: &CancellationToken) {
    loop {
        let pace = if beat(desk, heartbeat).await { PACE } else { SHORT_PACE };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pace) => {}
        }
    }
}

/// Answers whether the guards were at work.
pub(crate) async fn beat(desk: &Desk, heartbeat: &Heartbeat) -> bool {
    let is_vigilant = desk.is_vigilant();
    if is_vigilant && let Err(error) = heartbeat.beat().await {
        tracing::warn!(%error, "the heartbeat was not heard");
    }
    is_vigilant
}

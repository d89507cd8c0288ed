//! Watches that every price that reaches a trigger is answered in time, whatever the guards are doing.

use service::Desk;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// With the patience of the crossings themselves this stays below two seconds.
const PACE: Duration = Duration::from_millis(200);

/// Watches until the program stops.
pub async fn run(desk: &Desk, stop: &CancellationToken) {
    loop {
        // The alarm is out when this returns; its entry in the ledger is written beside.
        drop(desk.alarm_overdue());
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

//! Keeps the venue on disk while it runs.

use crate::snapshot::{self, SnapshotError};
use crate::venue::{SharedVenue, Venue};
use std::path::PathBuf;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// What a sudden end of the process can lose at most.
const PAUSE: Duration = Duration::from_secs(1);
/// After so many pauses the venue is written even where only the price has moved.
const MOST_PAUSES: u32 = 60;

/// Writes the venue whenever money, orders or ids have moved, at most once a second; never ends by itself.
pub async fn keep(venue: SharedVenue, path: PathBuf) {
    let mut written = None;
    let mut pauses = 0;
    loop {
        sleep(PAUSE).await;
        pauses += 1;
        let now = venue.lock().fingerprint();
        if written.as_ref() == Some(&now) && pauses < MOST_PAUSES {
            continue;
        }
        match keep_once(&venue, path.clone()).await {
            Ok(()) => (written, pauses) = (Some(now), 0),
            Err(error) => tracing::error!(%error, "the paper venue could not be kept"),
        }
    }
}

/// Writes the venue as it is now.
pub async fn keep_once(venue: &SharedVenue, path: PathBuf) -> Result<(), SnapshotError> {
    // A copy, so that nobody waits for the disk.
    let copy: Venue = venue.lock().clone();
    let error = path.clone();
    let writing = spawn_blocking(move || snapshot::write(&path, &copy)).await;
    writing.unwrap_or_else(|panic| {
        let source = std::io::Error::other(panic);
        Err(SnapshotError::Write { path: error, source })
    })
}

//! Forgets sessions, attempts, tokens and links that have ended.

use service::Clock;
use std::time::Duration;
use store::Store;
use tokio_util::sync::CancellationToken;

const PACE: Duration = Duration::from_secs(3_600);

/// Sweeps until the program stops. An ended session opens nothing even before it is swept.
pub async fn run(store: &dyn Store, clock: &dyn Clock, stop: &CancellationToken) {
    loop {
        match store.delete_expired_sessions(clock.now()).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "ended sessions were forgotten"),
            Err(error) => tracing::warn!(error = crate::told(&error), "ended sessions could not be forgotten"),
        }
        // A count that is older than any window means nothing any more.
        let yesterday = clock.now().minus(domain::Millis::DAY);
        if let Err(error) = store.forget_attempts_before(yesterday).await {
            tracing::warn!(error = crate::told(&error), "old attempts could not be forgotten");
        }
        // What ended lately is still told from what never was.
        let last_month = clock.now().minus(domain::Millis::new(30 * domain::Millis::DAY.get()));
        if let Err(error) = store.forget_access_before(last_month).await {
            tracing::warn!(error = crate::told(&error), "tokens that ended could not be forgotten");
        }
        if let Err(error) = store.delete_expired_links(clock.now()).await {
            tracing::warn!(error = crate::told(&error), "links that ended could not be forgotten");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

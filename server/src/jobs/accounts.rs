//! One supervised task for each account at an exchange: it says "look again", and nothing else.

use crate::assembly::venues::{Connection, Venues};
use crate::jobs::account_events::{Bell, listen};
use crate::jobs::supervisor::supervise;
use domain::{AccountId, Millis};
use service::{Desk, MarginGuard};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::{Account, Store};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often accounts that were added behind the program's back (by `axisor account add`) are looked for.
const PACE: Duration = Duration::from_secs(10);

/// Brings every stored account into service, now and as they are added.
pub struct Accounts {
    pub desk: Arc<Desk>,
    pub store: Arc<dyn Store>,
    pub venues: Arc<Venues>,
    /// How many stored accounts can't be served, for the health report.
    pub unserved: Arc<AtomicUsize>,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

impl Accounts {
    /// Looks at what is stored and serves what is not yet served, until the program stops.
    pub async fn run(&self) {
        let mut added = self.desk.added_accounts();
        let mut served = HashSet::new();
        loop {
            match self.store.list_every_account().await {
                Ok(accounts) => self.serve_new(accounts, &mut served).await,
                Err(error) => tracing::warn!(error = crate::told(&error), "accounts cannot be listed"),
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
                // Whichever account was added, and however many were missed: all are looked at again.
                heard = added.recv() => if matches!(heard, Err(broadcast::error::RecvError::Closed)) { return },
            }
        }
    }

    async fn serve_new(&self, accounts: Vec<Account>, served: &mut HashSet<AccountId>) {
        let mut unserved = 0;
        for account in accounts {
            if served.contains(&account.id) {
                continue;
            }
            match self.venues.connect(&account).await {
                Ok(connection) => {
                    served.insert(account.id);
                    tracing::info!(account = %account.id, mode = account.mode.as_str(), "an account is served");
                    self.serve(account, connection);
                }
                Err(error) => {
                    unserved += 1;
                    let mode = account.mode.as_str();
                    tracing::error!(account = %account.id, mode, error = crate::told(&error), "an account is NOT served");
                }
            }
        }
        self.unserved.store(unserved, Ordering::Relaxed);
    }

    fn serve(&self, account: Account, connection: Connection) {
        let (desk, stop) = (Arc::clone(&self.desk), self.stop.clone());
        self.tasks.spawn(async move {
            let Connection { exchange, feed, events } = connection;
            feed.add_account(account.id);
            let name = format!("account {}", account.id);
            supervise(&name, &stop, || {
                let exchange = Arc::clone(&exchange);
                let guard = desk.open_account(account.clone(), exchange, feed.market(), feed.prices());
                let (listening, bell) = (listen(events(), Bell::of(&guard), stop.clone()), stop.clone());
                async move { _ = tokio::join!(keep_looking(guard, bell), listening) }
            })
            .await;
        });
    }
}

/// Looks again whenever something calls or time is up. A stop waits for the look that is under way.
pub async fn keep_looking(mut guard: MarginGuard, stop: CancellationToken) {
    let wake = guard.wake();
    while !stop.is_cancelled() {
        let pace = guard.look_again().await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(wait(pace)) => {}
        }
    }
}

fn wait(pace: Millis) -> Duration {
    Duration::from_millis(u64::try_from(pace.get()).unwrap_or(0))
}

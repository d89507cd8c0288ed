//! One supervised task for each account at an exchange: it says "look again", and nothing else.

use crate::assembly::venues::{Connection, Venues};
use crate::jobs::account_events::{Bell, listen};
use crate::jobs::supervisor::supervise;
use domain::{AccountId, Millis};
use service::{Desk, ExchangeKey, MarginGuard};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::{Account, Store};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often it is looked for what changed behind the program's back (by `axisor account add`, by another program).
const PACE: Duration = Duration::from_secs(10);

/// Keeps every stored account in service, as they are added, get another key and are removed.
pub struct Accounts {
    pub desk: Arc<Desk>,
    pub store: Arc<dyn Store>,
    pub venues: Arc<Venues>,
    /// How many stored accounts can't be served, for the health report.
    pub unserved: Arc<AtomicUsize>,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

/// An account in service.
struct Served {
    sealed_key: Option<Vec<u8>>,
    key: Option<ExchangeKey>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Accounts {
    /// Looks at what is stored and serves it, until the program stops.
    pub async fn run(&self) {
        let mut changed = self.desk.account_changes();
        let mut served = HashMap::new();
        loop {
            match self.store.list_every_account().await {
                Ok(accounts) => {
                    self.let_go(&accounts, &mut served).await;
                    self.serve_new(accounts, &mut served).await;
                }
                Err(error) => tracing::warn!(error = crate::told(&error), "accounts cannot be listed"),
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
                // Whichever account changed, and however many were missed: all are looked at again.
                heard = changed.recv() => if matches!(heard, Err(broadcast::error::RecvError::Closed)) { return },
            }
        }
    }

    /// Ends the service of accounts that are gone, and of those that are to be served by another key.
    async fn let_go(&self, accounts: &[Account], served: &mut HashMap<AccountId, Served>) {
        let mut ending = Vec::new();
        for (id, known) in served.iter_mut() {
            let stored = accounts.iter().find(|account| account.id == *id);
            if stored.is_none_or(|stored| self.has_another_key(stored, known)) {
                ending.push((*id, stored.is_none()));
            }
        }
        for (id, is_gone) in ending {
            let Some(Served { stop, task, .. }) = served.remove(&id) else { continue };
            stop.cancel();
            // What is under way is finished first: two guards of one account must not meet.
            if let Err(error) = task.await {
                tracing::error!(account = %id, %error, "an account's task ended by force");
            }
            if is_gone {
                self.desk.close_account(id);
                tracing::info!(account = %id, "an account is served no more");
            }
        }
    }

    /// The same key under a new master key is no other key. One that does not open changes nothing: who is guarded
    /// stays guarded.
    fn has_another_key(&self, stored: &Account, known: &mut Served) -> bool {
        if stored.sealed_key == known.sealed_key {
            return false;
        }
        match self.venues.open_key(stored) {
            Ok(key) if known.key.as_ref() == Some(&key) => {
                known.sealed_key.clone_from(&stored.sealed_key);
                false
            }
            Ok(_) => true,
            Err(error) => {
                tracing::error!(account = %stored.id, error = crate::told(&error), "a changed key does not open");
                false
            }
        }
    }

    async fn serve_new(&self, accounts: Vec<Account>, served: &mut HashMap<AccountId, Served>) {
        let mut unserved = 0;
        for account in accounts {
            if served.contains_key(&account.id) {
                continue;
            }
            match self.venues.connect(&account).await {
                Ok(connection) => {
                    tracing::info!(account = %account.id, mode = account.mode.as_str(), "an account is served");
                    served.insert(account.id, self.serve(account, connection));
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

    fn serve(&self, account: Account, connection: Connection) -> Served {
        let (desk, stop) = (Arc::clone(&self.desk), self.stop.child_token());
        let Connection { exchange, feed, events, key } = connection;
        let (sealed_key, stopped) = (account.sealed_key.clone(), stop.clone());
        let task = self.tasks.spawn(async move {
            feed.add_account(account.id);
            let name = format!("account {}", account.id);
            supervise(&name, &stopped, || {
                let exchange = Arc::clone(&exchange);
                let guard = desk.open_account(account.clone(), exchange, feed.market(), feed.prices());
                let (listening, bell) = (listen(events(), Bell::of(&guard), stopped.clone()), stopped.clone());
                async move { _ = tokio::join!(keep_looking(guard, bell), listening) }
            })
            .await;
        });
        Served { sealed_key, key, stop, task }
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

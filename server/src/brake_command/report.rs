//! What stays open after a stop, as the running servers report it.

use domain::brake::Stopped;
use domain::{AccountId, LedgerEntry, LedgerOutcome, Reason};
use std::time::Duration;
use store::{LedgerFilter, Stop, Store, StoreError};
use tokio::time::{Instant, sleep};

/// A server looks every two seconds, cancels, and reads again.
const PATIENCE: Duration = Duration::from_secs(6);
const PACE: Duration = Duration::from_millis(200);
const RECENT: u32 = 500;

/// Waits for the report of each account that the switch reaches, and prints it.
pub async fn print_remains(store: &dyn Store, account: Option<AccountId>) -> Result<(), StoreError> {
    let accounts = match account {
        Some(account) => vec![account],
        None => store.list_every_account().await?.into_iter().map(|account| account.id).collect(),
    };
    let deadline = Instant::now() + PATIENCE;
    for account in accounts {
        match wait_for_report(store, account, deadline).await? {
            Some(entry) => println!("Account {account}: {}", app::told_in_english(&entry)),
            None => {
                let unknown = store.list_open_actions(account).await?.len();
                println!(
                    "Account {account}: no running server has reported. Nothing is sent, but look at the exchange for \
                     open positions and orders. Actions that are still to be looked up: {unknown}."
                );
            }
        }
    }
    Ok(())
}

async fn wait_for_report(
    store: &dyn Store,
    account: AccountId,
    deadline: Instant,
) -> Result<Option<LedgerEntry>, StoreError> {
    let stops = store.list_stops(account).await?;
    let Some(stop) = stops.into_iter().rev().find(|stop| stop.stopped == Stopped::Trading) else { return Ok(None) };
    loop {
        let filter = LedgerFilter { outcome: Some(LedgerOutcome::Noted), ..LedgerFilter::newest(RECENT) };
        let entries = store.list_ledger(account, filter).await?;
        if let Some(entry) = entries.into_iter().find(|entry| tells_of(entry, &stop)) {
            return Ok(Some(entry));
        }
        if deadline < Instant::now() {
            return Ok(None);
        }
        sleep(PACE).await;
    }
}

fn tells_of(entry: &LedgerEntry, stop: &Stop) -> bool {
    let is_it = matches!(entry.reason, Reason::StopPulled { scope, stopped, .. } if (scope, stopped) == (stop.scope, stop.stopped));
    is_it && stop.pulled_at <= entry.at
}

//! `axisor stop`, `axisor resume` and `axisor thaw`: the switches at the shell. They are written to the database, where
//! every running program meets them before its next call.

mod report;

use crate::Failure;
use crate::cli::{ResumeArguments, StopArguments, StorageArguments, ThawArguments};
use crate::configuration::Storage;
use crate::system_clock::{SystemClock, SystemEntropy};
use domain::AccountId;
use domain::brake::Stopped;
use service::{Clock, Desk};
use std::sync::Arc;
use store::{FrozenAction, Store};

#[derive(Debug, thiserror::Error)]
#[error("there is no account {0}")]
struct NoAccount(AccountId);

pub async fn stop(arguments: StopArguments) -> Result<(), Failure> {
    let StopArguments { account, guards, keep_orders, storage } = arguments;
    let store = open(storage, account).await?;
    for stopped in switches(guards) {
        let now = SystemClock.now();
        let pulled = match (stopped, keep_orders) {
            (Stopped::Trading, true) => store.stop_keeping_orders(account, now).await,
            _ => store.stop(account, stopped, now).await,
        };
        pulled.map_err(Failure::other)?;
    }
    let whom = name(account);
    match guards {
        true => {
            println!("Stopped {whom}, the guards included: positions are NOT saved until `axisor resume --guards`.")
        }
        false => println!("Stopped {whom}; the guards go on. Stop them, too, with --guards."),
    }
    report::print_remains(&*store, account).await.map_err(Failure::other)
}

pub async fn resume(arguments: ResumeArguments) -> Result<(), Failure> {
    let ResumeArguments { account, guards, breaker, storage } = arguments;
    let store = open(storage, account).await?;
    if breaker {
        store.rearm_breaker(SystemClock.now()).await.map_err(Failure::other)?;
        println!("The breaker is armed again; what was added before counts no more.");
        return Ok(());
    }
    for stopped in switches(guards) {
        store.resume(account, stopped).await.map_err(Failure::other)?;
    }
    println!("Released {}{}.", name(account), if guards { ", the guards included" } else { "" });
    Ok(())
}

/// Lets a position be guarded again whose books did not add up.
pub async fn thaw(arguments: ThawArguments) -> Result<(), Failure> {
    let ThawArguments { account, position, did_not_happen, storage, .. } = arguments;
    let store = open(storage, Some(account)).await?;
    let desk = Desk::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy), bus::Bus::default());
    let frozen = if did_not_happen { FrozenAction::DidNotHappen } else { FrozenAction::Happened };
    desk.thaw(account, position, frozen).await.map_err(Failure::other)?;
    println!("Thawed: running servers guard the position again at their next look.");
    Ok(())
}

async fn open(storage: StorageArguments, account: Option<AccountId>) -> Result<Arc<dyn Store>, Failure> {
    let storage = Storage::check(storage).map_err(Failure::bad_input)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    if let Some(account) = account
        && store.find_account(account).await.map_err(Failure::other)?.is_none()
    {
        return Err(Failure::bad_input(NoAccount(account)));
    }
    Ok(store)
}

fn switches(guards: bool) -> impl Iterator<Item = Stopped> {
    [Stopped::Trading].into_iter().chain(guards.then_some(Stopped::Guards))
}

fn name(account: Option<AccountId>) -> String {
    account.map_or_else(|| "everything".to_owned(), |account| format!("the account {account}"))
}

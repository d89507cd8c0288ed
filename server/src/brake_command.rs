//! `axisor stop`, `axisor resume` and `axisor thaw`: the switches at the shell. They are written to the database, where
//! every running program meets them before its next call.

mod report;

use crate::Failure;
use crate::assembly::sealer;
use crate::cli::{ResumeArguments, StopArguments, StorageArguments, ThawArguments};
use crate::configuration::Storage;
use crate::system_clock::{SystemClock, SystemEntropy};
use domain::brake::Stopped;
use domain::{AccountId, AuditAction};
use service::{Audit, Clock, Deed, Desk, Entropy, Origin};
use std::sync::Arc;
use store::{FrozenAction, Store};

#[derive(Debug, thiserror::Error)]
#[error("there is no account {0}")]
struct NoAccount(AccountId);

/// Pulls the switches, whatever becomes of the audit's entries about it.
pub async fn stop(arguments: StopArguments) -> Result<(), Failure> {
    let StopArguments { account, guards, keep_orders, storage } = arguments;
    let shell = Shell::open(storage, account).await?;
    for stopped in switches(guards) {
        let now = SystemClock.now();
        let pulled = match (stopped, keep_orders) {
            (Stopped::Trading, true) => shell.store.stop_keeping_orders(account, now).await,
            _ => shell.store.stop(account, stopped, now).await,
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
    match shell.audit().await {
        Ok(audit) => {
            for stopped in switches(guards) {
                audit.note(deed(AuditAction::StopPulled, subject(account)).to(&stopped)).await;
            }
        }
        Err(Failure::BadInput(error) | Failure::Other(error)) => {
            eprintln!("axisor: the audit does not tell of it: {}", crate::told(&*error));
        }
    }
    report::print_remains(&*shell.store, account).await.map_err(Failure::other)
}

pub async fn resume(arguments: ResumeArguments) -> Result<(), Failure> {
    let ResumeArguments { account, guards, breaker, storage } = arguments;
    let shell = Shell::open(storage, account).await?;
    let audit = shell.audit().await?;
    if breaker {
        let (deed, now) = (deed(AuditAction::BreakerRearmed, subject(None)), SystemClock.now());
        let rearmed = audit.together(&deed, |store| async move { store.rearm_breaker(now).await }).await;
        rearmed.map_err(Failure::other)?;
        println!("The breaker is armed again; what was added before counts no more.");
        return Ok(());
    }
    for stopped in switches(guards) {
        let deed = deed(AuditAction::StopReleased, subject(account)).to(&stopped);
        let released = audit.together(&deed, |store| async move { store.resume(account, stopped).await }).await;
        released.map_err(Failure::other)?;
    }
    println!("Released {}{}.", name(account), if guards { ", the guards included" } else { "" });
    Ok(())
}

/// Lets a position be guarded again whose books did not add up.
pub async fn thaw(arguments: ThawArguments) -> Result<(), Failure> {
    let ThawArguments { account, position, did_not_happen, storage, .. } = arguments;
    let shell = Shell::open(storage, Some(account)).await?;
    let audit = shell.audit().await?;
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let desk = Desk::new(Arc::clone(&shell.store), clock, entropy, bus::Bus::default());
    let frozen = if did_not_happen { FrozenAction::DidNotHappen } else { FrozenAction::Happened };
    let verdict = if did_not_happen { "did not happen" } else { "happened" };
    let deed = deed(AuditAction::PositionThawed, position.to_string()).to(&verdict);
    let desk = &desk;
    let thawed =
        audit.together(&deed, |store| async move { desk.thaw_in(&*store, account, position, frozen).await }).await;
    thawed.map_err(Failure::other)?;
    println!("Thawed: running servers guard the position again at their next look.");
    Ok(())
}

/// The database as somebody at the shell opens it.
struct Shell {
    storage: Storage,
    store: Arc<dyn Store>,
}

impl Shell {
    async fn open(storage: StorageArguments, account: Option<AccountId>) -> Result<Shell, Failure> {
        let storage = Storage::check(storage).map_err(Failure::bad_input)?;
        let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
        if let Some(account) = account
            && store.find_account(account).await.map_err(Failure::other)?.is_none()
        {
            return Err(Failure::bad_input(NoAccount(account)));
        }
        Ok(Shell { storage, store })
    }

    /// Where what is done here is written down; its key needs the master key.
    async fn audit(&self) -> Result<Audit, Failure> {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let sealer = sealer(&self.storage, Arc::clone(&entropy)).map_err(Failure::other)?;
        let (store, clock) = (Arc::clone(&self.store), Arc::new(SystemClock));
        Audit::open(store, clock, &*entropy, &sealer).await.map_err(Failure::other)
    }
}

fn deed(action: AuditAction, subject: String) -> Deed {
    Deed::new(None, &Origin::CommandLine, action, subject)
}

fn switches(guards: bool) -> impl Iterator<Item = Stopped> {
    [Stopped::Trading].into_iter().chain(guards.then_some(Stopped::Guards))
}

fn subject(account: Option<AccountId>) -> String {
    account.map_or_else(|| "everything".to_owned(), |account| account.to_string())
}

fn name(account: Option<AccountId>) -> String {
    account.map_or_else(|| "everything".to_owned(), |account| format!("the account {account}"))
}

//! `axisor why`: what the guard knew of a position, what it decided, and what came of it, at the shell.

mod report;

use crate::Failure;
use crate::cli::WhyArguments;
use crate::configuration::Storage;
use domain::{AccountId, PositionId};
use store::Store;

#[derive(Debug, thiserror::Error)]
enum Unclear {
    #[error("no account of this database knows a position {0}")]
    Unknown(PositionId),
    #[error("several accounts have seen this position; name one with --account: {0}")]
    Several(String),
}

#[derive(Debug, thiserror::Error)]
#[error("the answer cannot be printed")]
struct Unprintable(#[from] serde_json::Error);

/// Prints the answer, in English.
pub async fn explain(arguments: WhyArguments) -> Result<(), Failure> {
    let WhyArguments { position, at, account, json, storage } = arguments;
    let storage = Storage::check(storage).map_err(Failure::bad_input)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    let account = find_account(&*store, position, account).await?;
    let why = service::why::explain(&*store, account, position, at).await.map_err(Failure::other)?;
    if json {
        let line = serde_json::to_string(&why).map_err(|error| Failure::other(Unprintable(error)))?;
        println!("{line}");
    } else {
        print!("{}", report::write(account, &why));
    }
    Ok(())
}

async fn find_account(store: &dyn Store, position: PositionId, named: Option<AccountId>) -> Result<AccountId, Failure> {
    let known = store.list_accounts_of(position).await.map_err(Failure::other)?;
    match (named, known.as_slice()) {
        (Some(named), known) if known.contains(&named) => Ok(named),
        (None, [only]) => Ok(*only),
        (None, [_, _, ..]) => {
            let names: Vec<_> = known.iter().map(ToString::to_string).collect();
            Err(Failure::bad_input(Unclear::Several(names.join(", "))))
        }
        _ => Err(Failure::bad_input(Unclear::Unknown(position))),
    }
}

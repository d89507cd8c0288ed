//! `axisor backup`: a whole copy of the database, while the server runs.

use crate::Failure;
use crate::cli::StorageArguments;
use crate::configuration::Storage;
use clap::Args;
use std::path::PathBuf;
use store::StoreError;

#[derive(Clone, Debug, Args)]
pub struct BackupArguments {
    /// The file to write; it must not be there yet. The master key is not in it: keep that elsewhere.
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
    #[command(flatten)]
    pub storage: StorageArguments,
}

pub async fn back_up(arguments: BackupArguments) -> Result<(), Failure> {
    let BackupArguments { to, storage } = arguments;
    let storage = Storage::check(storage).map_err(Failure::bad_input)?;
    match store::back_up(storage.database.as_str(), &to).await {
        Ok(()) => println!("The database as it was a moment ago is in {}.", to.display()),
        Err(error @ (StoreError::NotSqlite | StoreError::Copy { .. })) => return Err(Failure::bad_input(error)),
        Err(error) => return Err(Failure::other(error)),
    }
    Ok(())
}

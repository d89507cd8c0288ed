//! `axisor keys`: a new master key for every secret, while the server runs.

use crate::Failure;
use crate::assembly::sealer;
use crate::cli::{KeysCommand, StorageArguments};
use crate::configuration::Storage;
use crate::master_key::MasterKeyPlace;
use crate::system_clock::{SystemClock, SystemEntropy};
use domain::AuditAction;
use serde::Serialize;
use service::rotation::{Rotation, keys_in_use, rotate};
use service::{Audit, Deed, Entropy, Origin};
use std::sync::Arc;
use store::Store;

#[derive(Debug, thiserror::Error)]
enum KeysError {
    #[error("{0} secrets do not open and were left as they are; see above")]
    Closed(usize),
}

#[derive(Serialize)]
struct MasterKeyName {
    master_key: String,
}

pub async fn run(command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::Rotate(arguments) => renew(arguments).await,
        KeysCommand::Retire(arguments) => retire(arguments).await,
    }
}

/// Makes a new key, unless a rotation is under way, and puts every secret under it.
async fn renew(arguments: StorageArguments) -> Result<(), Failure> {
    let storage = Storage::check(arguments).map_err(Failure::bad_input)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    let place = MasterKeyPlace::find(storage.master_key_file.as_deref(), &storage.data);
    let keys = place.read().map_err(Failure::bad_input)?;
    let before = keys.current().name();
    let used = keys_in_use(&*store).await.map_err(Failure::other)?;
    let is_under_way = !keys.earlier().is_empty() && used.iter().any(|name| *name != before);
    if is_under_way {
        println!("A rotation was broken off; it is gone on with.");
    } else if place != MasterKeyPlace::Variable || keys.earlier().is_empty() {
        place.add(&SystemEntropy).map_err(Failure::bad_input)?;
    }
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let sealer = sealer(&storage, Arc::clone(&entropy)).map_err(Failure::other)?;
    let rotation = rotate(&*store, &sealer).await.map_err(Failure::other)?;
    let audit = Audit::open(store, Arc::new(SystemClock), &*entropy, &sealer).await.map_err(Failure::other)?;
    let name = |name: service::KeyName| MasterKeyName { master_key: name.to_string() };
    let deed = Deed::new(None, &Origin::CommandLine, AuditAction::KeysRotated, "every secret");
    let deed = deed.from(&name(before)).to(&name(sealer.keys().current().name()));
    audit.record(deed).await.map_err(Failure::other)?;
    tell(&rotation)
}

fn tell(rotation: &Rotation) -> Result<(), Failure> {
    println!("{} secrets were put under the new key; {} were under it already.", rotation.resealed, rotation.already);
    for (place, error) in &rotation.closed {
        eprintln!("axisor: {place} was left as it is: {error}");
    }
    if !rotation.closed.is_empty() {
        return Err(Failure::other(KeysError::Closed(rotation.closed.len())));
    }
    println!("A running server reads the new key by itself. `axisor keys retire` removes the old one from the file.");
    Ok(())
}

/// Removes earlier keys that seal nothing any more.
async fn retire(arguments: StorageArguments) -> Result<(), Failure> {
    let storage = Storage::check(arguments).map_err(Failure::bad_input)?;
    let store: Arc<dyn Store> = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    let used = keys_in_use(&*store).await.map_err(Failure::other)?;
    let place = MasterKeyPlace::find(storage.master_key_file.as_deref(), &storage.data);
    let gone = place.retire(|key| used.contains(&key.name())).map_err(Failure::bad_input)?;
    println!(
        "{gone} old keys were removed. Backups that were made before the rotation need them: keep them elsewhere."
    );
    Ok(())
}

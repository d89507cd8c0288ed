//! Puts every secret under the master key in use, while the program runs; what was left half done is gone on with.

use crate::master_keys::KeyName;
use crate::seal::{Binding, Field, SealError, Sealer};
use domain::{AccountId, UserId};
use std::fmt;
use store::{Account, Secret, Store, StoreError};

/// What a rotation did.
#[derive(Debug, Default)]
pub struct Rotation {
    /// Secrets that were put under the key in use.
    pub resealed: u32,
    /// Secrets that were under it already.
    pub already: u32,
    /// Secrets that do not open; they are left as they are.
    pub closed: Vec<(Place, SealError)>,
}

/// Where a secret lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Account(AccountId),
    Secret { owner: UserId, field: Field },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Account(account) => write!(f, "the key of account {account}"),
            Place::Secret { owner, field } => write!(f, "{} of {owner}", field.as_str()),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("the database did not answer; run it again to go on")]
    Store(#[from] StoreError),
    #[error("secrets change faster than they can be sealed anew; run it again to go on")]
    Restless,
}

/// A secret that is changed while it is resealed is tried again this often.
const PASSES: usize = 8;

/// Reseals until all is under the key in use. Only data keys are sealed anew: no secret is in memory for longer than
/// its own check.
pub async fn rotate(store: &dyn Store, sealer: &Sealer) -> Result<Rotation, RotationError> {
    let mut resealed = 0;
    for _ in 0..PASSES {
        let mut pass = Rotation::default();
        let mut changed_meanwhile = false;
        for account in store.list_every_account().await? {
            changed_meanwhile |= !pass.count(reseal_account(store, sealer, &account).await?);
        }
        for secret in store.list_secrets().await? {
            changed_meanwhile |= !pass.count(reseal_secret(store, sealer, &secret).await?);
        }
        resealed += pass.resealed;
        // What another hand wrote during this pass is seen by the next.
        if pass.resealed == 0 && !changed_meanwhile {
            let already = pass.already.saturating_sub(resealed);
            return Ok(Rotation { resealed, already, closed: pass.closed });
        }
    }
    Err(RotationError::Restless)
}

/// The master keys under which something is sealed now.
pub async fn keys_in_use(store: &dyn Store) -> Result<Vec<KeyName>, StoreError> {
    let accounts = store.list_every_account().await?.into_iter().filter_map(|account| account.sealed_key);
    let secrets = store.list_secrets().await?.into_iter().map(|secret| secret.sealed);
    let mut names: Vec<KeyName> = Vec::new();
    for name in accounts.chain(secrets).filter_map(|sealed| Sealer::sealed_by(&sealed)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

enum Step {
    Resealed,
    Already,
    ChangedMeanwhile,
    Closed(Place, SealError),
    /// There is no secret.
    Nothing,
}

impl Rotation {
    /// Answers whether the step is done with.
    fn count(&mut self, step: Step) -> bool {
        match step {
            Step::Resealed => self.resealed += 1,
            Step::Already => self.already += 1,
            Step::Closed(place, error) => self.closed.push((place, error)),
            Step::Nothing => {}
            Step::ChangedMeanwhile => return false,
        }
        true
    }
}

async fn reseal_account(store: &dyn Store, sealer: &Sealer, account: &Account) -> Result<Step, StoreError> {
    let Some(sealed) = account.sealed_key.as_deref() else { return Ok(Step::Nothing) };
    match sealer.reseal(Binding::exchange_key(account.user, account.id), sealed) {
        Ok(None) => Ok(Step::Already),
        Ok(Some(resealed)) => told(store.replace_sealed_key(account.id, sealed, &resealed).await),
        Err(error) => Ok(Step::Closed(Place::Account(account.id), error)),
    }
}

async fn reseal_secret(store: &dyn Store, sealer: &Sealer, secret: &Secret) -> Result<Step, StoreError> {
    let Some(field) = Field::named(&secret.field) else { return Ok(Step::Nothing) };
    let binding = Binding { user: secret.owner, account: None, field, version: secret.version };
    match sealer.reseal(binding, &secret.sealed) {
        Ok(None) => Ok(Step::Already),
        Ok(Some(sealed)) => told(store.replace_secret(secret, &Secret { sealed, ..secret.clone() }).await),
        Err(error) => Ok(Step::Closed(Place::Secret { owner: secret.owner, field }, error)),
    }
}

fn told(replaced: Result<(), StoreError>) -> Result<Step, StoreError> {
    match replaced {
        Ok(()) => Ok(Step::Resealed),
        Err(StoreError::Conflict) => Ok(Step::ChangedMeanwhile),
        Err(error) => Err(error),
    }
}

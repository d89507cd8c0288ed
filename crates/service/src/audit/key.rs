//! The key that signs the audit: made once, kept among the sealed secrets, the same after every rotation.

use super::AuditError;
use crate::clock::Entropy;
use crate::seal::{Binding, Field, Sealer};
use domain::UserId;
use ring::signature::{Ed25519KeyPair, KeyPair};
use store::{Secret, Store, StoreError};
use zeroize::Zeroizing;

/// The program's own secrets have no user.
const NOBODY: UserId = UserId::from_uuid(uuid::Uuid::nil());
const BINDING: Binding = Binding { user: NOBODY, account: None, field: Field::AuditKey, version: 1 };

pub struct AuditKey(Ed25519KeyPair);

impl AuditKey {
    pub async fn find_or_make(
        store: &dyn Store,
        entropy: &dyn Entropy,
        sealer: &Sealer,
    ) -> Result<AuditKey, AuditError> {
        if let Some(key) = find(store, sealer).await? {
            return Ok(key);
        }
        if store.find_newest_audit().await?.is_some() {
            return Err(AuditError::KeyGone);
        }
        let mut seed = Zeroizing::new([0; 32]);
        entropy.fill(seed.as_mut_slice());
        let sealed = sealer.seal(BINDING, seed.as_slice())?;
        let field = Field::AuditKey.as_str().to_owned();
        match store.insert_secret(&Secret { owner: NOBODY, field, version: BINDING.version, sealed }).await {
            // Another process was first, and its key counts.
            Ok(()) | Err(StoreError::Duplicate) => find(store, sealer).await?.ok_or(AuditError::KeyGone),
            Err(error) => Err(error.into()),
        }
    }

    pub fn public(&self) -> [u8; 32] {
        let mut public = [0; 32];
        public.iter_mut().zip(self.0.public_key().as_ref()).for_each(|(to, from)| *to = *from);
        public
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

async fn find(store: &dyn Store, sealer: &Sealer) -> Result<Option<AuditKey>, AuditError> {
    let Some(secret) = store.find_secret(NOBODY, Field::AuditKey.as_str()).await? else { return Ok(None) };
    let seed = sealer.open(Binding { version: secret.version, ..BINDING }, &secret.sealed)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| crate::seal::SealError::Changed)?;
    Ok(Some(AuditKey(pair)))
}

//! A key to an exchange, as it is sealed into the database.

use domain::{AccountId, UserId};
use serde::{Deserialize, Serialize};
use service::{Binding, SealError, Sealer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Key, secret and passphrase; wiped from memory when it goes.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct ExchangeKey {
    pub key: String,
    pub secret: String,
    pub passphrase: String,
}

impl ExchangeKey {
    pub fn seal(&self, user: UserId, account: AccountId, sealer: &Sealer) -> Result<Vec<u8>, SealError> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|_| SealError::Changed)?);
        sealer.seal(Binding::exchange_key(user, account), &plain)
    }

    pub fn open(sealed: &[u8], user: UserId, account: AccountId, sealer: &Sealer) -> Result<ExchangeKey, SealError> {
        let plain = sealer.open(Binding::exchange_key(user, account), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| SealError::Changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system_clock::SystemEntropy;
    use std::sync::Arc;
    use uuid::Uuid;

    #[test]
    fn a_key_comes_back_for_its_account_alone() {
        let sealer = Sealer::from_master_key(&[1; 32], Arc::new(SystemEntropy));
        let account = |id| AccountId::from_uuid(Uuid::from_u128(id));
        let user = |id| UserId::from_uuid(Uuid::from_u128(id));
        let key = ExchangeKey { key: "k".to_owned(), secret: "s".to_owned(), passphrase: "p".to_owned() };
        let sealed = key.seal(user(7), account(1), &sealer).unwrap();
        assert_eq!(ExchangeKey::open(&sealed, user(7), account(1), &sealer).unwrap().secret, "s");
        assert!(ExchangeKey::open(&sealed, user(7), account(2), &sealer).is_err());
        assert!(ExchangeKey::open(&sealed, user(8), account(1), &sealer).is_err());
    }
}

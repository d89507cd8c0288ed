//! A key to an exchange: sealed into the database, and asked about before it is kept.

use crate::seal::{Binding, SealError, Sealer};
use async_trait::async_trait;
use domain::{AccountId, Mode, UserId};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Key, secret and passphrase; wiped from memory when it goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct ExchangeKey {
    pub key: String,
    pub secret: String,
    pub passphrase: String,
}

impl std::fmt::Debug for ExchangeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ExchangeKey(…)")
    }
}

impl ExchangeKey {
    /// As it was typed or pasted, without the blanks around it; `None` where a part is missing.
    pub fn typed(key: &str, secret: &str, passphrase: &str) -> Option<ExchangeKey> {
        let [key, secret, passphrase] = [key, secret, passphrase].map(|part| part.trim().to_owned());
        let typed = ExchangeKey { key, secret, passphrase };
        let is_whole = [&typed.key, &typed.secret, &typed.passphrase].iter().all(|part| !part.is_empty());
        is_whole.then_some(typed)
    }

    pub fn seal(&self, user: UserId, account: AccountId, sealer: &Sealer) -> Result<Vec<u8>, SealError> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|_| SealError::Changed)?);
        sealer.seal(Binding::exchange_key(user, account), &plain)
    }

    pub fn open(sealed: &[u8], user: UserId, account: AccountId, sealer: &Sealer) -> Result<ExchangeKey, SealError> {
        let plain = sealer.open(Binding::exchange_key(user, account), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| SealError::Changed)
    }
}

/// Asks an exchange about a key. Nothing is changed there, and the secret is sent nowhere.
#[async_trait]
pub trait KeyGate: Send + Sync {
    async fn examine(&self, mode: Mode, key: &ExchangeKey) -> Result<KeyReport, KeyRefusal>;
}

/// What a key that may be kept may do, in the exchange's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyReport {
    pub granted: Vec<String>,
    /// What guarding takes and the key lacks: a guard with it has no effect.
    pub missing: Vec<String>,
}

/// Why a key is not kept; the words are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct KeyRefusal {
    pub objection: KeyObjection,
    pub words: String,
}

/// Split by what its owner does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyObjection {
    MayWithdraw,
    /// It is known where the other kind of account lives.
    OtherNetwork,
    NotAccepted,
    /// The exchange does not serve the place that the server speaks from.
    PlaceRefused,
    /// The key may be good: try again.
    Unchecked,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Entropy;
    use std::sync::Arc;
    use uuid::Uuid;

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn a_key_comes_back_for_its_account_alone() {
        let sealer = Sealer::from_master_key(&[1; 32], Arc::new(Zeros));
        let account = |id| AccountId::from_uuid(Uuid::from_u128(id));
        let user = |id| UserId::from_uuid(Uuid::from_u128(id));
        let key = ExchangeKey::typed(" k", "s ", "p\n").unwrap();
        let sealed = key.seal(user(7), account(1), &sealer).unwrap();
        assert_eq!(ExchangeKey::open(&sealed, user(7), account(1), &sealer).unwrap(), key);
        assert!(ExchangeKey::open(&sealed, user(7), account(2), &sealer).is_err());
        assert!(ExchangeKey::open(&sealed, user(8), account(1), &sealer).is_err());
    }

    #[test]
    fn a_key_is_whole_or_none_and_is_never_shown() {
        assert_eq!(ExchangeKey::typed("k", " ", "p"), None);
        assert!(!format!("{:?}", ExchangeKey::typed("k", "hush", "p")).contains("hush"));
    }
}

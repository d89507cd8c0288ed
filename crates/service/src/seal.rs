//! Secrets, each sealed under a data key of its own, which a master key seals that is never in the database.

use crate::clock::Entropy;
use crate::master_keys::{KeyName, MasterKey, MasterKeys};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::{AccountId, UserId};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

mod derived;
mod envelope;
#[cfg(test)]
mod tests;

use envelope::{Envelope, NONCE};

/// What a secret is; part of what its sealed bytes are bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    ExchangeKey,
    TotpSeed,
    AuditKey,
}

impl Field {
    pub const fn as_str(self) -> &'static str {
        match self {
            Field::ExchangeKey => "exchange_key",
            Field::TotpSeed => "totp_seed",
            Field::AuditKey => "audit_key",
        }
    }

    pub fn named(name: &str) -> Option<Field> {
        [Field::ExchangeKey, Field::TotpSeed, Field::AuditKey].into_iter().find(|field| field.as_str() == name)
    }
}

/// Where a secret belongs: sealed bytes open nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub user: UserId,
    pub account: Option<AccountId>,
    pub field: Field,
    /// Counts the secrets that stood in this place one after the other.
    pub version: u32,
}

impl Binding {
    /// An account's key to its exchange.
    pub fn exchange_key(user: UserId, account: AccountId) -> Binding {
        Binding { user, account: Some(account), field: Field::ExchangeKey, version: 1 }
    }

    /// The associated data: fixed lengths first, so that no two bindings read alike.
    fn bytes(self, part: &[u8]) -> Vec<u8> {
        let account = self.account.map_or([0; 16], |account| *account.uuid().as_bytes());
        let fixed = [self.user.uuid().as_bytes().as_slice(), &account, &self.version.to_be_bytes()].concat();
        [b"axisor secret 2 ".as_slice(), &fixed, self.field.as_str().as_bytes(), b" ", part].concat()
    }
}

/// Why a secret does not open. There is no way around it: what does not open is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("a sealed secret was changed by another hand, or put in another's place")]
    Changed,
    #[error("the master key {0} that sealed a secret is not here; put its line back into the master key file")]
    KeyMissing(KeyName),
}

/// Where the master keys are read anew, when a secret was sealed by one that is not known yet.
pub type KeySource = Box<dyn Fn() -> Option<MasterKeys> + Send + Sync>;

/// Seals and opens secrets.
#[derive(Clone)]
pub struct Sealer(Arc<Inner>);

struct Inner {
    keys: RwLock<MasterKeys>,
    source: Option<KeySource>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sealer").field(&self.keys()).finish()
    }
}

impl Sealer {
    /// A sealer that knows one key and never another.
    pub fn from_master_key(key: &[u8; 32], entropy: Arc<dyn Entropy>) -> Sealer {
        Sealer::new(MasterKeys::one(MasterKey::new(Zeroizing::new(*key))), None, entropy)
    }

    pub fn new(keys: MasterKeys, source: Option<KeySource>, entropy: Arc<dyn Entropy>) -> Sealer {
        Sealer(Arc::new(Inner { keys: RwLock::new(keys), source, entropy }))
    }

    /// Seals by the newest key there is: a rotation may have begun since the program started.
    pub fn seal(&self, binding: Binding, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.read_keys_anew();
        let mut data_key = Zeroizing::new([0; 32]);
        self.0.entropy.fill(data_key.as_mut_slice());
        let (content_nonce, content) = self.encrypt(&data_key, &binding.bytes(b"content"), plain)?;
        let wrapped = self.wrap(&data_key, binding)?;
        Ok(Envelope { content_nonce, content: &content, ..wrapped.borrow() }.write())
    }

    pub fn open(&self, binding: Binding, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let envelope = Envelope::read(sealed).ok_or(SealError::Changed)?;
        let data_key = self.unwrap_key(&envelope, binding)?;
        decrypt(&data_key, envelope.content_nonce, &binding.bytes(b"content"), envelope.content)
    }

    /// The same secret with its data key sealed by the key in use; `None` where it is so already.
    pub fn reseal(&self, binding: Binding, sealed: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
        let envelope = Envelope::read(sealed).ok_or(SealError::Changed)?;
        // What can't be opened whole is not passed on as if it could.
        self.open(binding, sealed)?;
        if envelope.master == self.keys().current().name() {
            return Ok(None);
        }
        let data_key = self.unwrap_key(&envelope, binding)?;
        let wrapped = self.wrap(&data_key, binding)?;
        let (content_nonce, content) = (envelope.content_nonce, envelope.content);
        Ok(Some(Envelope { content_nonce, content, ..wrapped.borrow() }.write()))
    }

    /// The name of the master key that sealed these bytes; `None` for bytes that are no sealed secret.
    pub fn sealed_by(sealed: &[u8]) -> Option<KeyName> {
        Envelope::read(sealed).map(|envelope| envelope.master)
    }

    pub fn keys(&self) -> MasterKeys {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn read_keys_anew(&self) {
        if let Some(keys) = self.0.source.as_ref().and_then(|source| source()) {
            *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
    }

    fn find_key(&self, name: KeyName) -> Result<MasterKey, SealError> {
        if let Some(key) = self.keys().find(name) {
            return Ok(key.clone());
        }
        self.read_keys_anew();
        self.keys().find(name).cloned().ok_or(SealError::KeyMissing(name))
    }

    fn wrap(&self, data_key: &[u8; 32], binding: Binding) -> Result<Wrapped, SealError> {
        let keys = self.keys();
        let (nonce, key) = self.encrypt(keys.current().bytes(), &binding.bytes(b"data key"), data_key)?;
        Ok(Wrapped { master: keys.current().name(), nonce, key })
    }

    fn unwrap_key(&self, envelope: &Envelope<'_>, binding: Binding) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let master = self.find_key(envelope.master)?;
        let key = decrypt(master.bytes(), envelope.key_nonce, &binding.bytes(b"data key"), envelope.key)?;
        let mut data_key = Zeroizing::new([0; 32]);
        if key.len() != data_key.len() {
            return Err(SealError::Changed);
        }
        data_key.copy_from_slice(&key);
        Ok(data_key)
    }

    fn encrypt(&self, key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Result<([u8; NONCE], Vec<u8>), SealError> {
        let mut nonce = [0; NONCE];
        self.0.entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad };
        let cipher = XChaCha20Poly1305::new(key.into());
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Changed)?;
        Ok((nonce, sealed))
    }
}

/// A data key as a master key has sealed it.
struct Wrapped {
    master: KeyName,
    nonce: [u8; NONCE],
    key: Vec<u8>,
}

impl Wrapped {
    fn borrow(&self) -> Envelope<'_> {
        Envelope { master: self.master, key_nonce: self.nonce, key: &self.key, content_nonce: [0; NONCE], content: &[] }
    }
}

fn decrypt(key: &[u8; 32], nonce: [u8; NONCE], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let plain = cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad });
    plain.map(Zeroizing::new).map_err(|_| SealError::Changed)
}

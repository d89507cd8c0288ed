//! Keys to exchanges, sealed by a master key that is never in the database.

use crate::clock::Entropy;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::AccountId;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Marks the format of what follows: nonce, then ciphertext.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Seals with XChaCha20-Poly1305, bound to the account: sealed bytes of one account open under no other.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
}

/// The bytes were not sealed by this master key for this account, or were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed key cannot be opened: wrong master key, or the database was changed by another hand")]
pub struct SealError;

impl Sealer {
    pub fn from_master_key(key: &[u8; 32], entropy: Arc<dyn Entropy>) -> Sealer {
        Sealer { cipher: XChaCha20Poly1305::new(key.into()), entropy }
    }

    pub fn seal(&self, account: AccountId, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        self.entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: &bound_to(account) };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    pub fn open(&self, account: AccountId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (&version, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(SealError)?;
        if version != VERSION {
            return Err(SealError);
        }
        let payload = Payload { msg: ciphertext, aad: &bound_to(account) };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| SealError)
    }
}

fn bound_to(account: AccountId) -> Vec<u8> {
    [b"exchange key v1 ".as_slice(), account.uuid().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().zip(1..).for_each(|(byte, count)| *byte = count);
        }
    }

    fn sealer(key: u8) -> Sealer {
        Sealer::from_master_key(&[key; 32], Arc::new(Counting))
    }

    fn account(id: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(id))
    }

    #[test]
    fn f41_sealed_bytes_open_only_whole_for_their_account_under_their_key() {
        let sealed = sealer(7).seal(account(1), b"secret").unwrap();
        assert_eq!(sealer(7).open(account(1), &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(sealer(7).open(account(2), &sealed), Err(SealError));
        assert_eq!(sealer(8).open(account(1), &sealed), Err(SealError));
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(sealer(7).open(account(1), &flipped), Err(SealError), "byte {at}");
            assert_eq!(sealer(7).open(account(1), &sealed[..at]), Err(SealError), "cut at {at}");
        }
        assert_eq!(sealer(7).open(account(1), b"secret"), Err(SealError), "plaintext");
    }
}

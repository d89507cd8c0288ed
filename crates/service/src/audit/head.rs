//! A signed head: what proves later that the audit was at least so long, and how it ended then.

use super::chain;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use store::AuditRow;

/// Kept outside the database, it shows an audit that was cut or replaced whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedHead {
    pub seq: i64,
    /// Hex, as all that follows.
    pub hash: String,
    pub signature: String,
    pub public_key: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    #[error("this is no signed head of an audit")]
    Nonsense,
    #[error("the signature of this head is wrong")]
    Signature,
}

impl SignedHead {
    pub(super) fn of(row: &AuditRow, public: [u8; 32]) -> SignedHead {
        let (hash, signature) = (hex::encode(row.hash), hex::encode(&row.signature));
        SignedHead { seq: row.seq, hash, signature, public_key: hex::encode(public) }
    }

    /// Whether it is a head that its own key has signed; needs no database.
    pub fn check(&self) -> Result<(), HeadError> {
        let mut hash = [0; 32];
        hex::decode_to_slice(&self.hash, &mut hash).map_err(|_| HeadError::Nonsense)?;
        let signature = hex::decode(&self.signature).map_err(|_| HeadError::Nonsense)?;
        let public = hex::decode(&self.public_key).map_err(|_| HeadError::Nonsense)?;
        if is_signed(&public, self.seq, &hash, &signature) { Ok(()) } else { Err(HeadError::Signature) }
    }
}

pub(super) fn is_signed(public: &[u8], seq: i64, hash: &[u8; 32], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(&chain::head(seq, hash), signature).is_ok()
}

//! Tokens that mean nothing by themselves: 256 random bits, kept by hash.

use crate::clock::Entropy;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What a token is for; it begins with it, so that one is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Personal,
    Refresh,
    /// A code that is shown once, to sign in.
    SignIn,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Kind::Personal => "axp_",
            Kind::Refresh => "axr_",
            Kind::SignIn => "axs_",
        }
    }
}

/// A new token, as it is shown this once.
pub fn fresh(kind: Kind, entropy: &dyn Entropy) -> String {
    let mut random = zeroize::Zeroizing::new([0; 32]);
    entropy.fill(random.as_mut_slice());
    format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random.as_slice()))
}

/// `None` for a token of no kind.
pub fn kind_of(token: &str) -> Option<Kind> {
    [Kind::Personal, Kind::Refresh, Kind::SignIn].into_iter().find(|kind| token.starts_with(kind.prefix()))
}

/// As it is kept. A token is looked up by this hash, which nobody can steer, so that how long it takes tells nothing.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::new().chain_update(b"axisor token ").chain_update(token).finalize())
}

//! Keys that are worked out from a master key and kept nowhere.

use super::Sealer;
use crate::master_keys::{KeyName, MasterKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

impl Sealer {
    /// The key for a purpose under the master key in use, with that one's name.
    pub fn derive(&self, purpose: &str) -> (KeyName, Zeroizing<[u8; 32]>) {
        let keys = self.keys();
        (keys.current().name(), derived(keys.current(), purpose))
    }

    /// The same under the master key of this name; `None` where it is not here.
    pub fn derive_under(&self, name: KeyName, purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
        self.find_key(name).ok().map(|key| derived(&key, purpose))
    }
}

/// HMAC-SHA256 of the purpose: as far from the master key, and from every other purpose, as a hash can carry it.
fn derived(key: &MasterKey, purpose: &str) -> Zeroizing<[u8; 32]> {
    // A key that is shorter than the hash's block is filled up with zeros, by the standard.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key.bytes()).for_each(|(to, from)| *to = *from);
    let mac = Hmac::<Sha256>::new((&*block).into());
    let tag = mac.chain_update(b"axisor derived key 1 ").chain_update(purpose).finalize();
    Zeroizing::new(tag.into_bytes().into())
}

//! The keys that seal every secret: the one in use, and earlier ones until nothing is sealed by them.

use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A master key; wiped from memory when it goes, and never shown.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// What a master key is called where it can't be shown; says nothing about the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyName([u8; KeyName::LENGTH]);

/// The key in use, then earlier ones, newest first.
#[derive(Clone, Debug)]
pub struct MasterKeys {
    current: MasterKey,
    earlier: Vec<MasterKey>,
}

impl MasterKey {
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> MasterKey {
        MasterKey(bytes)
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn name(&self) -> KeyName {
        let digest = Sha256::new().chain_update(b"axisor master key name").chain_update(self.0.as_slice()).finalize();
        let mut name = [0; KeyName::LENGTH];
        name.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        KeyName(name)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.name())
    }
}

impl PartialEq for MasterKey {
    fn eq(&self, other: &MasterKey) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for MasterKey {}

impl KeyName {
    pub const LENGTH: usize = 8;

    pub const fn from_bytes(bytes: [u8; KeyName::LENGTH]) -> KeyName {
        KeyName(bytes)
    }

    pub const fn bytes(self) -> [u8; KeyName::LENGTH] {
        self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl MasterKeys {
    pub fn one(current: MasterKey) -> MasterKeys {
        MasterKeys { current, earlier: Vec::new() }
    }

    /// The first of the list is the key in use; `None` for an empty list.
    pub fn from_list(keys: Vec<MasterKey>) -> Option<MasterKeys> {
        let mut keys = keys.into_iter();
        let current = keys.next()?;
        Some(MasterKeys { current, earlier: keys.collect() })
    }

    pub fn current(&self) -> &MasterKey {
        &self.current
    }

    pub fn earlier(&self) -> &[MasterKey] {
        &self.earlier
    }

    pub(crate) fn find(&self, name: KeyName) -> Option<&MasterKey> {
        std::iter::once(&self.current).chain(&self.earlier).find(|key| key.name() == name)
    }
}

//! Passwords that others have lost: asked of a list that whoever runs this server has.

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::io;

/// A list of passwords that attackers know, each by its SHA-1, as such lists are given out.
pub trait BreachedPasswords: Send + Sync {
    fn holds(&self, hash: &[u8; 20]) -> io::Result<bool>;
}

pub fn is_in(list: &dyn BreachedPasswords, password: &str) -> io::Result<bool> {
    let mut hash = [0; 20];
    hash.copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref());
    list.holds(&hash)
}

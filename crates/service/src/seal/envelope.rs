//! The bytes of a sealed secret: format, master key's name, sealed data key, sealed content.

use crate::master_keys::KeyName;

/// The first format had no data keys and no name of its master key; it is not read any more.
const FORMAT: u8 = 2;
pub const NONCE: usize = 24;
/// A data key with its authentication tag.
const SEALED_KEY: usize = 32 + 16;

#[derive(Clone, Copy)]
pub struct Envelope<'a> {
    pub master: KeyName,
    pub key_nonce: [u8; NONCE],
    pub key: &'a [u8],
    pub content_nonce: [u8; NONCE],
    pub content: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// `None` for anything else, plaintext included.
    pub fn read(bytes: &'a [u8]) -> Option<Envelope<'a>> {
        let (&format, rest) = bytes.split_first()?;
        let (master, rest) = rest.split_first_chunk::<{ KeyName::LENGTH }>()?;
        let (key_nonce, rest) = rest.split_first_chunk::<NONCE>()?;
        let (key, rest) = rest.split_at_checked(SEALED_KEY)?;
        let (content_nonce, content) = rest.split_first_chunk::<NONCE>()?;
        let master = KeyName::from_bytes(*master);
        let (key_nonce, content_nonce) = (*key_nonce, *content_nonce);
        (format == FORMAT).then_some(Envelope { master, key_nonce, key, content_nonce, content })
    }

    pub fn write(&self) -> Vec<u8> {
        [&[FORMAT], &self.master.bytes()[..], &self.key_nonce, self.key, &self.content_nonce, self.content].concat()
    }
}

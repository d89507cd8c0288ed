//! A key to an account, never shown.

use secrecy::SecretString;
use std::fmt;

/// Key, secret and passphrase, as LN Markets hands them out.
#[derive(Clone)]
pub struct ApiKey {
    pub key: String,
    pub secret: SecretString,
    pub passphrase: SecretString,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let key = ApiKey { key: "hush-k".to_owned(), secret: "hush-s".into(), passphrase: "hush-p".into() };
        assert!(!format!("{key:?}").contains("hush"));
    }
}

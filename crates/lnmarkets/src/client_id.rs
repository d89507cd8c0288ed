//! A name that a client gives to its own order.

use std::fmt;

/// 1 to 64 characters without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a client id has 1 to 64 characters")]
pub struct ClientIdError;

impl ClientId {
    const LONGEST: usize = 64;

    pub fn new(text: &str) -> Result<ClientId, ClientIdError> {
        let is_valid = (1..=ClientId::LONGEST).contains(&text.chars().count()) && !text.contains(char::is_control);
        is_valid.then(|| ClientId(text.to_owned())).ok_or(ClientIdError)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The venue gives back nothing, null or an empty text where there is none.
    pub(crate) fn read(text: Option<String>) -> Option<ClientId> {
        text.and_then(|text| ClientId::new(&text).ok())
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_name_is_none() {
        assert_eq!(ClientId::read(Some(String::new())), None);
        assert_eq!(ClientId::read(None), None);
        assert_eq!(ClientId::read(Some("a".to_owned())), ClientId::new("a").ok());
        assert_eq!(ClientId::new(&"é".repeat(64)).map(|id| id.to_string().chars().count()), Ok(64));
        assert!(ClientId::new(&"é".repeat(65)).is_err());
        assert!(ClientId::new("a\nb").is_err());
    }
}

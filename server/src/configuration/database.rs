//! The address of the database.

use super::ConfigurationError;
use std::fmt;
use store::Way;

/// May hold a password, so it is never shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Without TLS only where what is sent stays on this machine, or in a network that the operator named.
    pub(super) fn check(url: String, private_hosts: &[String]) -> Result<DatabaseUrl, ConfigurationError> {
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|kind| url.starts_with(kind)) {
            return Err(ConfigurationError::Database);
        }
        match store::way(&url).map_err(|_| ConfigurationError::Database)? {
            Way::Plain { host } if !private_hosts.contains(&host) => Err(ConfigurationError::PlainDatabase(host)),
            Way::Plain { .. } | Way::Here | Way::Encrypted => Ok(DatabaseUrl(url)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, _) = self.0.split_once(':').unwrap_or(("", ""));
        write!(f, "{kind}:…")
    }
}

//! What a program may read in the name of who let it in.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One right. No right moves money or changes a rule: programs only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiScope {
    /// Accounts and their positions.
    Positions,
    /// The guard's rule.
    Guard,
    /// What the guard knew and decided.
    Why,
}

/// Some of the rights; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiScopes(u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scopes are positions:read, guard:read and why:read, with spaces between them")]
pub struct ApiScopeError;

impl ApiScope {
    pub const ALL: [ApiScope; 3] = [ApiScope::Positions, ApiScope::Guard, ApiScope::Why];

    pub const fn as_str(self) -> &'static str {
        match self {
            ApiScope::Positions => "positions:read",
            ApiScope::Guard => "guard:read",
            ApiScope::Why => "why:read",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            ApiScope::Positions => 1,
            ApiScope::Guard => 2,
            ApiScope::Why => 4,
        }
    }
}

impl ApiScopes {
    pub const NONE: ApiScopes = ApiScopes(0);

    pub fn all() -> ApiScopes {
        ApiScope::ALL.into_iter().collect()
    }

    #[must_use]
    pub const fn with(self, scope: ApiScope) -> ApiScopes {
        ApiScopes(self.0 | scope.bit())
    }

    #[must_use]
    pub const fn without(self, scope: ApiScope) -> ApiScopes {
        ApiScopes(self.0 & !scope.bit())
    }

    /// The rights that both have.
    #[must_use]
    pub const fn and(self, other: ApiScopes) -> ApiScopes {
        ApiScopes(self.0 & other.0)
    }

    pub const fn has(self, scope: ApiScope) -> bool {
        self.0 & scope.bit() != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<ApiScope> for ApiScopes {
    fn from_iter<I: IntoIterator<Item = ApiScope>>(scopes: I) -> ApiScopes {
        scopes.into_iter().fold(ApiScopes::NONE, ApiScopes::with)
    }
}

impl fmt::Display for ApiScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = ApiScope::ALL.into_iter().filter(|scope| self.has(*scope));
        for (place, scope) in has.enumerate() {
            let gap = if place == 0 { "" } else { " " };
            write!(f, "{gap}{}", scope.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for ApiScopes {
    type Err = ApiScopeError;

    /// A word that is no scope makes the whole refused.
    fn from_str(text: &str) -> Result<ApiScopes, ApiScopeError> {
        let named = |word: &str| ApiScope::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or(ApiScopeError);
        text.split(' ').filter(|word| !word.is_empty()).map(named).collect()
    }
}

impl TryFrom<String> for ApiScopes {
    type Error = ApiScopeError;

    fn try_from(text: String) -> Result<ApiScopes, ApiScopeError> {
        text.parse()
    }
}

impl From<ApiScopes> for String {
    fn from(scopes: ApiScopes) -> String {
        scopes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_are_written_and_a_strange_word_is_refused() {
        for text in ["", "positions:read", "guard:read why:read", "positions:read guard:read why:read"] {
            let scopes: ApiScopes = text.parse().unwrap();
            assert_eq!(scopes.to_string(), text);
        }
        for strange in ["admin", "positions:write", "positions:read,guard:read", "*", "Positions:read"] {
            assert_eq!(strange.parse::<ApiScopes>(), Err(ApiScopeError), "{strange}");
        }
        assert!(!ApiScopes::default().has(ApiScope::Why));
        assert!(!ApiScopes::all().without(ApiScope::Why).has(ApiScope::Why));
    }
}

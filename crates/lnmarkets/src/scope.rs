//! What a key may do.

use std::collections::BTreeSet;
use std::fmt;

/// The venue's scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    AccountRead,
    DepositsRead,
    DepositsWrite,
    WithdrawalsRead,
    WithdrawalsWrite,
    NotificationsRead,
    NotificationsWrite,
    IsolatedRead,
    IsolatedWrite,
    CrossRead,
    CrossWrite,
    SyntheticUsdRead,
    SyntheticUsdWrite,
}

impl Scope {
    pub const ALL: [Scope; 13] = [
        Scope::AccountRead,
        Scope::DepositsRead,
        Scope::DepositsWrite,
        Scope::WithdrawalsRead,
        Scope::WithdrawalsWrite,
        Scope::NotificationsRead,
        Scope::NotificationsWrite,
        Scope::IsolatedRead,
        Scope::IsolatedWrite,
        Scope::CrossRead,
        Scope::CrossWrite,
        Scope::SyntheticUsdRead,
        Scope::SyntheticUsdWrite,
    ];
    /// What guarding isolated positions takes.
    pub const GUARD: [Scope; 3] = [Scope::AccountRead, Scope::IsolatedRead, Scope::IsolatedWrite];

    /// The venue's spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::AccountRead => "account:read",
            Scope::DepositsRead => "account:deposits:read",
            Scope::DepositsWrite => "account:deposits:write",
            Scope::WithdrawalsRead => "account:withdrawals:read",
            Scope::WithdrawalsWrite => "account:withdrawals:write",
            Scope::NotificationsRead => "account:notifications:read",
            Scope::NotificationsWrite => "account:notifications:write",
            Scope::IsolatedRead => "futures:isolated:read",
            Scope::IsolatedWrite => "futures:isolated:write",
            Scope::CrossRead => "futures:cross:read",
            Scope::CrossWrite => "futures:cross:write",
            Scope::SyntheticUsdRead => "synthetic-usd:read",
            Scope::SyntheticUsdWrite => "synthetic-usd:write",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Everything that a key may do, in the venue's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    known: BTreeSet<Scope>,
    /// Scopes that are newer than this program.
    unknown: BTreeSet<String>,
}

impl Permissions {
    pub fn read(words: &[String]) -> Permissions {
        let mut permissions = Permissions::default();
        for word in words {
            match Scope::ALL.into_iter().find(|scope| scope.as_str() == word) {
                Some(scope) => _ = permissions.known.insert(scope),
                None => _ = permissions.unknown.insert(word.clone()),
            }
        }
        permissions
    }

    /// All of them in the venue's spelling, those that are newer than this program last.
    pub fn words(&self) -> Vec<String> {
        let known = self.known.iter().map(|scope| scope.as_str().to_owned());
        known.chain(self.unknown.iter().cloned()).collect()
    }

    pub fn allows(&self, scope: Scope) -> bool {
        self.known.contains(&scope)
    }

    /// Whether money can leave the account by this key. Of a scope that is not known the worst is believed.
    pub fn may_withdraw(&self) -> bool {
        let is_harmless = |word: &String| word.ends_with(":read") && !word.contains('*');
        let sounds_like_it = |word: &String| word.contains("withdraw") || word.contains('*') || !word.contains(':');
        let unknown = self.unknown.iter().any(|word| !is_harmless(word) && sounds_like_it(word));
        self.allows(Scope::WithdrawalsWrite) || unknown
    }

    /// Those of `needed` that the key lacks: what needs them has no effect.
    pub fn missing(&self, needed: &[Scope]) -> Vec<Scope> {
        needed.iter().copied().filter(|scope| !self.allows(*scope)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(words: &[&str]) -> Permissions {
        Permissions::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_key_that_may_withdraw_is_seen_in_any_spelling() {
        let withdrawing =
            ["account:withdrawals:write", "account:withdrawals:lightning:write", "account:*", "*", "admin", "withdraw"];
        for word in withdrawing {
            assert!(permissions(&["account:read", word]).may_withdraw(), "{word}");
        }
        for word in ["account:withdrawals:read", "futures:options:write", "account:withdrawals:history:read"] {
            assert!(!permissions(&[word]).may_withdraw(), "{word}");
        }
    }

    #[test]
    fn what_a_key_lacks_is_listed() {
        let all: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        assert_eq!(permissions(&all).missing(&Scope::ALL), vec![]);
        let reading = permissions(&["account:read", "futures:isolated:read"]);
        assert_eq!(reading.missing(&Scope::GUARD), vec![Scope::IsolatedWrite]);
    }
}

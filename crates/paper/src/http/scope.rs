//! What a key may do.

use super::answer::ApiError;
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A permission as the venue names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
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

impl Permission {
    pub const ALL: [Permission; 13] = [
        Permission::AccountRead,
        Permission::DepositsRead,
        Permission::DepositsWrite,
        Permission::WithdrawalsRead,
        Permission::WithdrawalsWrite,
        Permission::NotificationsRead,
        Permission::NotificationsWrite,
        Permission::IsolatedRead,
        Permission::IsolatedWrite,
        Permission::CrossRead,
        Permission::CrossWrite,
        Permission::SyntheticUsdRead,
        Permission::SyntheticUsdWrite,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Permission::AccountRead => "account:read",
            Permission::DepositsRead => "account:deposits:read",
            Permission::DepositsWrite => "account:deposits:write",
            Permission::WithdrawalsRead => "account:withdrawals:read",
            Permission::WithdrawalsWrite => "account:withdrawals:write",
            Permission::NotificationsRead => "account:notifications:read",
            Permission::NotificationsWrite => "account:notifications:write",
            Permission::IsolatedRead => "futures:isolated:read",
            Permission::IsolatedWrite => "futures:isolated:write",
            Permission::CrossRead => "futures:cross:read",
            Permission::CrossWrite => "futures:cross:write",
            Permission::SyntheticUsdRead => "synthetic-usd:read",
            Permission::SyntheticUsdWrite => "synthetic-usd:write",
        }
    }

    /// What a request needs; `None` for a path that needs no more than a key.
    fn needed(method: &Method, path: &str) -> Option<Permission> {
        use Permission::{
            AccountRead, CrossRead, CrossWrite, DepositsRead, DepositsWrite, IsolatedRead, IsolatedWrite,
            NotificationsRead, NotificationsWrite, SyntheticUsdRead, SyntheticUsdWrite, WithdrawalsRead,
            WithdrawalsWrite,
        };
        let groups = [
            ("/v3/account/notifications", NotificationsRead, NotificationsWrite),
            ("/v3/account/withdraw", WithdrawalsRead, WithdrawalsWrite),
            ("/v3/account/deposit", DepositsRead, DepositsWrite),
            ("/v3/account/address", DepositsRead, DepositsWrite),
            ("/v3/account", AccountRead, AccountRead),
            ("/v3/futures/isolated", IsolatedRead, IsolatedWrite),
            ("/v3/futures/cross", CrossRead, CrossWrite),
            ("/v3/synthetic-usd", SyntheticUsdRead, SyntheticUsdWrite),
        ];
        let (_, read, write) = groups.into_iter().find(|(start, ..)| path.starts_with(start))?;
        Some(if method == Method::GET { read } else { write })
    }
}

/// What each key may do, changeable while the venue runs. A key that nobody has spoken of may do everything but
/// withdraw.
#[derive(Clone, Debug, Default)]
pub struct KeyScopes(Arc<Mutex<BTreeMap<String, Scope>>>);

#[derive(Clone, Debug)]
enum Scope {
    Granted(BTreeSet<Permission>),
    Revoked,
}

impl KeyScopes {
    /// From now on the key may do this and nothing else.
    pub fn grant(&self, key: &str, permissions: impl IntoIterator<Item = Permission>) {
        self.set(key, Scope::Granted(permissions.into_iter().collect()));
    }

    /// From now on the key is unknown.
    pub fn revoke(&self, key: &str) {
        self.set(key, Scope::Revoked);
    }

    fn set(&self, key: &str, scope: Scope) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), scope);
    }

    /// `None` for a revoked key.
    pub fn of(&self, key: &str) -> Option<BTreeSet<Permission>> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            Some(Scope::Granted(granted)) => Some(granted.clone()),
            Some(Scope::Revoked) => None,
            None => Some(usual().collect()),
        }
    }

    pub(super) fn check(&self, key: &str, method: &Method, path: &str) -> Result<(), ApiError> {
        let granted = self.of(key).ok_or_else(|| ApiError::unauthorized("Api key does not exist"))?;
        match Permission::needed(method, path) {
            Some(needed) if !granted.contains(&needed) => Err(ApiError::forbidden(needed)),
            _ => Ok(()),
        }
    }
}

fn usual() -> impl Iterator<Item = Permission> {
    Permission::ALL.into_iter().filter(|permission| *permission != Permission::WithdrawalsWrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_needs_its_own_permission() {
        let needed = |method: Method, path| Permission::needed(&method, path).map(Permission::as_str);
        assert_eq!(needed(Method::GET, "/v3/account"), Some("account:read"));
        assert_eq!(needed(Method::GET, "/v3/account/deposits/lightning"), Some("account:deposits:read"));
        assert_eq!(needed(Method::POST, "/v3/account/deposit/lightning"), Some("account:deposits:write"));
        assert_eq!(needed(Method::POST, "/v3/account/withdraw/on-chain"), Some("account:withdrawals:write"));
        assert_eq!(needed(Method::GET, "/v3/account/withdrawals/on-chain"), Some("account:withdrawals:read"));
        assert_eq!(needed(Method::PUT, "/v3/account/notifications"), Some("account:notifications:write"));
        assert_eq!(needed(Method::DELETE, "/v3/futures/isolated/trade/stoploss"), Some("futures:isolated:write"));
        assert_eq!(needed(Method::GET, "/v3/futures/cross/position"), Some("futures:cross:read"));
        assert_eq!(needed(Method::POST, "/v3/synthetic-usd/swap"), Some("synthetic-usd:write"));
    }

    #[test]
    fn a_key_may_do_everything_but_withdraw_until_it_is_told_otherwise() {
        let scopes = KeyScopes::default();
        assert!(scopes.check("a", &Method::POST, "/v3/futures/isolated/trade").is_ok());
        assert!(scopes.check("a", &Method::POST, "/v3/account/withdraw/lightning").is_err());
        scopes.grant("a", [Permission::IsolatedRead]);
        assert!(scopes.check("a", &Method::POST, "/v3/futures/isolated/trade").is_err());
        assert!(scopes.check("a", &Method::GET, "/v3/futures/isolated/trades/running").is_ok());
        scopes.revoke("a");
        assert!(scopes.check("a", &Method::GET, "/v3/futures/isolated/trades/running").is_err());
        assert!(scopes.check("b", &Method::GET, "/v3/account").is_ok());
    }
}

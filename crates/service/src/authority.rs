//! Who may do what: the one place that says so, asked before everything that touches an account or other people.

use domain::{Access, AccountId, Role, UserId};
use std::sync::Arc;
use store::{KnownUser, Store, StoreError};

/// What somebody wants with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// To read all of it but its key.
    See,
    /// To change what is done with it: its guard, its switches, its positions.
    Act,
    /// To decide who else sees it, and about its key.
    Own,
}

/// What somebody wants of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    /// To have accounts of their own.
    HaveAccounts,
    /// To decide who may be here, to read what all do, and to stop everything.
    Administer,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// There is no such thing, or the caller is not to know that there is.
    #[error("there is no such thing")]
    NotFound,
    /// The caller sees it, and may not do this.
    #[error("this is not allowed")]
    Forbidden,
    #[error("it cannot be looked up who may do this")]
    Store(#[from] StoreError),
}

/// What a tie to an account and a role allow.
pub const fn allows(access: Access, role: Role, need: Need) -> bool {
    match need {
        Need::See => true,
        Need::Act => match access {
            Access::Owner => true,
            Access::Act => !matches!(role, Role::Viewer),
            Access::See => false,
        },
        Need::Own => matches!(access, Access::Owner),
    }
}

/// What a role allows on the server.
pub const fn holds(role: Role, office: Office) -> bool {
    match office {
        Office::HaveAccounts => !matches!(role, Role::Viewer),
        Office::Administer => matches!(role, Role::Admin),
    }
}

/// Asks the database each time, so that what was taken away is gone with the next request.
pub struct Authority {
    store: Arc<dyn Store>,
}

impl Authority {
    pub fn new(store: Arc<dyn Store>) -> Authority {
        Authority { store }
    }

    /// Who asks, as every request is answered; `None` for who is unknown or suspended.
    pub async fn find_known(&self, user: UserId) -> Result<Option<KnownUser>, StoreError> {
        self.store.find_known(user).await
    }

    pub async fn find_role(&self, user: UserId) -> Result<Option<Role>, StoreError> {
        self.store.find_role(user).await
    }

    /// Whether somebody may do this with an account. To who has nothing to do with it, it is not there.
    pub async fn check(&self, user: UserId, account: AccountId, need: Need) -> Result<(), Denied> {
        match self.store.find_access(user, account).await? {
            None => Err(Denied::NotFound),
            Some((access, role)) if allows(access, role, need) => Ok(()),
            Some(_) => Err(Denied::Forbidden),
        }
    }

    pub async fn check_office(&self, user: UserId, office: Office) -> Result<(), Denied> {
        match self.store.find_role(user).await? {
            Some(role) if holds(role, office) => Ok(()),
            _ => Err(Denied::Forbidden),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f81_what_each_may_do_stands_in_one_table() {
        let accesses = [Access::Owner, Access::Act, Access::See];
        let row = |role, need| accesses.map(|access| allows(access, role, need));
        for role in Role::ALL {
            assert_eq!(row(role, Need::See), [true, true, true], "{role:?}");
            assert_eq!(row(role, Need::Act), [true, role != Role::Viewer, false], "{role:?}");
            assert_eq!(row(role, Need::Own), [true, false, false], "an admin owns nobody's account: {role:?}");
        }
        assert_eq!(Role::ALL.map(|role| holds(role, Office::HaveAccounts)), [false, true, true]);
        assert_eq!(Role::ALL.map(|role| holds(role, Office::Administer)), [false, false, true]);
    }
}

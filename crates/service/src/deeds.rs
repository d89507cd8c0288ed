//! What people do that the audit must hold: each deed with its entry.

use crate::audit::{Audit, Deed};
use crate::desk::{ArmGuardError, Desk, DeskError};
use crate::identity::Identity;
use crate::origin::Origin;
use domain::guard_policy::Guard;
use domain::{AccountId, AuditAction, GuardPolicy, GuardState, Mode, UserId};
use serde::Serialize;
use std::sync::Arc;

/// What a page may ask.
#[derive(Clone)]
pub struct Services {
    pub identity: Arc<Identity>,
    pub desk: Arc<Desk>,
    pub audit: Arc<Audit>,
}

/// Who asks, and from where.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: UserId,
    pub origin: Origin,
}

#[derive(Serialize)]
struct AddedAccount<'a> {
    name: &'a str,
    mode: Mode,
}

impl Services {
    /// Saves the guard's next version; see [`Desk::arm_guard`].
    pub async fn save_guard(
        &self,
        caller: &Caller,
        account: AccountId,
        policy: GuardPolicy,
        state: GuardState,
        based_on: u32,
    ) -> Result<Guard, ArmGuardError> {
        let before = self.desk.find_guard(caller.user, account).await?;
        let guard = self.desk.arm_guard(caller.user, account, policy, state, based_on).await?;
        let mut deed = caller.did(AuditAction::GuardSaved, account.to_string()).to(&guard);
        if let Some(before) = before {
            deed = deed.from(&before);
        }
        self.audit.note(deed).await;
        Ok(guard)
    }

    /// Adds an account; see [`Desk::add_account`].
    pub async fn add_account(
        &self,
        caller: &Caller,
        name: &str,
        mode: Mode,
        seal: impl FnOnce(AccountId) -> Option<Vec<u8>> + Send,
    ) -> Result<AccountId, DeskError> {
        let account = self.desk.add_account(caller.user, name, mode, seal).await?;
        let deed = caller.did(AuditAction::AccountAdded, account.to_string());
        self.audit.note(deed.to(&AddedAccount { name, mode })).await;
        Ok(account)
    }
}

impl Caller {
    pub(crate) fn did(&self, action: AuditAction, subject: impl Into<String>) -> Deed {
        Deed::new(Some(self.user), &self.origin, action, subject)
    }
}

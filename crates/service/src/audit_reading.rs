//! Who reads which part of the audit.

use crate::deeds::Services;
use domain::UserId;
use store::{AuditFilter, AuditRow, StoreError};

/// What somebody asked for and may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPart {
    /// Newest first.
    pub entries: Vec<AuditRow>,
    /// Everybody's entries, and not only one's own.
    pub is_whole: bool,
}

impl Services {
    /// One's own entries; everybody's for admins, who answer for the program.
    pub async fn list_audit(
        &self,
        asking: UserId,
        action: Option<String>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<AuditPart, StoreError> {
        let is_whole = self.audit.is_answered_for_by(asking).await?;
        let actor = (!is_whole).then_some(asking);
        let entries = self.audit.list_newest(&AuditFilter { actor, action, before, limit }).await?;
        Ok(AuditPart { entries, is_whole })
    }
}

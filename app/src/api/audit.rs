//! Who did what, from where, as the audit holds it.

use crate::api::ReadFault;
use crate::api::json::Json;
use domain::{Timestamp, UserId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One entry, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: Timestamp,
    pub actor: Option<UserId>,
    pub source: String,
    /// A stable word.
    pub action: String,
    pub subject: String,
    /// JSON.
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPart {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// There are older ones.
    pub has_more: bool,
    /// Everybody's entries, and not only one's own.
    pub is_whole: bool,
}

/// Entries before a number, of one action where it is named: one's own, and everybody's for who answers for the program.
#[server(endpoint = "find_audit", protocol = Json)]
pub async fn find_audit(action: Option<String>, before: Option<i64>) -> Result<AuditPart, ReadFault> {
    const PAGE: usize = 50;
    let caller = crate::session::caller().await.ok_or(ReadFault::SignedOut)?;
    let services = expect_context::<service::Services>();
    let limit = u32::try_from(PAGE + 1).unwrap_or(u32::MAX);
    let part = services.list_audit(caller, action, before, limit).await.map_err(|error| {
        tracing::error!(%error, "the audit cannot be shown");
        crate::session::answer_with(http::StatusCode::SERVICE_UNAVAILABLE);
        ReadFault::Unavailable
    })?;
    let has_more = PAGE < part.entries.len();
    let entries = part.entries.into_iter().take(PAGE).map(AuditEntry::from).collect();
    Ok(AuditPart { entries, has_more, is_whole: part.is_whole })
}

#[cfg(feature = "ssr")]
impl From<service::AuditRow> for AuditEntry {
    fn from(row: service::AuditRow) -> AuditEntry {
        let service::AuditRow { seq, at, actor, source, action, subject, before, after, .. } = row;
        AuditEntry { seq, at, actor, source, action, subject, before, after }
    }
}

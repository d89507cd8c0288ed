//! What keeps an intent from being written though its writer owns the account: another release, a pulled switch, a
//! frozen position, a rule that was changed meanwhile. One statement asks for all, since every intent waits for the answer.

use crate::both::on_both;
use crate::{Fence, Result, StoreError};
use domain::action::Intent;
use domain::brake::StopScope;
use uuid::Uuid;

/// The first that stands in the way, in the order of what it is.
const FIND: &str = "
    select kind, detail from (
        select 1 as place, 'release' as kind, release as detail from instances where release <> $1 and seen_until > $2
        union all
        select 2, 'stop', 'everything' from stops where scope = $3 and stopped = 'guards'
        union all
        select 3, 'stop', 'account' from stops where scope = $4 and stopped = 'guards'
        union all
        select 4, 'freeze', '' from freezes where account_id = $4 and position_id = $5
        union all
        select 5, 'guard', '' from guard_versions where account_id = $4 and guard_id = $6 and version > $7
    ) as hindrances order by place, detail limit 1";

on_both! {
    pub async fn check(connection: &mut Connection, intent: &Intent, fence: Fence<'_>) -> Result<()> {
        let found: Option<(String, String)> = sqlx::query_as(FIND)
            .bind(&fence.instance.release)
            .bind(intent.written_at.unix_ms())
            .bind(Uuid::nil())
            .bind(intent.account.uuid())
            .bind(intent.position.uuid())
            .bind(intent.guard.uuid())
            .bind(i64::from(intent.guard_version))
            .fetch_optional(connection)
            .await?;
        let Some((kind, detail)) = found else { return Ok(()) };
        Err(match (kind.as_str(), detail.as_str()) {
            ("release", theirs) => StoreError::ReleasesDiffer { theirs: theirs.to_owned() },
            ("stop", "account") => StoreError::Stopped(StopScope::Account),
            ("stop", _) => StoreError::Stopped(StopScope::Everything),
            ("guard", _) => StoreError::Conflict,
            _ => StoreError::Frozen,
        })
    }
}

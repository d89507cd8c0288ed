//! The table `guard_versions`.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::guard_policy::Guard;
use domain::{AccountId, GuardId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    guard_id: Uuid,
    version: i64,
    state: String,
    policy: String,
    saved_at: i64,
}

impl TryFrom<Row> for Guard {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Guard> {
        let place = Place { table: "guard_versions", row: &row.guard_id };
        Ok(Guard {
            id: GuardId::from_uuid(row.guard_id),
            version: place.count("version", row.version)?,
            state: place.word("state", &row.state)?,
            policy: place.json("policy", &row.policy)?,
            saved_at: time(row.saved_at),
        })
    }
}

on_both! {
    beside plan;

    /// The number is checked by the statement that writes it, so that of two who save at once one is refused.
    pub async fn save(connection: &mut Connection, account: AccountId, guard: &Guard) -> Result<()> {
        if guard.version == 1 {
            plan::make_room_for_guard(&mut *connection, account, guard.saved_at).await?;
        }
        let policy = serde_json::to_string(&guard.policy).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let saved = sqlx::query(
            "insert into guard_versions (account_id, version, guard_id, state, policy, saved_at)
             select $1, $2, $3, $4, $5, $6
             where $2 = (select coalesce(max(version), 0) + 1 from guard_versions where account_id = $1)
             on conflict do nothing",
        )
        .bind(account.uuid())
        .bind(i64::from(guard.version))
        .bind(guard.id.uuid())
        .bind(guard.state.as_str())
        .bind(policy)
        .bind(guard.saved_at.unix_ms())
        .execute(connection)
        .await?;
        if saved.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn find(connection: &mut Connection, account: AccountId) -> Result<Option<Guard>> {
        let query = "select guard_id, version, state, policy, saved_at from guard_versions
                     where account_id = $1 order by version desc limit 1";
        let row = sqlx::query_as::<_, Row>(query).bind(account.uuid()).fetch_optional(connection).await?;
        row.map(Guard::try_from).transpose()
    }

    pub async fn list_versions(connection: &mut Connection, account: AccountId) -> Result<Vec<Guard>> {
        let query = "select guard_id, version, state, policy, saved_at from guard_versions
                     where account_id = $1 order by version desc";
        let rows = sqlx::query_as::<_, Row>(query).bind(account.uuid()).fetch_all(connection).await?;
        rows.into_iter().map(Guard::try_from).collect()
    }
}

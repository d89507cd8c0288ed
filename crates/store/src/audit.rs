//! The table `audit`: rows as they lie there, so that a changed one can still be read and named.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{AuditFilter, AuditRow, Result, StoreError};
use domain::UserId;
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: i64,
    actor: Option<Uuid>,
    source: String,
    action: String,
    subject: String,
    value_before: Option<String>,
    value_after: Option<String>,
    previous: Vec<u8>,
    hash: Vec<u8>,
    signature: Vec<u8>,
}

impl TryFrom<Row> for AuditRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<AuditRow> {
        let place = Place { table: "audit", row: &row.seq };
        Ok(AuditRow {
            seq: row.seq,
            at: time(row.at),
            actor: row.actor.map(UserId::from_uuid),
            source: row.source,
            action: row.action,
            subject: row.subject,
            before: row.value_before,
            after: row.value_after,
            previous: row.previous.try_into().map_err(|_| place.corrupt("previous"))?,
            hash: row.hash.try_into().map_err(|_| place.corrupt("hash"))?,
            signature: row.signature,
        })
    }
}

on_both! {
    /// The number is the row's key: of two who append at once, one is told to read the newest again.
    pub async fn append(connection: &mut Connection, row: &AuditRow) -> Result<()> {
        let appended = sqlx::query(
            "insert into audit (seq, at, actor, source, action, subject, value_before, value_after, previous, hash,
                 signature)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
             where $1 = (select coalesce(max(seq), 0) + 1 from audit)
             on conflict do nothing",
        )
        .bind(row.seq)
        .bind(row.at.unix_ms())
        .bind(row.actor.map(UserId::uuid))
        .bind(&row.source)
        .bind(&row.action)
        .bind(&row.subject)
        .bind(&row.before)
        .bind(&row.after)
        .bind(row.previous.as_slice())
        .bind(row.hash.as_slice())
        .bind(&row.signature)
        .execute(connection)
        .await?;
        if appended.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn find_newest(connection: &mut Connection) -> Result<Option<AuditRow>> {
        let row = sqlx::query_as::<_, Row>("select * from audit order by seq desc limit 1");
        row.fetch_optional(connection).await?.map(AuditRow::try_from).transpose()
    }

    /// Newest first; an actor and an action narrow it.
    pub async fn list_newest(connection: &mut Connection, filter: &AuditFilter) -> Result<Vec<AuditRow>> {
        let rows = sqlx::query_as::<_, Row>(
            "select * from audit
             where ($1 is null or actor = $1) and ($2 is null or action = $2) and ($3 is null or seq < $3)
             order by seq desc limit $4",
        )
        .bind(filter.actor.map(UserId::uuid))
        .bind(&filter.action)
        .bind(filter.before)
        .bind(i64::from(filter.limit))
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(AuditRow::try_from).collect()
    }

    pub async fn list(connection: &mut Connection, after: i64, limit: u32) -> Result<Vec<AuditRow>> {
        let rows = sqlx::query_as::<_, Row>("select * from audit where seq > $1 order by seq limit $2")
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?;
        rows.into_iter().map(AuditRow::try_from).collect()
    }
}

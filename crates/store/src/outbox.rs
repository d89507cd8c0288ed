//! The table `notices`: messages that wait to be delivered, each taken by one worker at a time.

use crate::both::on_both;
use crate::column::Place;
use crate::{Notice, Result};
use domain::{Millis, Timestamp};
use sqlx::FromRow;

#[derive(FromRow)]
struct Row {
    id: i64,
    entry: i64,
    attempts: i64,
}

/// Takes due notices by moving them to the end of the lease, in one statement.
macro_rules! claim_statement {
    ($lock:literal) => {
        concat!(
            "update notices set run_at = $2, attempts = attempts + 1
             where id in (select id from notices where delivered_at is null and run_at <= $1
                          order by run_at, id limit $3 ",
            $lock,
            ") returning id, entry, attempts"
        )
    };
}
pub(crate) use claim_statement;

on_both! {
    beside ledger;

    pub async fn insert(connection: &mut Connection, entry: i64, run_at: Timestamp) -> Result<()> {
        let query = sqlx::query("insert into notices (entry, run_at) values ($1, $2)");
        query.bind(entry).bind(run_at.unix_ms()).execute(connection).await?;
        Ok(())
    }

    pub async fn claim(
        connection: &mut Connection,
        statement: &'static str,
        now: Timestamp,
        lease: Millis,
        limit: u32,
    ) -> Result<Vec<Notice>> {
        let mut rows = sqlx::query_as::<_, Row>(statement)
            .bind(now.unix_ms())
            .bind(now.plus(lease).unix_ms())
            .bind(i64::from(limit))
            .fetch_all(&mut *connection)
            .await?;
        rows.sort_by_key(|row| row.id);
        let mut notices = Vec::with_capacity(rows.len());
        for Row { id, entry, attempts } in rows {
            let attempts = Place { table: "notices", row: &id }.count("attempts", attempts)?;
            notices.push(Notice { id, entry: ledger::find(&mut *connection, entry).await?, attempts });
        }
        Ok(notices)
    }

    pub async fn mark_delivered(connection: &mut Connection, id: i64, now: Timestamp) -> Result<()> {
        let query = sqlx::query("update notices set delivered_at = $2 where id = $1 and delivered_at is null");
        query.bind(id).bind(now.unix_ms()).execute(connection).await?;
        Ok(())
    }

    pub async fn retry(connection: &mut Connection, id: i64, run_at: Timestamp, error: &str) -> Result<()> {
        let query = "update notices set run_at = $2, last_error = $3 where id = $1 and delivered_at is null";
        sqlx::query(query).bind(id).bind(run_at.unix_ms()).bind(error).execute(connection).await?;
        Ok(())
    }
}

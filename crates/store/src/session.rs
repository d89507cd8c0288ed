//! The table `sessions`.

use crate::column::time;
use crate::database::on_both;
use crate::{Result, Session};
use domain::Timestamp;
use sqlx::FromRow;

#[derive(FromRow)]
struct Row {
    id: String,
    data: Vec<u8>,
    expires_at: i64,
}

on_both! {
    pub async fn insert(connection: &mut Connection, session: &Session) -> Result<()> {
        sqlx::query("insert into sessions (id, data, expires_at) values ($1, $2, $3)")
            .bind(&session.id)
            .bind(&session.data)
            .bind(session.expires_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn save(connection: &mut Connection, session: &Session) -> Result<()> {
        sqlx::query(
            "insert into sessions (id, data, expires_at) values ($1, $2, $3)
             on conflict (id) do update set data = excluded.data, expires_at = excluded.expires_at",
        )
        .bind(&session.id)
        .bind(&session.data)
        .bind(session.expires_at.unix_ms())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, id: &str, now: Timestamp) -> Result<Option<Session>> {
        let query = "select id, data, expires_at from sessions where id = $1 and expires_at > $2";
        let row = sqlx::query_as::<_, Row>(query).bind(id).bind(now.unix_ms()).fetch_optional(connection).await?;
        Ok(row.map(|Row { id, data, expires_at }| Session { id, data, expires_at: time(expires_at) }))
    }

    pub async fn delete(connection: &mut Connection, id: &str) -> Result<()> {
        sqlx::query("delete from sessions where id = $1").bind(id).execute(connection).await?;
        Ok(())
    }

    pub async fn delete_expired(connection: &mut Connection, now: Timestamp) -> Result<u64> {
        let query = sqlx::query("delete from sessions where expires_at <= $1").bind(now.unix_ms());
        Ok(query.execute(connection).await?.rows_affected())
    }
}

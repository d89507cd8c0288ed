//! The table `sessions`.

use crate::both::on_both;
use crate::column::time;
use crate::{Result, Session, StoreError};
use domain::{Timestamp, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: String,
    user_id: Option<Uuid>,
    data: Vec<u8>,
    expires_at: i64,
}

impl From<Row> for Session {
    fn from(row: Row) -> Session {
        let Row { id, user_id, data, expires_at } = row;
        Session { id, user: user_id.map(UserId::from_uuid), data, expires_at: time(expires_at) }
    }
}

on_both! {
    pub async fn insert(connection: &mut Connection, session: &Session) -> Result<()> {
        sqlx::query("insert into sessions (id, user_id, data, expires_at) values ($1, $2, $3, $4)")
            .bind(&session.id)
            .bind(session.user.map(UserId::uuid))
            .bind(&session.data)
            .bind(session.expires_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Never brings back a session that was ended: of a request that is under way and an end, the end wins.
    pub async fn save(connection: &mut Connection, session: &Session) -> Result<()> {
        sqlx::query("update sessions set user_id = $2, data = $3, expires_at = $4 where id = $1")
            .bind(&session.id)
            .bind(session.user.map(UserId::uuid))
            .bind(&session.data)
            .bind(session.expires_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, id: &str, now: Timestamp) -> Result<Option<Session>> {
        let query = "select id, user_id, data, expires_at from sessions where id = $1 and expires_at > $2
                     and (user_id is null or user_id in (select id from users where suspended_at is null))";
        let row = sqlx::query_as::<_, Row>(query).bind(id).bind(now.unix_ms()).fetch_optional(connection).await?;
        Ok(row.map(Session::from))
    }

    pub async fn delete(connection: &mut Connection, id: &str) -> Result<()> {
        sqlx::query("delete from sessions where id = $1").bind(id).execute(connection).await?;
        Ok(())
    }

    pub async fn list(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<Vec<Session>> {
        let query = "select id, user_id, data, expires_at from sessions
                     where user_id = $1 and expires_at > $2 order by expires_at desc, id";
        let rows = sqlx::query_as::<_, Row>(query).bind(user.uuid()).bind(now.unix_ms()).fetch_all(connection).await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    pub async fn delete_of(connection: &mut Connection, user: UserId, id: &str) -> Result<()> {
        let query = sqlx::query("delete from sessions where user_id = $1 and id = $2").bind(user.uuid()).bind(id);
        if query.execute(connection).await?.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn delete_others(connection: &mut Connection, user: UserId, kept: &str) -> Result<u64> {
        let query = sqlx::query("delete from sessions where user_id = $1 and id <> $2").bind(user.uuid()).bind(kept);
        Ok(query.execute(connection).await?.rows_affected())
    }

    pub async fn delete_expired(connection: &mut Connection, now: Timestamp) -> Result<u64> {
        let query = sqlx::query("delete from sessions where expires_at <= $1").bind(now.unix_ms());
        Ok(query.execute(connection).await?.rows_affected())
    }
}

//! The table `passkeys`.

use crate::access::StoredPasskey;
use crate::both::on_both;
use crate::column::time;
use crate::{Result, StoreError};
use domain::{PasskeyId, Timestamp, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    credential_id: String,
    name: String,
    data: String,
    added_at: i64,
    last_used_at: Option<i64>,
}

impl From<Row> for StoredPasskey {
    fn from(row: Row) -> StoredPasskey {
        StoredPasskey {
            id: PasskeyId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            credential_id: row.credential_id,
            name: row.name,
            data: row.data,
            added_at: time(row.added_at),
            last_used_at: row.last_used_at.map(time),
        }
    }
}

on_both! {
    beside second_factor;

    /// Recovery codes come with it where there are to be new ones.
    pub async fn insert(connection: &mut Connection, passkey: &StoredPasskey, code_hashes: &[String]) -> Result<()> {
        sqlx::query(
            "insert into passkeys (id, user_id, credential_id, name, data, added_at) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(passkey.id.uuid())
        .bind(passkey.user.uuid())
        .bind(&passkey.credential_id)
        .bind(&passkey.name)
        .bind(&passkey.data)
        .bind(passkey.added_at.unix_ms())
        .execute(&mut *connection)
        .await?;
        if code_hashes.is_empty() {
            return Ok(());
        }
        second_factor::replace_codes(connection, passkey.user, code_hashes).await
    }

    pub async fn list(connection: &mut Connection, user: UserId) -> Result<Vec<StoredPasskey>> {
        let query = "select * from passkeys where user_id = $1 order by added_at, id";
        let rows = sqlx::query_as::<_, Row>(query).bind(user.uuid()).fetch_all(connection).await?;
        Ok(rows.into_iter().map(StoredPasskey::from).collect())
    }

    pub async fn find(connection: &mut Connection, credential_id: &str) -> Result<Option<StoredPasskey>> {
        let query = "select * from passkeys where credential_id = $1";
        let row = sqlx::query_as::<_, Row>(query).bind(credential_id).fetch_optional(connection).await?;
        Ok(row.map(StoredPasskey::from))
    }

    /// Only over what was read: a counter that was used meanwhile is not used again.
    pub async fn note_use(
        connection: &mut Connection,
        id: PasskeyId,
        old: &str,
        new: &str,
        now: Timestamp,
    ) -> Result<()> {
        let noted = sqlx::query("update passkeys set data = $3, last_used_at = $4 where id = $1 and data = $2")
            .bind(id.uuid())
            .bind(old)
            .bind(new)
            .bind(now.unix_ms())
            .execute(connection)
            .await?;
        if noted.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn delete_all(connection: &mut Connection, user: UserId) -> Result<()> {
        sqlx::query("delete from passkeys where user_id = $1").bind(user.uuid()).execute(connection).await?;
        Ok(())
    }

    pub async fn delete(connection: &mut Connection, user: UserId, id: PasskeyId) -> Result<()> {
        let query = sqlx::query("delete from passkeys where user_id = $1 and id = $2");
        let deleted = query.bind(user.uuid()).bind(id.uuid()).execute(&mut *connection).await?;
        if deleted.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        second_factor::drop_idle_codes(connection, user).await
    }
}

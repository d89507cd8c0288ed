//! The tables `authenticators` and `recovery_codes`.

use crate::both::on_both;
use crate::column::time;
use crate::{Authenticator, Result, Secret, StoreError};
use domain::{Timestamp, UserId};

on_both! {
    beside secret;

    pub async fn find(connection: &mut Connection, user: UserId) -> Result<Option<Authenticator>> {
        let query = "select added_at, last_step from authenticators where user_id = $1";
        let row: Option<(i64, i64)> = sqlx::query_as(query).bind(user.uuid()).fetch_optional(connection).await?;
        Ok(row.map(|(added_at, last_step)| Authenticator { added_at: time(added_at), last_step }))
    }

    /// The seed, the authenticator and the codes belong together: all are written, or none.
    pub async fn add(
        connection: &mut Connection,
        seed: &Secret,
        authenticator: Authenticator,
        code_hashes: &[String],
    ) -> Result<()> {
        match secret::find(&mut *connection, seed.owner, &seed.field).await? {
            Some(old) if old.version.checked_add(1) == Some(seed.version) => {
                secret::replace(&mut *connection, &old, seed).await?;
            }
            None if seed.version == 1 => secret::insert(&mut *connection, seed).await?,
            _ => return Err(StoreError::Conflict),
        }
        sqlx::query(
            "insert into authenticators (user_id, added_at, last_step) values ($1, $2, $3)
             on conflict (user_id) do update set added_at = excluded.added_at, last_step = excluded.last_step",
        )
        .bind(seed.owner.uuid())
        .bind(authenticator.added_at.unix_ms())
        .bind(authenticator.last_step)
        .execute(&mut *connection)
        .await?;
        replace_codes(connection, seed.owner, code_hashes).await
    }

    /// Codes of this step and before are spent from now on: `Conflict` where they are already.
    pub async fn spend_step(connection: &mut Connection, user: UserId, step: i64) -> Result<()> {
        let spent = sqlx::query("update authenticators set last_step = $2 where user_id = $1 and last_step < $2")
            .bind(user.uuid())
            .bind(step)
            .execute(connection)
            .await?;
        if spent.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// The seed stays, sealed, so that its number is never given twice; without the row it opens nothing.
    pub async fn remove(connection: &mut Connection, user: UserId) -> Result<()> {
        let query = sqlx::query("delete from authenticators where user_id = $1");
        query.bind(user.uuid()).execute(&mut *connection).await?;
        drop_idle_codes(connection, user).await
    }

    /// Recovery codes stand in for a second factor; without one they end.
    pub async fn drop_idle_codes(connection: &mut Connection, user: UserId) -> Result<()> {
        sqlx::query(
            "delete from recovery_codes where user_id = $1
                 and not exists (select 1 from authenticators where user_id = $1)
                 and not exists (select 1 from passkeys where user_id = $1)",
        )
        .bind(user.uuid())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub async fn replace_codes(connection: &mut Connection, user: UserId, code_hashes: &[String]) -> Result<()> {
        sqlx::query("delete from recovery_codes where user_id = $1").bind(user.uuid()).execute(&mut *connection).await?;
        for code_hash in code_hashes {
            sqlx::query("insert into recovery_codes (user_id, code_hash) values ($1, $2)")
                .bind(user.uuid())
                .bind(code_hash)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    /// `Conflict` for a code that is none or was used.
    pub async fn spend_code(connection: &mut Connection, user: UserId, code_hash: &str, now: Timestamp) -> Result<()> {
        let query = "update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null";
        let spent =
            sqlx::query(query).bind(user.uuid()).bind(code_hash).bind(now.unix_ms()).execute(connection).await?;
        if spent.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn count_codes(connection: &mut Connection, user: UserId) -> Result<i64> {
        let query = "select count(*) from recovery_codes where user_id = $1 and used_at is null";
        Ok(sqlx::query_scalar(query).bind(user.uuid()).fetch_one(connection).await?)
    }
}

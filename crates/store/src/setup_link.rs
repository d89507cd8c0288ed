//! The table `setup_links`: the one-time door for the first user.

use crate::both::on_both;
use crate::{Result, StoreError, User};
use domain::Timestamp;

on_both! {
    beside user;

    pub async fn insert(connection: &mut Connection, token_hash: &str, expires_at: Timestamp) -> Result<()> {
        sqlx::query("delete from setup_links where used_at is null").execute(&mut *connection).await?;
        sqlx::query("insert into setup_links (token_hash, expires_at) values ($1, $2)")
            .bind(token_hash)
            .bind(expires_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn is_open(connection: &mut Connection, token_hash: &str, now: Timestamp) -> Result<bool> {
        let found = sqlx::query_scalar::<_, i64>(
            "select count(*) from setup_links where token_hash = $1 and used_at is null and expires_at > $2",
        )
        .bind(token_hash)
        .bind(now.unix_ms())
        .fetch_one(connection)
        .await?;
        Ok(found > 0)
    }

    /// The link is marked first: of two who use it at once, one waits for the other and then finds it spent.
    pub async fn spend(connection: &mut Connection, user: &User, token_hash: &str, now: Timestamp) -> Result<()> {
        let spent = sqlx::query(
            "update setup_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2",
        )
        .bind(token_hash)
        .bind(now.unix_ms())
        .execute(&mut *connection)
        .await?;
        if spent.rows_affected() != 1 || user::count(&mut *connection).await? != 0 {
            return Err(StoreError::Conflict);
        }
        user::insert(connection, user).await
    }
}

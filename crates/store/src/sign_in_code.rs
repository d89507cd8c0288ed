//! The table `sign_in_codes`.

use crate::access::{RefreshToken, SignInCode, TokenFamily};
use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::{Timestamp, UserId};
use uuid::Uuid;

on_both! {
    beside token_family;

    pub async fn insert(connection: &mut Connection, code: &SignInCode) -> Result<()> {
        delete_all(&mut *connection, code.user).await?;
        let query = "insert into sign_in_codes (code_hash, user_id, name, scopes, expires_at) values ($1, $2, $3, $4, $5)";
        sqlx::query(query)
            .bind(&code.code_hash)
            .bind(code.user.uuid())
            .bind(&code.name)
            .bind(code.scopes.to_string())
            .bind(code.expires_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, code_hash: &str, now: Timestamp) -> Result<Option<SignInCode>> {
        let query = "select user_id, name, scopes, expires_at from sign_in_codes where code_hash = $1 and expires_at > $2";
        let row: Option<(Uuid, String, String, i64)> =
            sqlx::query_as(query).bind(code_hash).bind(now.unix_ms()).fetch_optional(connection).await?;
        let Some((user, name, scopes, expires_at)) = row else { return Ok(None) };
        let place = Place { table: "sign_in_codes", row: &user };
        let scopes = scopes.parse().map_err(|_| place.corrupt("scopes"))?;
        let (user, code_hash) = (UserId::from_uuid(user), code_hash.to_owned());
        Ok(Some(SignInCode { code_hash, user, name, scopes, expires_at: time(expires_at) }))
    }

    /// One statement spends the code: of two who show it at once, one finds it spent.
    pub async fn redeem(
        connection: &mut Connection,
        code_hash: &str,
        family: &TokenFamily,
        first: &RefreshToken,
    ) -> Result<()> {
        let query = "delete from sign_in_codes where code_hash = $1 and user_id = $2 and expires_at > $3";
        let spent = sqlx::query(query)
            .bind(code_hash)
            .bind(family.user.uuid())
            .bind(family.created_at.unix_ms())
            .execute(&mut *connection)
            .await?;
        if spent.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        token_family::insert(connection, family, first).await
    }

    pub async fn delete_all(connection: &mut Connection, user: UserId) -> Result<()> {
        sqlx::query("delete from sign_in_codes where user_id = $1").bind(user.uuid()).execute(connection).await?;
        Ok(())
    }
}

//! The tables `token_families` and `refresh_tokens`.

use crate::access::{RefreshToken, Refreshed, TokenFamily};
use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::{Countable, Timestamp, TokenFamilyId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    name: String,
    scopes: String,
    source: String,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
}

impl TryFrom<Row> for TokenFamily {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<TokenFamily> {
        let place = Place { table: "token_families", row: &row.id };
        Ok(TokenFamily {
            id: TokenFamilyId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            scopes: row.scopes.parse().map_err(|_| place.corrupt("scopes"))?,
            name: row.name,
            source: row.source,
            created_at: time(row.created_at),
            seen_at: time(row.seen_at),
            expires_at: time(row.expires_at),
        })
    }
}

on_both! {
    beside plan;

    pub async fn insert(connection: &mut Connection, family: &TokenFamily, first: &RefreshToken) -> Result<()> {
        plan::make_room(&mut *connection, family.user, Countable::Programs, family.created_at).await?;
        sqlx::query(
            "insert into token_families (id, user_id, name, scopes, source, created_at, seen_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(family.id.uuid())
        .bind(family.user.uuid())
        .bind(&family.name)
        .bind(family.scopes.to_string())
        .bind(&family.source)
        .bind(family.created_at.unix_ms())
        .bind(family.seen_at.unix_ms())
        .bind(family.expires_at.unix_ms())
        .execute(&mut *connection)
        .await?;
        insert_token(connection, family.id.uuid(), first).await
    }

    async fn insert_token(connection: &mut Connection, family: Uuid, token: &RefreshToken) -> Result<()> {
        sqlx::query("insert into refresh_tokens (token_hash, family_id, expires_at) values ($1, $2, $3)")
            .bind(&token.token_hash)
            .bind(family)
            .bind(token.expires_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, id: TokenFamilyId, now: Timestamp) -> Result<Option<TokenFamily>> {
        let row = sqlx::query_as::<_, Row>(
            "select id, user_id, name, scopes, source, created_at, seen_at, expires_at from token_families
             where id = $1 and ended_at is null and expires_at > $2",
        )
        .bind(id.uuid())
        .bind(now.unix_ms())
        .fetch_optional(connection)
        .await?;
        row.map(TokenFamily::try_from).transpose()
    }

    /// One statement spends the token: of two who show it at once, one finds it spent.
    pub async fn rotate(
        connection: &mut Connection,
        shown: &str,
        next: &RefreshToken,
        now: Timestamp,
    ) -> Result<Refreshed> {
        let spent: Option<Uuid> = sqlx::query_scalar(
            "update refresh_tokens set spent_at = $2
             where token_hash = $1 and spent_at is null and expires_at > $2 and exists (
                 select 1 from token_families family
                 where family.id = refresh_tokens.family_id and family.ended_at is null and family.expires_at > $2)
             returning family_id",
        )
        .bind(shown)
        .bind(now.unix_ms())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(id) = spent else { return end_reused(connection, shown, now).await };
        insert_token(&mut *connection, id, next).await?;
        let row = sqlx::query_as::<_, Row>(
            "update token_families set seen_at = $2 where id = $1
             returning id, user_id, name, scopes, source, created_at, seen_at, expires_at",
        )
        .bind(id)
        .bind(now.unix_ms())
        .fetch_one(connection)
        .await?;
        Ok(Refreshed::Rotated(row.try_into()?))
    }

    async fn end_reused(connection: &mut Connection, shown: &str, now: Timestamp) -> Result<Refreshed> {
        let row = sqlx::query_as::<_, Row>(
            "update token_families set ended_at = coalesce(ended_at, $2)
             where id = (select family_id from refresh_tokens where token_hash = $1 and spent_at is not null)
             returning id, user_id, name, scopes, source, created_at, seen_at, expires_at",
        )
        .bind(shown)
        .bind(now.unix_ms())
        .fetch_optional(connection)
        .await?;
        row.map_or(Ok(Refreshed::Unknown), |row| Ok(Refreshed::Reused(row.try_into()?)))
    }

    pub async fn find_of(connection: &mut Connection, token_hash: &str) -> Result<Option<TokenFamily>> {
        let row = sqlx::query_as::<_, Row>(
            "select id, user_id, name, scopes, source, created_at, seen_at, expires_at from token_families
             where id = (select family_id from refresh_tokens where token_hash = $1)",
        )
        .bind(token_hash)
        .fetch_optional(connection)
        .await?;
        row.map(TokenFamily::try_from).transpose()
    }

    pub async fn list(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<Vec<TokenFamily>> {
        let rows = sqlx::query_as::<_, Row>(
            "select id, user_id, name, scopes, source, created_at, seen_at, expires_at from token_families
             where user_id = $1 and ended_at is null and expires_at > $2 order by created_at desc, id",
        )
        .bind(user.uuid())
        .bind(now.unix_ms())
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(TokenFamily::try_from).collect()
    }

    pub async fn end(connection: &mut Connection, user: UserId, id: TokenFamilyId, now: Timestamp) -> Result<()> {
        let ended = sqlx::query(
            "update token_families set ended_at = $3 where user_id = $1 and id = $2 and ended_at is null",
        )
        .bind(user.uuid())
        .bind(id.uuid())
        .bind(now.unix_ms())
        .execute(connection)
        .await?;
        if ended.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn end_all(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<u64> {
        let query = "update token_families set ended_at = $2 where user_id = $1 and ended_at is null";
        let ended = sqlx::query(query).bind(user.uuid()).bind(now.unix_ms()).execute(connection).await?;
        Ok(ended.rows_affected())
    }

    pub async fn forget_before(connection: &mut Connection, time: Timestamp) -> Result<u64> {
        sqlx::query(
            "delete from refresh_tokens where family_id in (
                 select id from token_families where expires_at < $1 or ended_at < $1)",
        )
        .bind(time.unix_ms())
        .execute(&mut *connection)
        .await?;
        let query = sqlx::query("delete from token_families where expires_at < $1 or ended_at < $1");
        Ok(query.bind(time.unix_ms()).execute(connection).await?.rows_affected())
    }
}

//! The table `api_tokens`.

use crate::access::ApiToken;
use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::{ApiTokenId, Countable, Timestamp, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    name: String,
    token_hash: String,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
}

impl TryFrom<Row> for ApiToken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<ApiToken> {
        let place = Place { table: "api_tokens", row: &row.id };
        Ok(ApiToken {
            id: ApiTokenId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            scopes: row.scopes.parse().map_err(|_| place.corrupt("scopes"))?,
            name: row.name,
            token_hash: row.token_hash,
            created_at: time(row.created_at),
            expires_at: time(row.expires_at),
            last_used_at: row.last_used_at.map(time),
        })
    }
}

on_both! {
    beside plan;

    pub async fn insert(connection: &mut Connection, token: &ApiToken) -> Result<()> {
        plan::make_room(&mut *connection, token.user, Countable::Tokens, token.created_at).await?;
        sqlx::query(
            "insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(token.id.uuid())
        .bind(token.user.uuid())
        .bind(&token.name)
        .bind(&token.token_hash)
        .bind(token.scopes.to_string())
        .bind(token.created_at.unix_ms())
        .bind(token.expires_at.unix_ms())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, token_hash: &str, now: Timestamp) -> Result<Option<ApiToken>> {
        let row = sqlx::query_as::<_, Row>("select * from api_tokens where token_hash = $1 and expires_at > $2")
            .bind(token_hash)
            .bind(now.unix_ms())
            .fetch_optional(connection)
            .await?;
        row.map(ApiToken::try_from).transpose()
    }

    pub async fn note_use(connection: &mut Connection, id: ApiTokenId, now: Timestamp) -> Result<()> {
        sqlx::query("update api_tokens set last_used_at = $2 where id = $1")
            .bind(id.uuid())
            .bind(now.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn list(connection: &mut Connection, user: UserId) -> Result<Vec<ApiToken>> {
        let query = "select * from api_tokens where user_id = $1 order by created_at desc, id";
        let rows = sqlx::query_as::<_, Row>(query).bind(user.uuid()).fetch_all(connection).await?;
        rows.into_iter().map(ApiToken::try_from).collect()
    }

    pub async fn delete(connection: &mut Connection, user: UserId, id: ApiTokenId) -> Result<()> {
        let query = sqlx::query("delete from api_tokens where user_id = $1 and id = $2");
        let deleted = query.bind(user.uuid()).bind(id.uuid()).execute(connection).await?;
        if deleted.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn delete_all(connection: &mut Connection, user: UserId) -> Result<u64> {
        let query = sqlx::query("delete from api_tokens where user_id = $1").bind(user.uuid());
        Ok(query.execute(connection).await?.rows_affected())
    }

    pub async fn forget_before(connection: &mut Connection, time: Timestamp) -> Result<u64> {
        let query = sqlx::query("delete from api_tokens where expires_at < $1").bind(time.unix_ms());
        Ok(query.execute(connection).await?.rows_affected())
    }
}

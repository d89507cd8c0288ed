//! The table `secrets`, and the replacing of sealed bytes when a master key is rotated.

use crate::both::on_both;
use crate::column::Place;
use crate::{Result, Secret, StoreError};
use domain::{AccountId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    owner: Uuid,
    field: String,
    version: i64,
    sealed: Vec<u8>,
}

impl TryFrom<Row> for Secret {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Secret> {
        let Row { owner, field, version, sealed } = row;
        let version = Place { table: "secrets", row: &owner }.count("version", version)?;
        Ok(Secret { owner: UserId::from_uuid(owner), field, version, sealed })
    }
}

on_both! {
    pub async fn insert(connection: &mut Connection, secret: &Secret) -> Result<()> {
        sqlx::query("insert into secrets (owner, field, version, sealed) values ($1, $2, $3, $4)")
            .bind(secret.owner.uuid())
            .bind(&secret.field)
            .bind(i64::from(secret.version))
            .bind(&secret.sealed)
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, owner: UserId, field: &str) -> Result<Option<Secret>> {
        let query = "select owner, field, version, sealed from secrets where owner = $1 and field = $2";
        let row = sqlx::query_as::<_, Row>(query).bind(owner.uuid()).bind(field).fetch_optional(connection).await?;
        row.map(Secret::try_from).transpose()
    }

    pub async fn list(connection: &mut Connection) -> Result<Vec<Secret>> {
        let query = "select owner, field, version, sealed from secrets order by owner, field";
        let rows = sqlx::query_as::<_, Row>(query).fetch_all(connection).await?;
        rows.into_iter().map(Secret::try_from).collect()
    }

    /// Only over the bytes that were read, so that what was written meanwhile is not lost.
    pub async fn replace(connection: &mut Connection, old: &Secret, new: &Secret) -> Result<()> {
        let replaced = sqlx::query(
            "update secrets set version = $5, sealed = $6
             where owner = $1 and field = $2 and version = $3 and sealed = $4",
        )
        .bind(old.owner.uuid())
        .bind(&old.field)
        .bind(i64::from(old.version))
        .bind(&old.sealed)
        .bind(i64::from(new.version))
        .bind(&new.sealed)
        .execute(connection)
        .await?;
        if replaced.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn replace_key(connection: &mut Connection, account: AccountId, old: &[u8], new: &[u8]) -> Result<()> {
        let replaced = sqlx::query("update accounts set sealed_key = $3 where id = $1 and sealed_key = $2")
            .bind(account.uuid())
            .bind(old)
            .bind(new)
            .execute(connection)
            .await?;
        if replaced.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }
}

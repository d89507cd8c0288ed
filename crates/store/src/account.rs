//! The table `accounts`.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Account, Result, StoreError};
use domain::{AccountId, Countable, Timestamp, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    name: String,
    mode: String,
    sealed_key: Option<Vec<u8>>,
    created_at: i64,
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Account> {
        let Row { id, user_id, name, mode, sealed_key, created_at } = row;
        let mode = Place { table: "accounts", row: &id }.word("mode", &mode)?;
        let (user, created_at) = (UserId::from_uuid(user_id), time(created_at));
        Ok(Account { id: AccountId::from_uuid(id), user, name, mode, sealed_key, created_at })
    }
}

on_both! {
    beside plan;

    pub async fn insert(connection: &mut Connection, account: &Account) -> Result<()> {
        plan::make_room(&mut *connection, account.user, Countable::Accounts, account.created_at).await?;
        sqlx::query(
            "insert into accounts (id, user_id, name, mode, sealed_key, created_at) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(account.id.uuid())
        .bind(account.user.uuid())
        .bind(&account.name)
        .bind(account.mode.as_str())
        .bind(&account.sealed_key)
        .bind(account.created_at.unix_ms())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, id: AccountId) -> Result<Option<Account>> {
        let query = "select id, user_id, name, mode, sealed_key, created_at from accounts
                     where id = $1 and removed_at is null";
        let row = sqlx::query_as::<_, Row>(query).bind(id.uuid()).fetch_optional(connection).await?;
        row.map(Account::try_from).transpose()
    }

    pub async fn list_of_user(connection: &mut Connection, user: UserId) -> Result<Vec<Account>> {
        let query = "select id, user_id, name, mode, sealed_key, created_at from accounts
                     where user_id = $1 and removed_at is null order by created_at, id";
        let rows = sqlx::query_as::<_, Row>(query).bind(user.uuid()).fetch_all(connection).await?;
        rows.into_iter().map(Account::try_from).collect()
    }

    pub async fn list(connection: &mut Connection) -> Result<Vec<Account>> {
        let query = "select id, user_id, name, mode, sealed_key, created_at from accounts
                     where removed_at is null order by created_at, id";
        let rows = sqlx::query_as::<_, Row>(query).fetch_all(connection).await?;
        rows.into_iter().map(Account::try_from).collect()
    }

    /// Wipes the account's key and frees its name. `Conflict` where it is gone, or an action's fate is open.
    pub async fn remove(connection: &mut Connection, id: AccountId, now: Timestamp) -> Result<()> {
        // Whoever is writing an intent for the account is waited for, and whoever comes later is fenced off.
        let fence = sqlx::query("update leases set epoch = epoch + 1 where account_id = $1").bind(id.uuid());
        fence.execute(&mut *connection).await?;
        let removed = sqlx::query(
            "update accounts set removed_at = $2, name = name || $3,
                 sealed_key = case when sealed_key is null then null else $4 end
             where id = $1 and removed_at is null and not exists (
                 select 1 from actions where account_id = $1 and state in ('intent', 'unknown', 'frozen'))",
        )
        .bind(id.uuid())
        .bind(now.unix_ms())
        .bind(format!(" ({})", now.unix_ms()))
        .bind(Vec::<u8>::new())
        .execute(connection)
        .await?;
        if removed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }
}

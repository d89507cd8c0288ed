//! The table `account_shares`, and who sees an account.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Account, Result, Share, StoreError};
use domain::{Access, AccountId, Role, Timestamp, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    user_id: Uuid,
    email: String,
    access: String,
    shared_at: i64,
}

#[derive(FromRow)]
struct SeenRow {
    id: Uuid,
    user_id: Uuid,
    name: String,
    mode: String,
    sealed_key: Option<Vec<u8>>,
    created_at: i64,
    access: String,
}

impl TryFrom<Row> for Share {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Share> {
        let access = Place { table: "account_shares", row: &row.user_id }.word("access", &row.access)?;
        let (user, shared_at) = (UserId::from_uuid(row.user_id), time(row.shared_at));
        Ok(Share { user, email: row.email, access, shared_at })
    }
}

impl TryFrom<SeenRow> for (Account, Access) {
    type Error = StoreError;

    fn try_from(row: SeenRow) -> Result<(Account, Access)> {
        let place = Place { table: "accounts", row: &row.id };
        let account = Account {
            id: AccountId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            mode: place.word("mode", &row.mode)?,
            name: row.name.clone(),
            sealed_key: row.sealed_key.clone(),
            created_at: time(row.created_at),
        };
        Ok((account, place.word("access", &row.access)?))
    }
}

on_both! {
    pub async fn find_access(
        connection: &mut Connection,
        user: UserId,
        account: AccountId,
    ) -> Result<Option<(Access, Role)>> {
        let row: Option<(String, String)> = sqlx::query_as(
            "select case when a.user_id = u.id then 'owner' else s.access end, u.role
             from users u
             join accounts a on a.id = $2 and a.removed_at is null
             left join account_shares s on s.account_id = a.id and s.user_id = u.id
             where u.id = $1 and u.suspended_at is null and (a.user_id = u.id or s.access is not null)",
        )
        .bind(user.uuid())
        .bind(account.uuid())
        .fetch_optional(connection)
        .await?;
        let Some((access, role)) = row else { return Ok(None) };
        let place = Place { table: "account_shares", row: &account };
        Ok(Some((place.word("access", &access)?, place.word("role", &role)?)))
    }

    pub async fn list_seen(connection: &mut Connection, user: UserId) -> Result<Vec<(Account, Access)>> {
        let rows = sqlx::query_as::<_, SeenRow>(
            "select a.id, a.user_id, a.name, a.mode, a.sealed_key, a.created_at,
                 case when a.user_id = u.id then 'owner' else s.access end as access
             from users u
             join accounts a on a.removed_at is null
             left join account_shares s on s.account_id = a.id and s.user_id = u.id
             where u.id = $1 and u.suspended_at is null and (a.user_id = u.id or s.access is not null)
             order by case when a.user_id = u.id then 0 else 1 end, a.created_at, a.id",
        )
        .bind(user.uuid())
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(TryFrom::try_from).collect()
    }

    pub async fn insert(
        connection: &mut Connection,
        account: AccountId,
        user: UserId,
        access: Access,
        now: Timestamp,
    ) -> Result<()> {
        let shared = sqlx::query(
            "insert into account_shares (account_id, user_id, access, shared_at)
             select a.id, u.id, $3, $4 from accounts a join users u on u.id = $2
             where a.id = $1 and a.removed_at is null and a.user_id <> u.id and u.suspended_at is null
             on conflict (account_id, user_id) do update set access = excluded.access, shared_at = excluded.shared_at",
        )
        .bind(account.uuid())
        .bind(user.uuid())
        .bind(access.as_str())
        .bind(now.unix_ms())
        .execute(connection)
        .await?;
        if shared.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn delete(connection: &mut Connection, account: AccountId, user: UserId) -> Result<()> {
        let query = "delete from account_shares where account_id = $1 and user_id = $2";
        let ended = sqlx::query(query).bind(account.uuid()).bind(user.uuid()).execute(connection).await?;
        if ended.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn list(connection: &mut Connection, account: AccountId) -> Result<Vec<Share>> {
        let rows = sqlx::query_as::<_, Row>(
            "select s.user_id, u.email, s.access, s.shared_at
             from account_shares s join users u on u.id = s.user_id
             where s.account_id = $1 order by u.email",
        )
        .bind(account.uuid())
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(Share::try_from).collect()
    }
}

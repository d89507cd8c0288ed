//! The tables `leases` and `instances`: who serves an account, and which programs serve this database.

use crate::both::on_both;
use crate::column::time;
use crate::{Fence, Instance, Lease, Result, StoreError};
use domain::{AccountId, InstanceId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    account_id: Uuid,
    owner: Uuid,
    epoch: i64,
    taken_at: i64,
    expires_at: i64,
    intents: i64,
}

impl From<Row> for Lease {
    fn from(row: Row) -> Lease {
        Lease {
            account: AccountId::from_uuid(row.account_id),
            owner: InstanceId::from_uuid(row.owner),
            epoch: row.epoch,
            taken_at: time(row.taken_at),
            expires_at: time(row.expires_at),
            intents: row.intents,
        }
    }
}

on_both! {
    /// A lease that ran out, or whose owner is `gone`, changes hands; one's own is made longer.
    pub async fn claim(
        connection: &mut Connection,
        account: AccountId,
        instance: &Instance,
        gone: Option<InstanceId>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Lease> {
        if let Some(gone) = gone {
            forget(&mut *connection, gone).await?;
        }
        show(&mut *connection, instance, until).await?;
        sqlx::query(
            "insert into leases (account_id, owner, epoch, taken_at, expires_at) values ($1, $2, 1, $3, $4)
             on conflict (account_id) do update set
                 owner = excluded.owner,
                 epoch = case when leases.owner = excluded.owner then leases.epoch else leases.epoch + 1 end,
                 taken_at = case when leases.owner = excluded.owner then leases.taken_at else excluded.taken_at end,
                 expires_at = excluded.expires_at
             where leases.owner = excluded.owner or leases.owner = $5 or leases.expires_at <= excluded.taken_at",
        )
        .bind(account.uuid())
        .bind(instance.id.uuid())
        .bind(now.unix_ms())
        .bind(until.unix_ms())
        .bind(gone.map(InstanceId::uuid))
        .execute(&mut *connection)
        .await?;
        find(connection, account).await?.ok_or(StoreError::Conflict)
    }

    pub async fn find(connection: &mut Connection, account: AccountId) -> Result<Option<Lease>> {
        let query = "select account_id, owner, epoch, taken_at, expires_at, intents from leases where account_id = $1";
        let row = sqlx::query_as::<_, Row>(query).bind(account.uuid()).fetch_optional(connection).await?;
        Ok(row.map(Lease::from))
    }

    /// Lets go of everything that a program held.
    pub async fn release(connection: &mut Connection, instance: InstanceId) -> Result<()> {
        let query = sqlx::query("update leases set expires_at = taken_at where owner = $1").bind(instance.uuid());
        query.execute(&mut *connection).await?;
        forget(connection, instance).await
    }

    /// Fails unless the writer owns the account, knows of every intent before this one, and no other release is about.
    /// The row stays locked until the transaction ends, so that no new owner comes in between.
    pub async fn check(
        connection: &mut Connection,
        account: AccountId,
        fence: Fence<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let Fence { instance, epoch, intents, .. } = fence;
        let owned = sqlx::query(
            "update leases set intent_at = $4, intents = intents + 1
             where account_id = $1 and owner = $2 and epoch = $3 and expires_at > $4 and intents = $5",
        )
        .bind(account.uuid())
        .bind(instance.id.uuid())
        .bind(epoch)
        .bind(now.unix_ms())
        .bind(intents)
        .execute(&mut *connection)
        .await?;
        if owned.rows_affected() != 1 {
            let lease = find(connection, account).await?;
            let is_ours = |lease: Lease| lease.owner == instance.id && lease.epoch == epoch && now < lease.expires_at;
            return Err(if lease.is_some_and(is_ours) { StoreError::Conflict } else { StoreError::Fenced });
        }
        let query = "select release from instances where release <> $1 and seen_until > $2 order by id limit 1";
        let other: Option<String> =
            sqlx::query_scalar(query).bind(&instance.release).bind(now.unix_ms()).fetch_optional(connection).await?;
        other.map_or(Ok(()), |theirs| Err(StoreError::ReleasesDiffer { theirs }))
    }

    async fn show(connection: &mut Connection, instance: &Instance, until: Timestamp) -> Result<()> {
        let query = "insert into instances (id, release, seen_until) values ($1, $2, $3)
                     on conflict (id) do update set seen_until = excluded.seen_until";
        let query = sqlx::query(query).bind(instance.id.uuid()).bind(&instance.release).bind(until.unix_ms());
        query.execute(connection).await?;
        Ok(())
    }

    async fn forget(connection: &mut Connection, instance: InstanceId) -> Result<()> {
        sqlx::query("delete from instances where id = $1").bind(instance.uuid()).execute(connection).await?;
        Ok(())
    }
}

//! The tables `leases` and `instances`: who serves an account, and which programs serve this database.

use crate::beside::QUIET;
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
    alone: i64,
    quiet_until: i64,
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
            alone: row.alone == 1,
            quiet_until: time(row.quiet_until),
        }
    }
}

/// For a program that has a journal beside the database.
#[derive(Clone, Copy, Debug)]
pub struct BesideTerms {
    /// How long the lease runs where the program is alone.
    pub until: Timestamp,
    /// The owner before, where everything that it journaled has been taken in.
    pub known: Option<InstanceId>,
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
        beside: Option<BesideTerms>,
    ) -> Result<Lease> {
        if let Some(gone) = gone {
            forget(&mut *connection, gone).await?;
        }
        show(&mut *connection, instance, until).await?;
        let alone = match beside {
            Some(_) => is_alone(&mut *connection, instance.id, now).await?,
            None => false,
        };
        let until = beside.filter(|_| alone).map_or(until, |beside| until.max(beside.until));
        let known = beside.and_then(|beside| beside.known);
        sqlx::query(
            "insert into leases (account_id, owner, epoch, taken_at, expires_at, alone) values ($1, $2, 1, $3, $4, $6)
             on conflict (account_id) do update set
                 owner = excluded.owner,
                 alone = excluded.alone,
                 quiet_until = case
                     when leases.owner = excluded.owner then leases.quiet_until
                     when leases.alone = 0 or leases.owner = $7 then 0
                     when leases.expires_at < excluded.taken_at then excluded.taken_at + $8
                     else leases.expires_at + $8 end,
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
        .bind(i64::from(alone))
        .bind(known.map(InstanceId::uuid))
        .bind(QUIET.get())
        .execute(&mut *connection)
        .await?;
        find(connection, account).await?.ok_or(StoreError::Conflict)
    }

    pub async fn find(connection: &mut Connection, account: AccountId) -> Result<Option<Lease>> {
        let query = "select account_id, owner, epoch, taken_at, expires_at, alone, quiet_until, intents from leases
                     where account_id = $1";
        let row = sqlx::query_as::<_, Row>(query).bind(account.uuid()).fetch_optional(connection).await?;
        Ok(row.map(Lease::from))
    }

    /// Lets go of everything that a program held.
    pub async fn release(connection: &mut Connection, instance: InstanceId) -> Result<()> {
        let query = sqlx::query("update leases set expires_at = taken_at, alone = 0 where owner = $1").bind(instance.uuid());
        query.execute(&mut *connection).await?;
        forget(connection, instance).await
    }

    /// Fails unless the writer owns the account and knows of every intent before this one. The row stays locked until
    /// the transaction ends, so that no new owner comes in between; the intent itself is counted by a trigger.
    pub async fn check(
        connection: &mut Connection,
        account: AccountId,
        fence: Fence<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let Fence { instance, epoch, intents, .. } = fence;
        let quiet_until = sqlx::query_scalar::<_, i64>(
            "update leases set intent_at = $4
             where account_id = $1 and owner = $2 and epoch = $3 and expires_at > $4 and intents = $5
             returning quiet_until",
        )
        .bind(account.uuid())
        .bind(instance.id.uuid())
        .bind(epoch)
        .bind(now.unix_ms())
        .bind(intents)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(until) = quiet_until.map(time) else {
            let lease = find(connection, account).await?;
            let is_ours = |lease: Lease| lease.owner == instance.id && lease.epoch == epoch && now < lease.expires_at;
            return Err(if lease.is_some_and(is_ours) { StoreError::Conflict } else { StoreError::Fenced });
        };
        if now < until { Err(StoreError::Quiet { until }) } else { Ok(()) }
    }

    pub async fn has_any(connection: &mut Connection, instance: InstanceId) -> Result<bool> {
        let query = sqlx::query_scalar::<_, i64>("select count(*) from leases where owner = $1").bind(instance.uuid());
        Ok(0 < query.fetch_one(connection).await?)
    }

    async fn is_alone(connection: &mut Connection, instance: InstanceId, now: Timestamp) -> Result<bool> {
        let query = "select count(*) from instances where id <> $1 and seen_until > $2";
        let query = sqlx::query_scalar::<_, i64>(query).bind(instance.uuid()).bind(now.unix_ms());
        Ok(query.fetch_one(connection).await? == 0)
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

//! The table `plan_grants`, and the limits that a plan sets.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{PlanGrant, Result, StoreError};
use domain::{AccountId, Countable, Plan, PlanFull, PlanGrantId, PlanTerm, Timestamp, UserId};
use uuid::Uuid;

/// How many somebody ($1) has at a time ($2). An account that was removed does not count, nor what has ended.
const fn counting(of: Countable) -> &'static str {
    match of {
        Countable::Accounts => {
            "select count(*) from accounts where user_id = $1 and removed_at is null and cast($2 as bigint) is not null"
        }
        Countable::Guards => {
            "select count(*) from accounts a where a.user_id = $1 and a.removed_at is null
                 and cast($2 as bigint) is not null
                 and exists (select 1 from guard_versions g where g.account_id = a.id)"
        }
        Countable::Tokens => "select count(*) from api_tokens where user_id = $1 and expires_at > $2",
        Countable::Programs => {
            "select count(*) from token_families where user_id = $1 and ended_at is null and expires_at > $2"
        }
    }
}

on_both! {
    /// The plan that counts now: the newest grant that has not run out, or the one that somebody came with.
    pub async fn find(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<Option<PlanTerm>> {
        let row: Option<(String, Option<i64>)> = sqlx::query_as(
            "select coalesce(g.plan, u.plan), g.ends_at
             from users u left join plan_grants g on g.user_id = u.id and g.number = (
                 select max(number) from plan_grants where user_id = u.id and (ends_at is null or ends_at > $2))
             where u.id = $1",
        )
        .bind(user.uuid())
        .bind(now.unix_ms())
        .fetch_optional(connection)
        .await?;
        let Some((plan, ends_at)) = row else { return Ok(None) };
        let plan = Place { table: "plan_grants", row: &user }.word("plan", &plan)?;
        Ok(Some(PlanTerm { plan, until: ends_at.map(time) }))
    }

    pub async fn count(connection: &mut Connection, user: UserId, of: Countable, now: Timestamp) -> Result<u32> {
        let counted = sqlx::query_scalar(counting(of)).bind(user.uuid()).bind(now.unix_ms());
        let counted: i64 = counted.fetch_one(connection).await?;
        Place { table: "users", row: &user }.count(of.as_str(), counted)
    }

    /// Holds the person's row until the transaction ends: what is new of theirs comes one after the other, and so do
    /// grants. `Full` where the plan allows no more.
    pub async fn make_room(connection: &mut Connection, user: UserId, of: Countable, now: Timestamp) -> Result<()> {
        take_turn(&mut *connection, user).await?;
        let Some(PlanTerm { plan, .. }) = find(&mut *connection, user, now).await? else { return Ok(()) };
        let Some(limit) = plan.limit(of) else { return Ok(()) };
        if count(connection, user, of, now).await? < limit {
            return Ok(());
        }
        Err(StoreError::Full(PlanFull { plan, of, limit }))
    }

    /// The same for an account's first guard, which counts for the account's owner whoever saves it. Another version of a
    /// guard that is there always has room.
    pub async fn make_room_for_guard(connection: &mut Connection, account: AccountId, now: Timestamp) -> Result<()> {
        let query = sqlx::query_scalar("select user_id from accounts where id = $1").bind(account.uuid());
        let owner: Option<Uuid> = query.fetch_optional(&mut *connection).await?;
        let Some(owner) = owner.map(UserId::from_uuid) else { return Ok(()) };
        take_turn(&mut *connection, owner).await?;
        let query = sqlx::query_scalar("select count(*) from guard_versions where account_id = $1").bind(account.uuid());
        let versions: i64 = query.fetch_one(&mut *connection).await?;
        if versions != 0 {
            return Ok(());
        }
        make_room(connection, owner, Countable::Guards, now).await
    }

    async fn take_turn(connection: &mut Connection, user: UserId) -> Result<()> {
        sqlx::query("update users set plan = plan where id = $1").bind(user.uuid()).execute(connection).await?;
        Ok(())
    }

    /// `Duplicate` where this request was granted before, `Conflict` where nobody has this id.
    pub async fn grant(connection: &mut Connection, grant: &PlanGrant) -> Result<()> {
        take_turn(&mut *connection, grant.user).await?;
        let granted = sqlx::query(
            "insert into plan_grants (request_id, user_id, number, plan, granted_at, ends_at, why)
             select $1, u.id, (select coalesce(max(number), 0) + 1 from plan_grants where user_id = u.id), $3, $4, $5, $6
             from users u where u.id = $2",
        )
        .bind(grant.request.uuid())
        .bind(grant.user.uuid())
        .bind(grant.term.plan.as_str())
        .bind(grant.granted_at.unix_ms())
        .bind(grant.term.until.map(Timestamp::unix_ms))
        .bind(&grant.why)
        .execute(connection)
        .await?;
        if granted.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// To whom a request granted what.
    pub async fn find_grant(connection: &mut Connection, request: PlanGrantId) -> Result<Option<(UserId, PlanTerm)>> {
        let query = "select user_id, plan, ends_at from plan_grants where request_id = $1";
        let row: Option<(Uuid, String, Option<i64>)> =
            sqlx::query_as(query).bind(request.uuid()).fetch_optional(connection).await?;
        let Some((user, plan, ends_at)) = row else { return Ok(None) };
        let plan: Plan = Place { table: "plan_grants", row: &request }.word("plan", &plan)?;
        Ok(Some((UserId::from_uuid(user), PlanTerm { plan, until: ends_at.map(time) })))
    }
}

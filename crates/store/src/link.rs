//! The table `links`: doors that open once.

use crate::both::on_both;
use crate::column::Place;
use crate::{Link, LinkPurpose, NewLink, Result, StoreError, User};
use domain::{Registration, Role, Timestamp, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    user_id: Option<Uuid>,
    email: Option<String>,
    role: Option<String>,
}

impl TryFrom<Row> for Link {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Link> {
        let place = Place { table: "links", row: &"" };
        let role = row.role.as_deref().map(|role| place.word("role", role)).transpose()?;
        Ok(Link { user: row.user_id.map(UserId::from_uuid), email: row.email, role })
    }
}

on_both! {
    beside setting, person;

    pub async fn insert(connection: &mut Connection, link: &NewLink) -> Result<()> {
        let NewLink { token_hash, purpose, link, made_at, expires_at } = link;
        // An invitation to nobody in particular stands beside others; all else has one end and one link to it.
        sqlx::query("delete from links where purpose = $1 and used_at is null and (user_id = $2 or email = $3)")
            .bind(purpose.as_str())
            .bind(link.user.map(UserId::uuid))
            .bind(&link.email)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "insert into links (token_hash, purpose, user_id, email, role, made_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(token_hash)
        .bind(purpose.as_str())
        .bind(link.user.map(UserId::uuid))
        .bind(&link.email)
        .bind(link.role.map(Role::as_str))
        .bind(made_at.unix_ms())
        .bind(expires_at.unix_ms())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub async fn find(
        connection: &mut Connection,
        token_hash: &str,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Option<Link>> {
        let row = sqlx::query_as::<_, Row>(
            "select user_id, email, role from links
             where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3",
        )
        .bind(token_hash)
        .bind(purpose.as_str())
        .bind(now.unix_ms())
        .fetch_optional(connection)
        .await?;
        row.map(Link::try_from).transpose()
    }

    /// Spends a link; the row says to what end.
    async fn spend(
        connection: &mut Connection,
        token_hash: &str,
        purpose: LinkPurpose,
        now: Timestamp,
    ) -> Result<Link> {
        let row = sqlx::query_as::<_, Row>(
            "update links set used_at = $3
             where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
             returning user_id, email, role",
        )
        .bind(token_hash)
        .bind(purpose.as_str())
        .bind(now.unix_ms())
        .fetch_optional(connection)
        .await?;
        row.ok_or(StoreError::Conflict)?.try_into()
    }

    pub async fn join(
        connection: &mut Connection,
        user: &User,
        token_hash: &str,
        purpose: LinkPurpose,
        is_email_proven: bool,
    ) -> Result<Role> {
        let link = spend(&mut *connection, token_hash, purpose, user.created_at).await?;
        let is_wanted = match setting::find_registration(&mut *connection).await? {
            Registration::Closed => false,
            Registration::Invitation => purpose == LinkPurpose::Invitation,
            Registration::Open => true,
        };
        let is_theirs = link.email.as_ref().is_none_or(|email| *email == user.email);
        let Some(role) = link.role.filter(|_| is_wanted && is_theirs) else { return Err(StoreError::Conflict) };
        let plan = setting::find_plan_for_new(&mut *connection).await?;
        sqlx::query(
            "insert into users (id, email, password_hash, created_at, role, email_verified_at, plan)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(user.id.uuid())
        .bind(&user.email)
        .bind(&user.password_hash)
        .bind(user.created_at.unix_ms())
        .bind(role.as_str())
        .bind(is_email_proven.then(|| user.created_at.unix_ms()))
        .bind(plan.as_str())
        .execute(connection)
        .await?;
        Ok(role)
    }

    pub async fn reset_password(
        connection: &mut Connection,
        token_hash: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<UserId> {
        let link = spend(&mut *connection, token_hash, LinkPurpose::Reset, now).await?;
        let user = link.user.ok_or(StoreError::Conflict)?;
        let query = "update users set password_hash = $2 where id = $1 and suspended_at is null";
        let set = sqlx::query(query).bind(user.uuid()).bind(password_hash).execute(&mut *connection).await?;
        if set.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        person::close_links(&mut *connection, user).await?;
        person::shut_out(connection, user, now).await?;
        Ok(user)
    }

    pub async fn verify_email(connection: &mut Connection, token_hash: &str, now: Timestamp) -> Result<UserId> {
        let link = spend(&mut *connection, token_hash, LinkPurpose::Verification, now).await?;
        let user = link.user.ok_or(StoreError::Conflict)?;
        let verified = sqlx::query(
            "update users set email_verified_at = $3 where id = $1 and email = $2 and suspended_at is null",
        )
        .bind(user.uuid())
        .bind(&link.email)
        .bind(now.unix_ms())
        .execute(connection)
        .await?;
        if verified.rows_affected() == 1 { Ok(user) } else { Err(StoreError::Conflict) }
    }

    pub async fn delete_expired(connection: &mut Connection, now: Timestamp) -> Result<u64> {
        let query = sqlx::query("delete from links where expires_at <= $1").bind(now.unix_ms());
        Ok(query.execute(connection).await?.rows_affected())
    }
}

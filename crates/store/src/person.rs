//! The table `users`, as admins see it: roles, suspensions, and the profile.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{KnownUser, PasswordChange, Person, Result, StoreError, Suspension};
use domain::{PlanTerm, Profile, Role, Timestamp, Units, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    created_at: i64,
    suspended_at: Option<i64>,
    suspended_why: Option<String>,
    email_verified_at: Option<i64>,
    factors: i64,
    sessions: i64,
    plan: String,
    plan_ends_at: Option<i64>,
}

impl TryFrom<Row> for Person {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Person> {
        let place = Place { table: "users", row: &row.id };
        let why = row.suspended_why.unwrap_or_default();
        let plan = PlanTerm { plan: place.word("plan", &row.plan)?, until: row.plan_ends_at.map(time) };
        Ok(Person {
            plan,
            role: place.word("role", &row.role)?,
            sessions: place.count("sessions", row.sessions)?,
            id: UserId::from_uuid(row.id),
            email: row.email,
            name: row.name,
            created_at: time(row.created_at),
            suspension: row.suspended_at.map(|at| Suspension { at: time(at), why }),
            is_email_verified: row.email_verified_at.is_some(),
            has_second_factor: row.factors != 0,
        })
    }
}

/// Whoever reads people reads the same columns. $1 is the time.
macro_rules! people {
    ($rest:literal) => {
        concat!(
            "select u.id, u.email, u.name, u.role, u.created_at, u.suspended_at, u.suspended_why, u.email_verified_at,
                 (select count(*) from authenticators a where a.user_id = u.id)
                     + (select count(*) from passkeys p where p.user_id = u.id) as factors,
                 (select count(*) from sessions s where s.user_id = u.id and s.expires_at > $1) as sessions,
                 coalesce(g.plan, u.plan) as plan, g.ends_at as plan_ends_at
             from users u left join plan_grants g on g.user_id = u.id and g.number = (
                 select max(number) from plan_grants where user_id = u.id and (ends_at is null or ends_at > $1)) ",
            $rest
        )
    };
}

on_both! {
    beside setting, passkey, second_factor, api_token, sign_in_code, token_family;

    pub async fn find_role(connection: &mut Connection, user: UserId) -> Result<Option<Role>> {
        let query = "select role from users where id = $1 and suspended_at is null";
        let role: Option<String> = sqlx::query_scalar(query).bind(user.uuid()).fetch_optional(connection).await?;
        role.map(|role| Place { table: "users", row: &user }.word("role", &role)).transpose()
    }

    /// What each of their requests is answered by.
    pub async fn find_known(connection: &mut Connection, user: UserId) -> Result<Option<KnownUser>> {
        let query = "select u.role, u.time_zone, u.units, (
                 select count(*) from settings s where s.name = 'second_factor' and s.value = 'demanded'
                     and not exists (select 1 from authenticators a where a.user_id = u.id)
                     and not exists (select 1 from passkeys p where p.user_id = u.id)
             ) from users u where u.id = $1 and u.suspended_at is null";
        let row: Option<(String, Option<String>, Option<String>, i64)> =
            sqlx::query_as(query).bind(user.uuid()).fetch_optional(connection).await?;
        let Some((role, time_zone, units, owed)) = row else { return Ok(None) };
        let place = Place { table: "users", row: &user };
        let units = units.map(|units| place.word("units", &units)).transpose()?;
        Ok(Some(KnownUser { role: place.word("role", &role)?, time_zone, units, owes_factor: owed != 0 }))
    }

    pub async fn save_units(connection: &mut Connection, user: UserId, units: Units) -> Result<()> {
        let query = sqlx::query("update users set units = $2 where id = $1").bind(user.uuid());
        query.bind(units.as_str()).execute(connection).await?;
        Ok(())
    }

    pub async fn list(connection: &mut Connection, now: Timestamp) -> Result<Vec<Person>> {
        let rows = sqlx::query_as::<_, Row>(people!("order by u.created_at, u.id"))
            .bind(now.unix_ms())
            .fetch_all(connection)
            .await?;
        rows.into_iter().map(Person::try_from).collect()
    }

    pub async fn find(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<Option<Person>> {
        let row = sqlx::query_as::<_, Row>(people!("where u.id = $2"))
            .bind(now.unix_ms())
            .bind(user.uuid())
            .fetch_optional(connection)
            .await?;
        row.map(Person::try_from).transpose()
    }

    /// Two admins who take each other's role at the same moment would leave none, so one waits for the other.
    pub async fn change_role(connection: &mut Connection, user: UserId, role: Role) -> Result<()> {
        setting::take_turn(&mut *connection).await?;
        let changed = sqlx::query(
            "update users set role = $2
             where id = $1 and ($2 = 'admin' or exists (
                 select 1 from users other where other.role = 'admin' and other.suspended_at is null and other.id <> $1
             ))",
        )
        .bind(user.uuid())
        .bind(role.as_str())
        .execute(connection)
        .await?;
        if changed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn suspend(connection: &mut Connection, user: UserId, why: &str, now: Timestamp) -> Result<()> {
        setting::take_turn(&mut *connection).await?;
        let suspended = sqlx::query(
            "update users set suspended_at = $2, suspended_why = $3
             where id = $1 and exists (
                 select 1 from users other where other.role = 'admin' and other.suspended_at is null and other.id <> $1
             )",
        )
        .bind(user.uuid())
        .bind(now.unix_ms())
        .bind(why)
        .execute(&mut *connection)
        .await?;
        if suspended.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        close_links(&mut *connection, user).await?;
        shut_out(connection, user, now).await.map(drop)
    }

    /// A session that was being written while its user was suspended opened nothing since; now it would.
    pub async fn restore(connection: &mut Connection, user: UserId) -> Result<()> {
        end_sessions(&mut *connection, user).await?;
        let query = "update users set suspended_at = null, suspended_why = null where id = $1";
        let restored = sqlx::query(query).bind(user.uuid()).execute(connection).await?;
        if restored.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Ends every session, token and program; answers how many.
    pub async fn shut_out(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<u64> {
        let sessions = end_sessions(&mut *connection, user).await?;
        Ok(sessions + end_access(connection, user, now).await?)
    }

    /// What a program comes in by.
    async fn end_access(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<u64> {
        sign_in_code::delete_all(&mut *connection, user).await?;
        let tokens = api_token::delete_all(&mut *connection, user).await?;
        Ok(tokens + token_family::end_all(connection, user, now).await?)
    }

    pub async fn take_factors(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<()> {
        passkey::delete_all(&mut *connection, user).await?;
        second_factor::remove(&mut *connection, user).await?;
        shut_out(connection, user, now).await.map(drop)
    }

    async fn end_sessions(connection: &mut Connection, user: UserId) -> Result<u64> {
        let query = sqlx::query("delete from sessions where user_id = $1").bind(user.uuid());
        Ok(query.execute(connection).await?.rows_affected())
    }

    /// What was sent to somebody before opens nothing any more.
    pub async fn close_links(connection: &mut Connection, user: UserId) -> Result<()> {
        let query = "delete from links where user_id = $1 and used_at is null";
        sqlx::query(query).bind(user.uuid()).execute(connection).await?;
        Ok(())
    }

    pub async fn change_password(
        connection: &mut Connection,
        user: UserId,
        change: &PasswordChange<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let PasswordChange { old_hash, new_hash, kept } = change;
        let query = "update users set password_hash = $3
                     where id = $1 and password_hash = $2 and suspended_at is null";
        let changed =
            sqlx::query(query).bind(user.uuid()).bind(old_hash).bind(new_hash).execute(&mut *connection).await?;
        if changed.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        close_links(&mut *connection, user).await?;
        let query = sqlx::query("delete from sessions where user_id = $1 and id <> $2").bind(user.uuid()).bind(kept);
        query.execute(&mut *connection).await?;
        end_access(connection, user, now).await.map(drop)
    }

    pub async fn find_profile(connection: &mut Connection, user: UserId) -> Result<Option<Profile>> {
        let query = "select name, language, time_zone from users where id = $1 and suspended_at is null";
        let row: Option<(String, String, Option<String>)> =
            sqlx::query_as(query).bind(user.uuid()).fetch_optional(connection).await?;
        let Some((name, language, time_zone)) = row else { return Ok(None) };
        let language = Place { table: "users", row: &user }.word("language", &language)?;
        Ok(Some(Profile { name, language, time_zone }))
    }

    pub async fn save_profile(connection: &mut Connection, user: UserId, profile: &Profile) -> Result<()> {
        sqlx::query("update users set name = $2, language = $3, time_zone = $4 where id = $1")
            .bind(user.uuid())
            .bind(&profile.name)
            .bind(profile.language.tag())
            .bind(&profile.time_zone)
            .execute(connection)
            .await?;
        Ok(())
    }
}

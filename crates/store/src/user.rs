//! The table `users`.

use crate::both::on_both;
use crate::column::time;
use crate::{Result, User};
use domain::UserId;
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    password_hash: String,
    created_at: i64,
}

impl From<Row> for User {
    fn from(row: Row) -> User {
        let Row { id, email, password_hash, created_at } = row;
        User { id: UserId::from_uuid(id), email, password_hash, created_at: time(created_at) }
    }
}

/// Whoever is suspended is as good as unknown.
macro_rules! user {
    ($which:literal) => {
        concat!("select id, email, password_hash, created_at from users where suspended_at is null and ", $which)
    };
}

on_both! {
    pub async fn ping(connection: &mut Connection) -> Result<()> {
        sqlx::query("select 1").execute(connection).await?;
        Ok(())
    }

    pub async fn count(connection: &mut Connection) -> Result<i64> {
        Ok(sqlx::query_scalar("select count(*) from users").fetch_one(connection).await?)
    }

    pub async fn insert(connection: &mut Connection, user: &User) -> Result<()> {
        sqlx::query(
            "insert into users (id, email, password_hash, created_at, role)
             select $1, $2, $3, $4, case when exists (select 1 from users) then 'operator' else 'admin' end",
        )
            .bind(user.id.uuid())
            .bind(&user.email)
            .bind(&user.password_hash)
            .bind(user.created_at.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn find(connection: &mut Connection, id: UserId) -> Result<Option<User>> {
        let row = sqlx::query_as::<_, Row>(user!("id = $1"))
            .bind(id.uuid())
            .fetch_optional(connection)
            .await?;
        Ok(row.map(User::from))
    }

    pub async fn find_by_email(connection: &mut Connection, email: &str) -> Result<Option<User>> {
        let row = sqlx::query_as::<_, Row>(user!("email = $1"))
            .bind(email)
            .fetch_optional(connection)
            .await?;
        Ok(row.map(User::from))
    }
}

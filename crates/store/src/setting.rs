//! The table `settings`: what an admin has set for everybody.

use crate::Result;
use crate::both::on_both;
use crate::column::Place;
use domain::{FactorRule, Plan, Registration};

/// Who may make themselves known. Its row is there from the start.
const REGISTRATION: &str = "registration";
/// The plan of whoever comes. Its row is there, too.
const PLAN_FOR_NEW: &str = "plan";
/// Whether everybody must have a second factor. Its row is there as well.
const SECOND_FACTOR: &str = "second_factor";

on_both! {
    pub async fn find_registration(connection: &mut Connection) -> Result<Registration> {
        let value: String = sqlx::query_scalar("select value from settings where name = $1")
            .bind(REGISTRATION)
            .fetch_one(connection)
            .await?;
        Place { table: "settings", row: &REGISTRATION }.word("value", &value)
    }

    pub async fn save_registration(connection: &mut Connection, registration: Registration) -> Result<()> {
        sqlx::query("update settings set value = $2 where name = $1")
            .bind(REGISTRATION)
            .bind(registration.as_str())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn find_plan_for_new(connection: &mut Connection) -> Result<Plan> {
        let query = sqlx::query_scalar("select value from settings where name = $1").bind(PLAN_FOR_NEW);
        let value: String = query.fetch_one(connection).await?;
        Place { table: "settings", row: &PLAN_FOR_NEW }.word("value", &value)
    }

    pub async fn save_plan_for_new(connection: &mut Connection, plan: Plan) -> Result<()> {
        let query = sqlx::query("update settings set value = $2 where name = $1").bind(PLAN_FOR_NEW);
        query.bind(plan.as_str()).execute(connection).await?;
        Ok(())
    }

    pub async fn find_factor_rule(connection: &mut Connection) -> Result<FactorRule> {
        let query = sqlx::query_scalar("select value from settings where name = $1").bind(SECOND_FACTOR);
        let value: String = query.fetch_one(connection).await?;
        Place { table: "settings", row: &SECOND_FACTOR }.word("value", &value)
    }

    pub async fn save_factor_rule(connection: &mut Connection, rule: FactorRule) -> Result<()> {
        let query = sqlx::query("update settings set value = $2 where name = $1").bind(SECOND_FACTOR);
        query.bind(rule.as_str()).execute(connection).await?;
        Ok(())
    }

    /// Holds the row of the registration until the transaction ends: whoever changes who may be here does so one after
    /// the other, and sees what the one before did.
    pub async fn take_turn(connection: &mut Connection) -> Result<()> {
        sqlx::query("update settings set value = value where name = $1").bind(REGISTRATION).execute(connection).await?;
        Ok(())
    }
}

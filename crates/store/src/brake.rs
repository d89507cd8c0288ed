//! The tables `stops` and `breaker`: what holds every guard back.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, Stop, StoreError, Trip};
use domain::brake::{BreakerLimits, Gauge, StopScope, Stopped};
use domain::{AccountId, Millis, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    scope: Uuid,
    stopped: String,
    pulled_at: i64,
    keep_orders: i64,
}

impl TryFrom<Row> for Stop {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Stop> {
        let scope = if row.scope.is_nil() { StopScope::Everything } else { StopScope::Account };
        let stopped = Place { table: "stops", row: &row.scope }.word("stopped", &row.stopped)?;
        Ok(Stop { scope, stopped, pulled_at: time(row.pulled_at), keep_orders: row.keep_orders != 0 })
    }
}

fn scope_of(account: Option<AccountId>) -> Uuid {
    account.map_or(Uuid::nil(), AccountId::uuid)
}

fn name(stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::Trading => "trading",
        Stopped::Guards => "guards",
    }
}

on_both! {
    /// Pulling a switch that is pulled already changes nothing.
    pub async fn stop(
        connection: &mut Connection,
        account: Option<AccountId>,
        stopped: Stopped,
        keep_orders: bool,
        now: Timestamp,
    ) -> Result<()> {
        let query = "insert into stops (scope, stopped, pulled_at, keep_orders) values ($1, $2, $3, $4)
                     on conflict do nothing";
        sqlx::query(query)
            .bind(scope_of(account))
            .bind(name(stopped))
            .bind(now.unix_ms())
            .bind(i64::from(keep_orders))
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn resume(connection: &mut Connection, account: Option<AccountId>, stopped: Stopped) -> Result<()> {
        let query = sqlx::query("delete from stops where scope = $1 and stopped = $2").bind(scope_of(account));
        query.bind(name(stopped)).execute(connection).await?;
        Ok(())
    }

    /// What holds this account back.
    pub async fn list_stops(connection: &mut Connection, account: AccountId) -> Result<Vec<Stop>> {
        let query = "select scope, stopped, pulled_at, keep_orders from stops
                     where scope in ($1, $2) order by scope, stopped";
        let rows = sqlx::query_as::<_, Row>(query).bind(Uuid::nil()).bind(account.uuid()).fetch_all(connection).await?;
        rows.into_iter().map(Stop::try_from).collect()
    }

    pub async fn is_tripped(connection: &mut Connection) -> Result<bool> {
        let query = "select count(*) from breaker where tripped_at is not null";
        Ok(0 < sqlx::query_scalar::<_, i64>(query).fetch_one(connection).await?)
    }

    /// What was added before this moment counts no more.
    pub async fn rearm(connection: &mut Connection, now: Timestamp) -> Result<()> {
        let query = sqlx::query("update breaker set tripped_at = null, armed_at = $1").bind(now.unix_ms());
        query.execute(connection).await?;
        Ok(())
    }

    /// Counts `adding` sats more; the breaker falls, and stays so, where that is too much. Answers why. Its row is
    /// locked until the transaction ends, so that intents are counted one after the other.
    pub async fn trip(
        connection: &mut Connection,
        limits: BreakerLimits,
        adding: i64,
        now: Timestamp,
    ) -> Result<Option<Trip>> {
        let armed_at = sqlx::query_scalar::<_, i64>(
            "update breaker set looked_at = $1 where tripped_at is null returning armed_at",
        )
        .bind(now.unix_ms())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(armed_at) = armed_at else { return Err(StoreError::BreakerTripped(None)) };
        let since = |span: Millis| now.minus(span).unix_ms().max(armed_at);
        let (adds, sats): (i64, i64) = sqlx::query_as(
            "select count(case when written_at > $1 then 1 end), cast(coalesce(sum(amount), 0) as bigint) from actions
             where kind = 'add_margin' and state <> 'refuted' and written_at > $2",
        )
        .bind(since(Millis::MINUTE))
        .bind(since(HOUR))
        .fetch_one(&mut *connection)
        .await?;
        let trip = first_over([
            Trip { gauge: Gauge::AddsPerMinute, used: adds.saturating_add(1), allowed: limits.adds_per_minute.into() },
            Trip { gauge: Gauge::SatsPerHour, used: sats.saturating_add(adding), allowed: limits.sats_per_hour.get() },
        ]);
        if trip.is_some() {
            sqlx::query("update breaker set tripped_at = $1").bind(now.unix_ms()).execute(connection).await?;
        }
        Ok(trip)
    }
}

/// Over which sats are counted.
pub const HOUR: Millis = Millis::from_secs(3_600);

fn first_over(gauges: [Trip; 2]) -> Option<Trip> {
    gauges.into_iter().find(|gauge| gauge.allowed < gauge.used)
}

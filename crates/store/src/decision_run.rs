//! The table `decision_runs`: how often an entry of the ledger was decided again, and what was known.

use crate::both::on_both;
use crate::column::Place;
use crate::{Result, StoreError, ledger};
use domain::why::{Run, Step};
use domain::{AccountId, Bps, LedgerEntry, PositionId, Timestamp};
use sqlx::FromRow;

/// An entry of the ledger beside its run.
#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    entry: ledger::Row,
    first_sight: Option<String>,
    last_sight: Option<String>,
    looks: Option<i64>,
    closest: Option<i64>,
}

impl TryFrom<Row> for Step {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Step> {
        let Row { entry, first_sight, last_sight, looks, closest } = row;
        let entry = LedgerEntry::try_from(entry)?;
        let place = Place { table: "decision_runs", row: &entry.seq };
        let run = match (first_sight, last_sight, looks) {
            (Some(first), Some(last), Some(looks)) => Some(Run {
                entry: entry.seq,
                first: place.json("first_sight", &first)?,
                last: place.json("last_sight", &last)?,
                looks: place.count("looks", looks)?,
                closest: closest.map(Bps::new),
            }),
            _ => None,
        };
        Ok(Step { entry, run })
    }
}

fn json(sight: &domain::why::Sight) -> Result<String> {
    serde_json::to_string(sight).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

on_both! {
    /// Writes each run over what was known of it.
    pub async fn save(connection: &mut Connection, runs: &[Run]) -> Result<()> {
        for run in runs {
            sqlx::query(
                "insert into decision_runs (entry, first_sight, last_sight, looks, closest) values ($1, $2, $3, $4, $5)
                 on conflict (entry) do update
                 set last_sight = excluded.last_sight, looks = excluded.looks, closest = excluded.closest",
            )
            .bind(run.entry)
            .bind(json(&run.first)?)
            .bind(json(&run.last)?)
            .bind(i64::from(run.looks))
            .bind(run.closest.map(Bps::get))
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }

    /// What was decided about a position or the whole account, newest first.
    pub async fn list_steps(
        connection: &mut Connection,
        account: AccountId,
        position: PositionId,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Step>> {
        let rows = sqlx::query_as::<_, Row>(
            "select ledger.*, first_sight, last_sight, looks, closest
             from ledger left join decision_runs on entry = seq
             where account_id = $1 and (position_id = $2 or position_id is null) and at <= $3
             order by seq desc limit $4",
        )
        .bind(account.uuid())
        .bind(position.uuid())
        .bind(until.unix_ms())
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(Step::try_from).collect()
    }

    /// The accounts whose ledger names a position.
    pub async fn list_accounts_of(connection: &mut Connection, position: PositionId) -> Result<Vec<AccountId>> {
        let query = "select distinct account_id from ledger where position_id = $1";
        let ids = sqlx::query_scalar::<_, uuid::Uuid>(query).bind(position.uuid()).fetch_all(connection).await?;
        Ok(ids.into_iter().map(AccountId::from_uuid).collect())
    }
}

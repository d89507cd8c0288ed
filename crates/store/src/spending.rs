//! What guards' top-ups have spent, summed from the journal. An action counts until it is refuted: one whose fate is unknown
//! may have spent.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{PositionSpending, Result, Spending};
use domain::{AccountId, PositionId, Sats, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Spent {
    added: i64,
    actions: i64,
    last_action_at: Option<i64>,
    added_today: i64,
}

#[derive(FromRow)]
struct Row {
    position_id: Uuid,
    added: i64,
    actions: i64,
    last_action_at: Option<i64>,
}

on_both! {
    pub async fn find(
        connection: &mut Connection,
        account: AccountId,
        position: PositionId,
        day_start: Timestamp,
    ) -> Result<Spending> {
        let spent = sqlx::query_as::<_, Spent>(
            "select cast(coalesce(sum(case when position_id = $2 then amount end), 0) as bigint) as added,
                 count(case when position_id = $2 then 1 end) as actions,
                 max(case when position_id = $2 then market_at end) as last_action_at,
                 cast(coalesce(sum(case when market_at >= $3 then amount end), 0) as bigint) as added_today
             from actions
             where account_id = $1 and (position_id = $2 or market_at >= $3)
                 and kind = 'add_margin' and state <> 'refuted' and asked_by is null",
        )
        .bind(account.uuid())
        .bind(position.uuid())
        .bind(day_start.unix_ms())
        .fetch_one(connection)
        .await?;
        Ok(Spending {
            position: Sats::new(spent.added),
            position_actions: Place { table: "actions", row: &position }.count("count", spent.actions)?,
            last_action_at: spent.last_action_at.map(time),
            day: Sats::new(spent.added_today),
        })
    }

    pub async fn list(connection: &mut Connection, account: AccountId) -> Result<Vec<PositionSpending>> {
        let rows = sqlx::query_as::<_, Row>(
            "select position_id, cast(sum(amount) as bigint) as added, count(*) as actions,
                 max(market_at) as last_action_at
             from actions
             where account_id = $1 and kind = 'add_margin' and state <> 'refuted' and asked_by is null
             group by position_id order by position_id",
        )
        .bind(account.uuid())
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(|Row { position_id, added, actions, last_action_at }| {
            let actions = Place { table: "actions", row: &position_id }.count("count", actions)?;
            let (position, last_action_at) = (PositionId::from_uuid(position_id), last_action_at.map(time));
            Ok(PositionSpending { position, added: Sats::new(added), actions, last_action_at })
        }).collect()
    }
}

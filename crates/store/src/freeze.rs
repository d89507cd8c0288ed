//! The table `freezes`, and the end of a freeze: positions for which nothing is sent until a person has looked.

use crate::both::on_both;
use crate::{FrozenAction, Result};
use domain::{AccountId, ActionState, PositionId, Timestamp};
use uuid::Uuid;

on_both! {
    pub async fn insert(
        connection: &mut Connection,
        account: AccountId,
        position: PositionId,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query("insert into freezes (account_id, position_id, frozen_at) values ($1, $2, $3) on conflict do nothing")
            .bind(account.uuid())
            .bind(position.uuid())
            .bind(now.unix_ms())
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn list(connection: &mut Connection, account: AccountId) -> Result<Vec<PositionId>> {
        let query = "select position_id from freezes where account_id = $1 order by position_id";
        let rows = sqlx::query_scalar::<_, Uuid>(query).bind(account.uuid()).fetch_all(connection).await?;
        Ok(rows.into_iter().map(PositionId::from_uuid).collect())
    }

    /// Ends a freeze, and the actions that were frozen as the person says; answers whether there was anything.
    pub async fn thaw(
        connection: &mut Connection,
        account: AccountId,
        position: PositionId,
        frozen: FrozenAction,
    ) -> Result<bool> {
        let state = match frozen {
            FrozenAction::Happened => ActionState::Proved,
            FrozenAction::DidNotHappen => ActionState::Refuted,
        };
        let actions = "update actions set state = $3 where account_id = $1 and position_id = $2 and state = 'frozen'";
        let query = sqlx::query(actions).bind(account.uuid()).bind(position.uuid()).bind(state.as_str());
        let actions = query.execute(&mut *connection).await?;
        let query = sqlx::query("delete from freezes where account_id = $1 and position_id = $2");
        let freezes = query.bind(account.uuid()).bind(position.uuid()).execute(connection).await?;
        Ok(0 < actions.rows_affected() + freezes.rows_affected())
    }
}

//! The table `actions`: the intent journal.

use crate::both::on_both;
use crate::brake::HOUR;
use crate::column::{Place, time};
use crate::{Fence, Result, StoreError};
use domain::action::{Action, Change, Intent};
use domain::{AccountId, ActionId, ActionState, GuardId, Millis, PositionId, Sats, UserId};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    position_id: Uuid,
    kind: String,
    amount: Option<i64>,
    rides_on: Option<Uuid>,
    guard_id: Uuid,
    guard_version: i64,
    asked_by: Option<Uuid>,
    terms: Option<String>,
    margin_before: i64,
    funding_before: i64,
    cashed_in_margin_before: i64,
    cashed_in_pnl_before: i64,
    liquidation_before: i64,
    written_at: i64,
    market_at: i64,
    not_after: i64,
    state: String,
}

impl TryFrom<Row> for Action {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Action> {
        let place = Place { table: "actions", row: &row.id };
        let change = read_change(&row.kind, row.amount, row.terms.as_deref()).ok_or(place.corrupt("kind"))?;
        let intent = Intent {
            id: ActionId::from_uuid(row.id),
            account: AccountId::from_uuid(row.account_id),
            position: PositionId::from_uuid(row.position_id),
            change,
            rides_on: row.rides_on.map(ActionId::from_uuid),
            guard: GuardId::from_uuid(row.guard_id),
            guard_version: place.count("guard_version", row.guard_version)?,
            asked_by: row.asked_by.map(UserId::from_uuid),
            margin_before: Sats::new(row.margin_before),
            funding_before: Sats::new(row.funding_before),
            cashed_in_margin_before: Sats::new(row.cashed_in_margin_before),
            cashed_in_pnl_before: Sats::new(row.cashed_in_pnl_before),
            liquidation_before: place.price("liquidation_before", row.liquidation_before)?,
            written_at: time(row.written_at),
            market_at: time(row.market_at),
            not_after: time(row.not_after),
        };
        Ok(Action { intent, state: place.word("state", &row.state)? })
    }
}

fn read_change(kind: &str, amount: Option<i64>, terms: Option<&str>) -> Option<Change> {
    let change = match (kind, amount, terms) {
        ("add_margin", Some(amount), None) => Change::AddMargin { amount: Sats::new(amount) },
        ("cash_in", Some(amount), None) => Change::CashIn { amount: Sats::new(amount) },
        ("close", None, None) => Change::Close,
        ("cancel", None, None) => Change::Cancel,
        (_, None, Some(terms)) => serde_json::from_str(terms).ok()?,
        _ => return None,
    };
    (kind_of(change) == kind).then_some(change)
}

const fn kind_of(change: Change) -> &'static str {
    match change {
        Change::AddMargin { .. } => "add_margin",
        Change::Close => "close",
        Change::CashIn { .. } => "cash_in",
        Change::Open { .. } => "open",
        Change::StopLoss { .. } => "stop_loss",
        Change::TakeProfit { .. } => "take_profit",
        Change::Cancel => "cancel",
    }
}

const fn amount_of(change: Change) -> Option<i64> {
    match change {
        Change::AddMargin { amount } | Change::CashIn { amount } => Some(amount.get()),
        _ => None,
    }
}

/// What is no single amount is kept as it would be told.
fn terms_of(change: Change) -> Result<Option<String>> {
    match change {
        Change::Open { .. } | Change::StopLoss { .. } | Change::TakeProfit { .. } => serde_json::to_string(&change)
            .map(Some)
            .map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into()))),
        _ => Ok(None),
    }
}

/// Binds `$1` to `$18`: an intent as it is first written.
macro_rules! bind_intent {
    ($query:expr, $intent:expr) => {{
        let (intent, kind, amount) = ($intent, kind_of($intent.change), amount_of($intent.change));
        $query
            .bind(intent.id.uuid())
            .bind(intent.account.uuid())
            .bind(intent.position.uuid())
            .bind(kind)
            .bind(amount)
            .bind(intent.guard.uuid())
            .bind(i64::from(intent.guard_version))
            .bind(intent.margin_before.get())
            .bind(intent.funding_before.get())
            .bind(intent.cashed_in_margin_before.get())
            .bind(intent.liquidation_before.ticks())
            .bind(intent.written_at.unix_ms())
            .bind(intent.market_at.unix_ms())
            .bind(intent.not_after.unix_ms())
            .bind(ActionState::Intent.as_str())
            .bind(intent.asked_by.map(UserId::uuid))
            .bind(terms_of(intent.change)?)
            .bind(intent.cashed_in_pnl_before.get())
    }};
}

/// An intent under its writer's lease, where this holds as well.
macro_rules! insert_intent {
    ($condition:literal) => {
        concat!(
            "insert into actions (id, account_id, position_id, kind, amount, guard_id, guard_version, margin_before,
                 funding_before, cashed_in_margin_before, liquidation_before, written_at, market_at, not_after, state,
                 asked_by, terms, cashed_in_pnl_before, rides_on, epoch)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $21, epoch
             from leases where account_id = $2 and owner = $19 and epoch = $20 and expires_at > $12 ",
            $condition,
            " on conflict do nothing"
        )
    };
}

on_both! {
    /// The unique indexes over open actions decide between two who mean to act on one position, and the epoch between
    /// two who mean to serve one account.
    pub async fn insert_intent(connection: &mut Connection, intent: &Intent, fence: Fence<'_>) -> Result<()> {
        check_open(&mut *connection, intent).await?;
        let insert = sqlx::query(insert_intent!(""));
        let insert = bind_intent!(insert, intent).bind(fence.instance.id.uuid()).bind(fence.epoch);
        let inserted = insert.bind(intent.rides_on.map(ActionId::uuid)).execute(connection).await?;
        if inserted.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Writes a guard's intent in one statement, where nothing at all stands in the way; answers whether it did. Only
    /// one connection may write: what is asked for here is not locked.
    pub async fn insert_at_once(connection: &mut Connection, intent: &Intent, fence: Fence<'_>) -> Result<bool> {
        let insert = sqlx::query(insert_intent!(
            "and intents = $22 and quiet_until <= $12
             and not exists (select 1 from instances where release <> $23 and seen_until > $12)
             and not exists (select 1 from stops where scope in ($24, $2) and stopped = 'guards')
             and not exists (select 1 from freezes where account_id = $2 and position_id = $3)
             and not exists (
                 select 1 from guard_versions where account_id = $2 and guard_id = $6 and version > $7)
             and not exists (
                 select 1 from actions
                 where account_id = $2 and position_id = $3 and state in ('intent', 'unknown', 'frozen'))
             and ($4 <> 'add_margin' or exists (
                 select 1 from breaker
                 where tripped_at is null
                     and $25 > (
                         select count(*) from actions
                         where kind = 'add_margin' and state <> 'refuted' and asked_by is null
                             and written_at > case when armed_at > $26 then armed_at else $26 end)
                     and $27 - $5 >= (
                         select coalesce(sum(amount), 0) from actions
                         where kind = 'add_margin' and state <> 'refuted' and asked_by is null
                             and written_at > case when armed_at > $28 then armed_at else $28 end)))"
        ));
        let Fence { instance, epoch, intents, breaker } = fence;
        let since = |span: Millis| intent.written_at.minus(span).unix_ms();
        let inserted = bind_intent!(insert, intent)
            .bind(instance.id.uuid())
            .bind(epoch)
            .bind(None::<Uuid>)
            .bind(intents)
            .bind(&instance.release)
            .bind(Uuid::nil())
            .bind(i64::from(breaker.adds_per_minute))
            .bind(since(Millis::MINUTE))
            .bind(breaker.sats_per_hour.get())
            .bind(since(HOUR))
            .execute(connection)
            .await?;
        Ok(inserted.rows_affected() == 1)
    }

    /// From a journal: what is here already was written by a transaction whose end was not heard of.
    pub async fn insert_merged(connection: &mut Connection, intent: &Intent, epoch: i64) -> Result<()> {
        let insert = sqlx::query(
            "insert into actions (id, account_id, position_id, kind, amount, guard_id, guard_version, margin_before,
                 funding_before, cashed_in_margin_before, liquidation_before, written_at, market_at, not_after, state,
                 asked_by, terms, cashed_in_pnl_before, epoch, rides_on)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
             on conflict (id) do nothing",
        );
        bind_intent!(insert, intent)
        .bind(epoch)
        .bind(intent.rides_on.map(ActionId::uuid))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// What rides on none needs a position without an open action; what rides on one, that one open and alone.
    async fn check_open(connection: &mut Connection, intent: &Intent) -> Result<()> {
        let query = "select * from actions
                     where account_id = $1 and position_id = $2 and state in ('intent', 'unknown', 'frozen')";
        let query = sqlx::query_as::<_, Row>(query).bind(intent.account.uuid()).bind(intent.position.uuid());
        let open = query.fetch_all(connection).await?.into_iter().map(Action::try_from).collect::<Result<Vec<_>>>()?;
        let may = match (intent.rides_on, open.as_slice()) {
            (None, []) => true,
            (Some(first), [open]) => open.intent.id == first && open.can_be_ridden_on(),
            _ => false,
        };
        if may { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Nothing leads back to an intent, and nothing but a person out of a freeze.
    pub async fn move_open(connection: &mut Connection, id: ActionId, state: ActionState) -> Result<()> {
        if state == ActionState::Intent {
            return Err(StoreError::Conflict);
        }
        let query = sqlx::query("update actions set state = $2 where id = $1 and state in ('intent', 'unknown')");
        let moved = query.bind(id.uuid()).bind(state.as_str()).execute(connection).await?;
        if moved.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    pub async fn list_open(connection: &mut Connection, account: AccountId) -> Result<Vec<Action>> {
        let query = "select * from actions
                     where account_id = $1 and state in ('intent', 'unknown', 'frozen') order by written_at, id";
        let rows = sqlx::query_as::<_, Row>(query).bind(account.uuid()).fetch_all(connection).await?;
        rows.into_iter().map(Action::try_from).collect()
    }

    /// Open actions with all that shares their fate: what they ride on, and what else rides on that.
    pub async fn list_unsettled(connection: &mut Connection, account: AccountId) -> Result<Vec<Action>> {
        let query = "select * from actions
                     where account_id = $1 and coalesce(rides_on, id) in (
                         select coalesce(rides_on, id) from actions
                         where account_id = $1 and state in ('intent', 'unknown', 'frozen'))
                     order by written_at, id";
        let rows = sqlx::query_as::<_, Row>(query).bind(account.uuid()).fetch_all(connection).await?;
        rows.into_iter().map(Action::try_from).collect()
    }

    pub async fn list(connection: &mut Connection, account: AccountId, limit: u32) -> Result<Vec<Action>> {
        let query = "select * from actions where account_id = $1 order by written_at desc, id desc limit $2";
        let rows = sqlx::query_as::<_, Row>(query)
            .bind(account.uuid())
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await?;
        rows.into_iter().map(Action::try_from).collect()
    }

    pub async fn find(connection: &mut Connection, account: AccountId, id: ActionId) -> Result<Option<Action>> {
        let query = "select * from actions where account_id = $1 and id = $2";
        let query = sqlx::query_as::<_, Row>(query).bind(account.uuid()).bind(id.uuid());
        query.fetch_optional(connection).await?.map(Action::try_from).transpose()
    }

    /// The newest action of a position until `until`.
    pub async fn find_newest(
        connection: &mut Connection,
        account: AccountId,
        position: PositionId,
        until: domain::Timestamp,
    ) -> Result<Option<Action>> {
        let query = "select * from actions where account_id = $1 and position_id = $2 and written_at <= $3
                     order by written_at desc, id desc limit 1";
        let row = sqlx::query_as::<_, Row>(query)
            .bind(account.uuid())
            .bind(position.uuid())
            .bind(until.unix_ms())
            .fetch_optional(connection)
            .await?;
        row.map(Action::try_from).transpose()
    }
}

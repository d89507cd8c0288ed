//! The table `ledger`, and a notice for each entry that a person shall hear of.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{LedgerFilter, NewEntry, Result, StoreError};
use domain::{AccountId, Bps, LedgerEntry, PositionId, Timestamp};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
pub(crate) struct Row {
    seq: i64,
    account_id: Uuid,
    position_id: Option<Uuid>,
    at: i64,
    market_at: i64,
    price: Option<i64>,
    distance: Option<i64>,
    outcome: String,
    reason: String,
}

impl TryFrom<Row> for LedgerEntry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<LedgerEntry> {
        let place = Place { table: "ledger", row: &row.seq };
        Ok(LedgerEntry {
            seq: row.seq,
            account: AccountId::from_uuid(row.account_id),
            position: row.position_id.map(PositionId::from_uuid),
            at: time(row.at),
            market_at: time(row.market_at),
            price: row.price.map(|ticks| place.price("price", ticks)).transpose()?,
            distance: row.distance.map(Bps::new),
            outcome: place.word("outcome", &row.outcome)?,
            reason: place.json("reason", &row.reason)?,
        })
    }
}

fn reason(entry: &LedgerEntry) -> Result<String> {
    serde_json::to_string(&entry.reason).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

on_both! {
    beside outbox;

    pub async fn append(connection: &mut Connection, entries: &[NewEntry]) -> Result<Vec<i64>> {
        let mut seqs = Vec::with_capacity(entries.len());
        for NewEntry { entry, notify } in entries {
            let seq = insert(connection, entry).await?;
            if *notify {
                outbox::insert(connection, seq, entry.at).await?;
            }
            seqs.push(seq);
        }
        Ok(seqs)
    }

    /// From a journal: what is here already was written by a transaction whose end was not heard of. That was among the
    /// last things that were written before.
    pub async fn append_merged(connection: &mut Connection, entries: &[NewEntry]) -> Result<()> {
        for entry in entries {
            if !holds(&mut *connection, &entry.entry).await? {
                append(&mut *connection, std::slice::from_ref(entry)).await?;
            }
        }
        Ok(())
    }

    async fn holds(connection: &mut Connection, entry: &LedgerEntry) -> Result<bool> {
        let query = sqlx::query_scalar::<_, i64>(
            "select count(*) from (
                 select position_id, at, outcome, reason from ledger where account_id = $1 order by seq desc limit 1000
             ) as newest
             where at = $2 and outcome = $3 and reason = $4 and (position_id = $5 or $5 is null and position_id is null)",
        );
        let count = query
            .bind(entry.account.uuid())
            .bind(entry.at.unix_ms())
            .bind(entry.outcome.as_str())
            .bind(reason(entry)?)
            .bind(entry.position.map(PositionId::uuid))
            .fetch_one(connection)
            .await?;
        Ok(0 < count)
    }

    async fn insert(connection: &mut Connection, entry: &LedgerEntry) -> Result<i64> {
        let reason = reason(entry)?;
        let seq = sqlx::query_scalar(
            "insert into ledger (account_id, position_id, at, market_at, price, distance, outcome, reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8) returning seq",
        )
        .bind(entry.account.uuid())
        .bind(entry.position.map(PositionId::uuid))
        .bind(entry.at.unix_ms())
        .bind(entry.market_at.unix_ms())
        .bind(entry.price.map(|price| price.ticks()))
        .bind(entry.distance.map(Bps::get))
        .bind(entry.outcome.as_str())
        .bind(reason)
        .fetch_one(connection)
        .await?;
        Ok(seq)
    }

    pub async fn list(connection: &mut Connection, account: AccountId, filter: LedgerFilter) -> Result<Vec<LedgerEntry>> {
        let rows = sqlx::query_as::<_, Row>(
            "select * from ledger
             where account_id = $1 and seq < $2 and seq > $3
                 and ($4 is null or position_id = $4) and ($5 is null or outcome = $5) and at >= $6 and at < $7
             order by seq desc limit $8",
        )
        .bind(account.uuid())
        .bind(filter.before.unwrap_or(i64::MAX))
        .bind(filter.after.unwrap_or(i64::MIN))
        .bind(filter.position.map(PositionId::uuid))
        .bind(filter.outcome.map(|outcome| outcome.as_str()))
        .bind(filter.from.map_or(i64::MIN, Timestamp::unix_ms))
        .bind(filter.until.map_or(i64::MAX, Timestamp::unix_ms))
        .bind(i64::from(filter.limit))
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(LedgerEntry::try_from).collect()
    }

    /// One entry that a notice refers to.
    pub async fn find(connection: &mut Connection, seq: i64) -> Result<LedgerEntry> {
        let query = sqlx::query_as::<_, Row>("select * from ledger where seq = $1").bind(seq);
        LedgerEntry::try_from(query.fetch_one(connection).await?)
    }
}

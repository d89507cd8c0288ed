//! The table `settlements`.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::{HistoryKey, HistorySource, Rate, Series, Settlement, Span};
use sqlx::{FromRow, QueryBuilder};

/// Settlements in one statement.
const ROWS: usize = 250;

#[derive(FromRow)]
struct Row {
    at: i64,
    rate: i64,
    fixing: i64,
}

impl TryFrom<Row> for Settlement {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Settlement> {
        let fixing = Place { table: "settlements", row: &row.at }.price("fixing", row.fixing)?;
        Ok(Settlement { at: time(row.at), rate: Rate::from_hundred_millionths(row.rate), fixing })
    }
}

on_both! {
    beside history_span;

    /// A settlement that is there stays as it is.
    pub async fn insert(
        connection: &mut Connection,
        source: HistorySource,
        span: Span,
        settlements: &[Settlement],
    ) -> Result<()> {
        for settlements in settlements.chunks(ROWS) {
            let insert = "insert into settlements (source, at, rate, fixing) ";
            let mut query = QueryBuilder::<<Connection as sqlx::Connection>::Database>::new(insert);
            query.push_values(settlements, |mut row, settlement| {
                row.push_bind(source.as_str())
                    .push_bind(settlement.at.unix_ms())
                    .push_bind(settlement.rate.hundred_millionths())
                    .push_bind(settlement.fixing.ticks());
            });
            query.push(" on conflict do nothing").build().execute(&mut *connection).await?;
        }
        history_span::cover(connection, HistoryKey { source, series: Series::Settlements }, span).await
    }

    pub async fn list(connection: &mut Connection, source: HistorySource, span: Span) -> Result<Vec<Settlement>> {
        let rows = sqlx::query_as::<_, Row>(
            "select at, rate, fixing from settlements where source = $1 and at >= $2 and at < $3 order by at",
        )
        .bind(source.as_str())
        .bind(span.from.unix_ms())
        .bind(span.to.unix_ms())
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(Settlement::try_from).collect()
    }
}

//! The table `candles`.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::{Candle, HistoryKey, HistorySource, Interval, Series, Span};
use sqlx::{FromRow, QueryBuilder};

/// Bars in one statement: few round trips, and far from any database's limit of parameters.
const ROWS: usize = 250;

#[derive(FromRow)]
struct Row {
    at: i64,
    open: i64,
    high: i64,
    low: i64,
    close: i64,
    volume: i64,
}

impl TryFrom<Row> for Candle {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Candle> {
        let place = Place { table: "candles", row: &row.at };
        Ok(Candle {
            at: time(row.at),
            open: place.price("open", row.open)?,
            high: place.price("high", row.high)?,
            low: place.price("low", row.low)?,
            close: place.price("close", row.close)?,
            volume: row.volume,
        })
    }
}

on_both! {
    beside history_span;

    /// A bar that is there stays as it is.
    pub async fn insert(
        connection: &mut Connection,
        source: HistorySource,
        interval: Interval,
        span: Span,
        bars: &[Candle],
    ) -> Result<()> {
        for bars in bars.chunks(ROWS) {
            let insert = "insert into candles (source, interval_ms, at, open, high, low, close, volume) ";
            let mut query = QueryBuilder::<<Connection as sqlx::Connection>::Database>::new(insert);
            query.push_values(bars, |mut row, bar| {
                row.push_bind(source.as_str())
                    .push_bind(interval.length().get())
                    .push_bind(bar.at.unix_ms())
                    .push_bind(bar.open.ticks())
                    .push_bind(bar.high.ticks())
                    .push_bind(bar.low.ticks())
                    .push_bind(bar.close.ticks())
                    .push_bind(bar.volume);
            });
            query.push(" on conflict do nothing").build().execute(&mut *connection).await?;
        }
        history_span::cover(connection, HistoryKey { source, series: Series::Candles(interval) }, span).await
    }

    pub async fn list(
        connection: &mut Connection,
        source: HistorySource,
        interval: Interval,
        span: Span,
        limit: u32,
    ) -> Result<Vec<Candle>> {
        let rows = sqlx::query_as::<_, Row>(
            "select at, open, high, low, close, volume from candles
             where source = $1 and interval_ms = $2 and at >= $3 and at < $4 order by at limit $5",
        )
        .bind(source.as_str())
        .bind(interval.length().get())
        .bind(span.from.unix_ms())
        .bind(span.to.unix_ms())
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(Candle::try_from).collect()
    }

    /// Bars that follow each other without a gap share the difference between their time and their number.
    pub async fn list_runs(connection: &mut Connection, source: HistorySource, interval: Interval) -> Result<Vec<Span>> {
        let rows = sqlx::query_as::<_, (i64, i64)>(
            "select min(at), max(at) + $2 from
                 (select at, at - $2 * row_number() over (order by at) as run from candles
                  where source = $1 and interval_ms = $2) numbered
             group by run order by 1",
        )
        .bind(source.as_str())
        .bind(interval.length().get())
        .fetch_all(connection)
        .await?;
        Ok(rows.into_iter().map(|(from, to)| Span::new(time(from), time(to))).collect())
    }
}

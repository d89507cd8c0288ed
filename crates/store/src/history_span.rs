//! The table `history_spans`: what was asked for and answered, whether or not there was anything.

use crate::both::on_both;
use crate::column::{Place, time};
use crate::{Result, StoreError};
use domain::{HistoryKey, Interval, Millis, Series, Span};
use sqlx::FromRow;

#[derive(FromRow)]
struct KeyRow {
    source: String,
    interval_ms: i64,
}

impl TryFrom<KeyRow> for HistoryKey {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<HistoryKey> {
        let source = Place { table: "history_spans", row: &row.interval_ms }.word("source", &row.source)?;
        let series = Interval::new(Millis::new(row.interval_ms)).map_or(Series::Settlements, Series::Candles);
        Ok(HistoryKey { source, series })
    }
}

/// Zero for settlements.
fn interval_ms(series: Series) -> i64 {
    match series {
        Series::Settlements => 0,
        Series::Candles(interval) => interval.length().get(),
    }
}

fn spans(rows: Vec<(i64, i64)>) -> Vec<Span> {
    rows.into_iter().map(|(from, to)| Span::new(time(from), time(to))).collect()
}

on_both! {
    /// Joins the span with those that it touches. Of two who do so at once each takes away only what it counts in, so
    /// nothing that is covered is lost.
    pub async fn cover(connection: &mut Connection, key: HistoryKey, span: Span) -> Result<()> {
        if span.is_empty() {
            return Ok(());
        }
        let touched = sqlx::query_as::<_, (i64, i64)>(
            "delete from history_spans where source = $1 and interval_ms = $2 and from_at <= $4 and to_at >= $3
             returning from_at, to_at",
        )
        .bind(key.source.as_str())
        .bind(interval_ms(key.series))
        .bind(span.from.unix_ms())
        .bind(span.to.unix_ms())
        .fetch_all(&mut *connection)
        .await?;
        let mut covered = spans(touched);
        covered.push(span);
        for span in Span::joined(covered) {
            insert(connection, key, span).await?;
        }
        Ok(())
    }

    /// Another may have covered more from the same moment on.
    async fn insert(connection: &mut Connection, key: HistoryKey, span: Span) -> Result<()> {
        sqlx::query(
            "insert into history_spans (source, interval_ms, from_at, to_at) values ($1, $2, $3, $4)
             on conflict (source, interval_ms, from_at) do update set to_at = excluded.to_at
             where history_spans.to_at < excluded.to_at",
        )
        .bind(key.source.as_str())
        .bind(interval_ms(key.series))
        .bind(span.from.unix_ms())
        .bind(span.to.unix_ms())
        .execute(connection)
        .await?;
        Ok(())
    }

    pub async fn list_keys(connection: &mut Connection) -> Result<Vec<HistoryKey>> {
        let query = "select distinct source, interval_ms from history_spans order by source, interval_ms";
        let rows = sqlx::query_as::<_, KeyRow>(query).fetch_all(connection).await?;
        rows.into_iter().map(HistoryKey::try_from).collect()
    }

    pub async fn list(connection: &mut Connection, key: HistoryKey) -> Result<Vec<Span>> {
        let query = "select from_at, to_at from history_spans where source = $1 and interval_ms = $2";
        let query = sqlx::query_as::<_, (i64, i64)>(query).bind(key.source.as_str()).bind(interval_ms(key.series));
        Ok(Span::joined(spans(query.fetch_all(connection).await?)))
    }

    pub async fn delete(connection: &mut Connection, key: HistoryKey) -> Result<()> {
        let (source, interval_ms) = (key.source.as_str(), interval_ms(key.series));
        let spans = sqlx::query("delete from history_spans where source = $1 and interval_ms = $2");
        spans.bind(source).bind(interval_ms).execute(&mut *connection).await?;
        match key.series {
            Series::Settlements => sqlx::query("delete from settlements where source = $1").bind(source),
            Series::Candles(_) => {
                let candles = "delete from candles where source = $1 and interval_ms = $2";
                sqlx::query(candles).bind(source).bind(interval_ms)
            }
        }
        .execute(connection)
        .await?;
        Ok(())
    }
}

//! The table `attempts`: how often something was tried, and until when it is not to be tried again.

use crate::both::on_both;
use crate::column::time;
use crate::{AttemptCount, AttemptRule, Result};
use domain::Timestamp;

on_both! {
    /// One transaction holds the row from the count to the lock, so that of a burst at once no more come through than
    /// may.
    pub async fn count(
        connection: &mut Connection,
        subject: &str,
        now: Timestamp,
        rule: &AttemptRule,
    ) -> Result<AttemptCount> {
        let counted: Option<i64> = sqlx::query_scalar(
            "insert into attempts (subject, failures, last_at, locked_until) values ($1, 1, $2, 0)
             on conflict (subject) do update set
                 failures = case when attempts.last_at < $3 then 1 else attempts.failures + 1 end,
                 last_at = excluded.last_at
             where attempts.locked_until <= $2
             returning failures",
        )
        .bind(subject)
        .bind(now.unix_ms())
        .bind(now.minus(rule.window).unix_ms())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(count) = counted else {
            let query = "select locked_until from attempts where subject = $1";
            let until: i64 = sqlx::query_scalar(query).bind(subject).fetch_one(connection).await?;
            return Ok(AttemptCount::Locked { until: time(until) });
        };
        let Some(lock) = rule.lock_after(count) else { return Ok(AttemptCount::Counted { locks: false }) };
        sqlx::query("update attempts set locked_until = $2 where subject = $1")
            .bind(subject)
            .bind(now.plus(lock).unix_ms())
            .execute(connection)
            .await?;
        Ok(AttemptCount::Counted { locks: true })
    }

    /// Takes back one count.
    pub async fn uncount(connection: &mut Connection, subject: &str) -> Result<()> {
        sqlx::query("update attempts set failures = failures - 1 where subject = $1 and failures > 1")
            .bind(subject)
            .execute(connection)
            .await?;
        Ok(())
    }

    pub async fn forget(connection: &mut Connection, subject: &str) -> Result<()> {
        sqlx::query("delete from attempts where subject = $1").bind(subject).execute(connection).await?;
        Ok(())
    }

    pub async fn forget_before(connection: &mut Connection, time: Timestamp) -> Result<u64> {
        let query = sqlx::query("delete from attempts where last_at < $1 and locked_until < $1").bind(time.unix_ms());
        Ok(query.execute(connection).await?.rows_affected())
    }
}

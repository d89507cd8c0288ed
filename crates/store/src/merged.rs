//! The table `journals`: how far the journals that were kept beside this database are taken into it.

use crate::Result;
use crate::both::on_both;
use domain::InstanceId;

on_both! {
    /// Whether this record is new; each is marked in the transaction that takes it in.
    pub async fn mark(connection: &mut Connection, instance: InstanceId, seq: i64) -> Result<bool> {
        let marked = sqlx::query(
            "insert into journals (instance_id, merged) values ($1, $2)
             on conflict (instance_id) do update set merged = excluded.merged where journals.merged < excluded.merged",
        )
        .bind(instance.uuid())
        .bind(seq)
        .execute(connection)
        .await?;
        Ok(marked.rows_affected() == 1)
    }
}

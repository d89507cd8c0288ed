//! Which positions have ended, read at most once in a look: a crash ends many, and the requests are for those that can
//! still be saved.

use super::{MarginGuard, World};
use domain::{Position, Timestamp};
use exchange::{Priority, ReadError};

/// All that ended at or after `since`.
pub(super) struct Ended {
    since: Timestamp,
    positions: Vec<Position>,
}

impl MarginGuard {
    /// All that ended at or after `since`, and maybe others.
    pub(super) async fn ended_since<'w>(
        &self,
        world: &'w mut World,
        since: Timestamp,
    ) -> Result<&'w [Position], ReadError> {
        if world.ended.as_ref().is_none_or(|known| since < known.since) {
            let positions = self.desk.exchange.fetch_closed(since, Priority::GuardRead).await?;
            world.ended = Some(Ended { since, positions });
        }
        Ok(world.ended.as_ref().map_or(&[], |ended| &ended.positions))
    }
}

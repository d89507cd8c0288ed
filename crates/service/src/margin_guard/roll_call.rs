//! Which positions run, though a list of the exchange may leave one out: absence is no evidence.

use super::{MarginGuard, World};
use domain::Position;
use exchange::{Priority, ReadError};

impl MarginGuard {
    /// The running positions; read twice where one that ran at the last look is not among them, unless that one has been
    /// missing for long.
    pub(super) async fn call_roll(&self) -> Result<Vec<Position>, ReadError> {
        let mut present = self.desk.exchange.fetch_running(Priority::GuardRead).await?;
        let now = self.clock.now();
        let is_named = |known| present.iter().any(|position| position.id == known);
        if self.known.keys().all(|known| is_named(*known) || !self.search.is_due(*known, now)) {
            return Ok(present);
        }
        let again = self.desk.exchange.fetch_running(Priority::GuardRead).await?;
        present.retain(|position| !again.iter().any(|newer| newer.id == position.id));
        present.extend(again);
        Ok(present)
    }

    /// Positions that ran at the last look, that no list names now, and whose end is not proven.
    pub(super) fn missing(&self, world: &World) -> Vec<Position> {
        let runs = |id| world.positions.iter().any(|position| position.id == id);
        self.known.values().filter(|known| !runs(known.id)).copied().collect()
    }
}

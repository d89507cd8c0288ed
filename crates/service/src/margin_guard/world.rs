//! What follows from everything that one look saw.

use super::World;
use crate::proof::Case;
use crate::snapshot::guards;
use domain::guard_policy::Guard;
use domain::{ActionId, Position, PositionId, Price, Sats, Side, Tick};
use engine::contract;
use std::collections::HashSet;

impl World {
    pub(super) fn tick(&self) -> Option<Tick> {
        self.price.map(|price| price.tick)
    }

    /// What of the wallet may be counted on for a position, whatever still arrives at the others; and whose fate would
    /// tell more, where that holds something back.
    pub(super) fn free_for(&self, position: PositionId) -> (Sats, Option<ActionId>) {
        let others = || self.in_flight.iter().filter(|intent| intent.position != position);
        let held = others().fold(0_i64, |held, intent| held.saturating_add(intent.amount().get()));
        let first = others().find(|intent| intent.amount().is_positive()).map(|intent| intent.id);
        (Sats::new(self.free.get().saturating_sub(held)), first)
    }

    /// The guard, where it is armed for this position.
    pub(super) fn guard_of(&self, position: &Position) -> Option<Guard> {
        self.guard.filter(|guard| guards(guard, position))
    }

    /// Whether its guard has something to do at the price of this look.
    pub(super) fn is_past_trigger(&self, position: &Position) -> bool {
        let Some((tick, guard)) = self.tick().zip(self.guard_of(position)) else { return false };
        let distance = contract::distance(position.side, tick.mark(position.side), position.liquidation);
        distance <= guard.policy.trigger()
    }

    /// Where the guard must be called. A position that is past its trigger already is looked at by the clock, so that
    /// each further tick does not cost a look.
    pub(super) fn triggers(&self) -> Vec<(PositionId, Side, Price)> {
        let Some(tick) = self.tick() else { return Vec::new() };
        let ahead = |position: &Position| {
            let trigger = self.guard_of(position)?.policy.trigger();
            let distance = contract::distance(position.side, tick.mark(position.side), position.liquidation);
            let price = contract::trigger_price(position.side, position.liquidation, trigger);
            (trigger < distance).then_some((position.id, position.side, price))
        };
        self.positions.iter().chain(&self.missing).filter_map(ahead).collect()
    }

    /// Positions that were looked for, and that nothing names.
    pub(super) fn lost(&self) -> HashSet<PositionId> {
        let named: HashSet<PositionId> = self.positions.iter().map(|position| position.id).collect();
        let missing = self.missing.iter().map(|position| position.id);
        missing.chain(self.unsettled.keys().copied()).filter(|position| !named.contains(position)).collect()
    }

    pub(super) fn is_anything_frozen(&self) -> bool {
        let runs_frozen = self.positions.iter().any(|position| self.frozen.contains(&position.id));
        runs_frozen || self.unsettled.values().any(Case::is_frozen)
    }

    pub(super) fn replace(&mut self, position: Position) {
        if let Some(known) = self.positions.iter_mut().find(|known| known.id == position.id) {
            *known = position;
        }
    }
}

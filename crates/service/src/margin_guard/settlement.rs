//! Looks up actions whose fate is open, and settles them by proof. This is recovery after a crash, too.

use super::execution::WINDOW;
use super::{MarginGuard, Trouble, World};
use crate::proof::{Fate, Seen, judge};
use domain::action::{Action, Change, Intent};
use domain::position::PositionState;
use domain::{ActionState, Bps, LedgerOutcome, Millis, Position, Reason, Sats, Timestamp};
use engine::contract;
use exchange::{Priority, ReadError};
use store::NewEntry;

impl MarginGuard {
    /// Settles what can be settled; what cannot blocks its position for this look.
    pub(super) async fn settle_open(&mut self, world: &mut World, open: Vec<Action>) -> Result<(), Trouble> {
        for action in open {
            if !self.settle(world, &action).await? {
                world.pressed = true;
                world.unsettled.insert(action.intent.position, action);
            }
        }
        Ok(())
    }

    async fn settle(&mut self, world: &World, action: &Action) -> Result<bool, Trouble> {
        if action.state == ActionState::Frozen {
            return Ok(false);
        }
        // What an earlier owner wrote may arrive until the window after our own beginning is over, whatever its clock said.
        let not_after = action.intent.not_after.max(world.lease.taken_at.plus(WINDOW));
        let intent = &Intent { not_after, ..action.intent };
        let running = world.positions.iter().find(|position| position.id == intent.position).copied();
        let found = match running {
            Some(position) => Some(position),
            None => self.find_closed(intent).await?,
        };
        let seen = found.as_ref().map_or(Seen::Nowhere, Seen::There);
        let paid = match &found {
            Some(position) => self.funding_paid_since(intent, position, self.market_now(world)).await?,
            None => Some(Sats::ZERO),
        };
        let Some(paid) = paid else { return Ok(false) };
        let (state, entries) = match (judge(intent, seen, paid, world.read_at)?, found) {
            (Fate::Proved, Some(position)) => (ActionState::Proved, self.happened(world, intent, &position)),
            (Fate::Refuted, Some(position)) => {
                (ActionState::Refuted, vec![self.looked_up(world, intent, &position, false)])
            }
            (Fate::Disagrees { expected }, Some(position)) => {
                let reason =
                    Reason::BooksDisagree { action: intent.id, expected_margin: expected, margin: position.margin };
                let scene = self.scene(world, &position);
                let entry = self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Alarmed, reason);
                (ActionState::Frozen, vec![entry])
            }
            (Fate::Open, _) | (_, None) => return Ok(false),
        };
        let seqs = self.store.settle_action(intent.id, state, &entries).await?;
        self.chronicle.publish(entries, seqs);
        if let (ActionState::Proved, Some(position)) = (state, running) {
            self.known.insert(position.id, position);
        }
        Ok(state != ActionState::Frozen)
    }

    async fn find_closed(&self, intent: &Intent) -> Result<Option<Position>, ReadError> {
        let since = self
            .known
            .get(&intent.position)
            .map_or_else(|| intent.market_at.minus(Millis::DAY), |known| known.created_at);
        let closed = self.desk.exchange.fetch_closed(since, Priority::GuardRead).await?;
        Ok(closed.into_iter().find(|closed| closed.id == intent.position))
    }

    /// What settlements took from the margin since the intent; `None` while the exchange's own books of it lag behind.
    async fn funding_paid_since(
        &self,
        intent: &Intent,
        position: &Position,
        now: Timestamp,
    ) -> Result<Option<Sats>, Trouble> {
        let net = position.funding.checked_sub(intent.funding_before)?;
        if settlements_between(intent.market_at, now) <= 1 {
            return Ok(Some(net.or_zero()));
        }
        let fees = self.desk.exchange.fetch_funding_fees(position.id, intent.market_at, Priority::GuardRead).await?;
        let known = Sats::checked_sum(fees.iter().map(|fee| fee.fee))?;
        let paid = Sats::checked_sum(fees.iter().map(|fee| fee.fee.or_zero()))?;
        Ok((known == net).then_some(paid))
    }

    /// The entries for an action that turned out to have happened. That a position was closed is told by its end.
    fn happened(&self, world: &World, intent: &Intent, position: &Position) -> Vec<NewEntry> {
        let mut entries = vec![self.looked_up(world, intent, position, true)];
        if let Change::AddMargin { amount } = intent.change {
            let scene = self.scene(world, position);
            let added = Reason::MarginAdded {
                action: intent.id,
                amount,
                wanted: amount,
                capped_by: None,
                trigger: world.guard_of(position).map_or(Bps::default(), |guard| guard.policy.trigger()),
                margin_before: intent.margin_before,
                margin_after: position.margin,
                liquidation_before: intent.liquidation_before,
                liquidation_after: position.liquidation,
                distance_after: scene.distance.unwrap_or_default(),
            };
            entries.push(self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Acted, added));
        }
        entries
    }

    fn looked_up(&self, world: &World, intent: &Intent, position: &Position, happened: bool) -> NewEntry {
        let amount = amount_of(intent);
        let reason = Reason::LookedUp { action: intent.id, happened, amount };
        self.chronicle.entry(self.scene(world, position), Some(position.id), LedgerOutcome::Noted, reason)
    }
}

pub(super) fn amount_of(intent: &Intent) -> Option<Sats> {
    match intent.change {
        Change::AddMargin { amount } => Some(amount),
        Change::Close => None,
    }
}

pub(super) fn exit_of(position: &Position) -> domain::Price {
    match position.state {
        PositionState::Closed { exit, .. } => exit,
        _ => position.entry,
    }
}

/// How many funding settlements (every eight hours of the market's day) lie in between.
fn settlements_between(from: Timestamp, to: Timestamp) -> i64 {
    let period = contract::FUNDING_PERIOD.get();
    to.unix_ms().div_euclid(period) - from.unix_ms().div_euclid(period)
}

//! Looks up actions whose fate is open, and settles them by proof. This is recovery after a crash, too.

use super::by_hand::by_hand;
use super::protocol::{LookedUp, WINDOW, look_up};
use super::{MarginGuard, Trouble, World};
use crate::proof::{Case, Seen};
use domain::action::{Action, Change, Intent};
use domain::order::Turn;
use domain::position::PositionState;
use domain::{ActionState, Bps, LedgerOutcome, Millis, Position, PositionId, Reason, Sats, Timestamp};
use engine::contract;
use exchange::{Priority, ReadError};
use store::NewEntry;

impl MarginGuard {
    /// Settles what can be settled; what cannot blocks its position for this look.
    /// Answers those that are about an order: they block none, and are looked up once the positions are protected.
    pub(super) async fn settle_open(
        &mut self,
        world: &mut World,
        unsettled: Vec<Action>,
    ) -> Result<Vec<Case>, Trouble> {
        // What an earlier owner wrote may arrive until the window after our own beginning is over, whatever its clock said.
        let own = world.lease.taken_at.plus(WINDOW);
        let mut orders = Vec::new();
        for case in Case::sort(unsettled) {
            let mut case = case.fenced_no_earlier(own);
            if case.first().change.is_about_order() {
                orders.push(case);
                continue;
            }
            if !case.is_frozen() {
                self.settle(world, &mut case).await?;
            }
            if !case.is_settled() {
                world.pressed |= self.is_worth_haste(world, case.position());
                world.in_flight.extend(case.in_flight());
                world.unsettled.insert(case.position(), case);
            }
        }
        Ok(orders)
    }

    /// What nothing has named for long is no matter of a second any more.
    fn is_worth_haste(&self, world: &World, position: PositionId) -> bool {
        world.positions.iter().any(|running| running.id == position) || self.search.is_urgent(position)
    }

    async fn settle(&mut self, world: &mut World, case: &mut Case) -> Result<(), Trouble> {
        let running = world.positions.iter().find(|position| position.id == case.position()).copied();
        let found = match running {
            Some(position) => Some(position),
            None if self.search.is_due(case.position(), world.read_at) => self.find_closed(world, case.first()).await?,
            None => None,
        };
        let seen = found.as_ref().map_or(Seen::Nowhere, Seen::There);
        let paid = match &found {
            Some(position) => self.funding_paid_since(case.first(), position, self.market_now(world)).await?,
            None => Some(Sats::ZERO),
        };
        let (Some(paid), Some(position)) = (paid, &found) else { return Ok(()) };
        for (intent, looked_up) in look_up(case, seen, paid, world.read_at)? {
            if let Some(state) = self.record(world, &intent, looked_up, position).await? {
                case.settle(&intent, state);
                world.in_flight.extend((state == ActionState::Proved).then_some(intent));
            }
        }
        if let (true, Some(position)) = (case.is_settled(), running) {
            self.known.insert(position.id, position);
        }
        Ok(())
    }

    /// Writes down what was found out; answers what the action is now, where that is new.
    async fn record(
        &mut self,
        world: &World,
        intent: &Intent,
        looked_up: LookedUp,
        position: &Position,
    ) -> Result<Option<ActionState>, Trouble> {
        let store = &*self.store;
        let (state, entries, seqs) = match looked_up {
            LookedUp::Proved(proved) => {
                let entries = self.happened(world, intent, position);
                (ActionState::Proved, entries.clone(), proved.record(store, &entries).await?)
            }
            LookedUp::Refuted(refuted) => {
                let entries = vec![self.looked_up(world, intent, position, false)];
                (ActionState::Refuted, entries.clone(), refuted.record(store, &entries).await?)
            }
            LookedUp::Frozen(frozen, expected) => {
                let reason =
                    Reason::BooksDisagree { action: intent.id, expected_margin: expected, margin: position.margin };
                let scene = self.scene(world, position);
                let entries = vec![self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Alarmed, reason)];
                (ActionState::Frozen, entries.clone(), frozen.record(store, &entries).await?)
            }
            LookedUp::Counted(counted) => {
                let reason = Reason::CannotBeTold { action: intent.id };
                let scene = self.scene(world, position);
                let entries = vec![self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Noted, reason)];
                (ActionState::Counted, entries.clone(), counted.record(store, &entries).await?)
            }
            LookedUp::StillOpen => return Ok(None),
        };
        self.chronicle.publish(entries, seqs);
        Ok(Some(state))
    }

    async fn find_closed(&self, world: &mut World, intent: &Intent) -> Result<Option<Position>, ReadError> {
        let since = self
            .known
            .get(&intent.position)
            .map_or_else(|| intent.market_at.minus(Millis::DAY), |known| known.created_at);
        let ended = self.ended_since(world, since).await?;
        Ok(ended.iter().find(|ended| ended.id == intent.position).copied())
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
        if let Some(amount) = intent.spends() {
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
        let reason = match intent.asked_by {
            Some(_) => by_hand(intent, Turn::LookedUp { happened }),
            None => Reason::LookedUp { action: intent.id, happened, amount: amount_of(intent) },
        };
        self.chronicle.entry(self.scene(world, position), Some(position.id), LedgerOutcome::Noted, reason)
    }
}

pub(super) fn amount_of(intent: &Intent) -> Option<Sats> {
    match intent.change {
        Change::AddMargin { amount } => Some(amount),
        _ => None,
    }
}

pub(super) fn exit_of(position: &Position) -> domain::Price {
    match position.state {
        PositionState::Closed { exit, .. } => exit,
        _ => position.entry,
    }
}

/// How many funding settlements (every eight hours of the market's day) lie in between.
pub(super) fn settlements_between(from: Timestamp, to: Timestamp) -> i64 {
    let period = contract::FUNDING_PERIOD.get();
    to.unix_ms().div_euclid(period) - from.unix_ms().div_euclid(period)
}

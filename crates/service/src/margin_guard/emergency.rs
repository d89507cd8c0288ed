//! A position whose last action is of unknown fate waits for the proof, unless liquidation is nearer.

use super::protocol::Sent;
use super::{MarginGuard, Trouble, World};
use crate::proof::Case;
use domain::action::{Change, Intent};
use domain::guard_policy::Guard;
use domain::{ActionId, GuardState, LedgerOutcome, Position, Reason, Sats, Tick, Timestamp};
use engine::guard::{GuardInput, Verdict, evaluate_emergency};
use engine::risk::{AddMargin, Approved};
use store::NewEntry;

impl MarginGuard {
    /// Waits for the proof; adds beside the unknown top-up where that cannot be waited for.
    pub(super) async fn protect_unsettled(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        tick: &Tick,
    ) -> Result<(), Trouble> {
        let Some(case) = world.unsettled.get(&position.id).cloned() else { return Ok(()) };
        let waiting = Reason::AwaitingProof { action: case.first().id };
        let Some(unknown) = case.unknown_beside().filter(|_| guard.state == GuardState::Live).copied() else {
            return self.hold(world, position, waiting).await;
        };
        let verdict = self.judge_emergency(world, guard, position, tick, &case, &unknown).await?;
        if let (Some(_), Some(until)) = (&verdict, self.rests_until(world, position)) {
            return self.hold(world, position, Reason::RestingAfterRefusal { until }).await;
        }
        match verdict {
            None => self.hold(world, position, waiting).await,
            Some(_) if !self.is_certain(world, guard, position, tick).await => {
                let seen = tick.mark(position.side);
                self.hold(world, position, Reason::AwaitingConfirmation { seen }).await
            }
            Some(Verdict::AddMargin(approved)) => self.add_in_emergency(world, guard, position, &case, approved).await,
            Some(Verdict::Refused(reason)) => self.refuse(world, position, reason).await,
            Some(Verdict::Hold(_) | Verdict::Close(_)) => self.hold(world, position, waiting).await,
        }
    }

    async fn judge_emergency(
        &self,
        world: &World,
        guard: &Guard,
        position: &Position,
        tick: &Tick,
        case: &Case,
        unknown: &Intent,
    ) -> Result<Option<Verdict>, Trouble> {
        let left = case.certain_in(self.clock.now());
        let spent = self.spending_of(world, position, tick).await?;
        let (policy, mark) = (&guard.policy, tick.mark(position.side));
        let (free, _) = world.free_for(position.id);
        let input = GuardInput { policy, position, mark, free, spent, now: tick.at };
        Ok(evaluate_emergency(&input, unknown.amount(), left))
    }

    async fn add_in_emergency(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        case: &Case,
        approved: Approved<AddMargin>,
    ) -> Result<(), Trouble> {
        let add = approved.into_inner();
        let rides_on = case.first().id;
        let change = Change::AddMargin { amount: add.amount };
        let intent = Intent { rides_on: Some(rides_on), ..self.intent(world, guard, position, change) };
        let Some(sent) = self.execute(world, position, intent, Some(case)).await? else { return Ok(()) };
        let beside = self.beside(world, position, intent.id, rides_on, add.amount);
        match sent {
            Sent::Proved(proved, after) => {
                world.free = world.free.checked_sub(add.amount)?;
                let reason = self.margin_added(world, guard, &intent, &add, &after);
                self.settle_proved(world, proved, *after, vec![beside], reason).await
            }
            Sent::Refuted(refuted, rejection) => self.settle_rejected(world, position, refuted, rejection).await,
            Sent::Unknown(unknown, silence) => {
                self.leave_unknown(world, position, unknown, vec![beside], silence.to_string()).await
            }
        }
    }

    /// Says that it was not waited for, and beside what.
    fn beside(
        &self,
        world: &World,
        position: &Position,
        action: ActionId,
        rides_on: ActionId,
        amount: Sats,
    ) -> NewEntry {
        let reason = Reason::AddedInEmergency { action, rides_on, amount };
        self.chronicle.entry(self.scene(world, position), Some(position.id), LedgerOutcome::Noted, reason)
    }

    /// Whether the exchange refused a call for this position a moment ago.
    pub(super) fn rests_until(&self, world: &World, position: &Position) -> Option<Timestamp> {
        self.resting_until.get(&position.id).copied().filter(|until| world.read_at < *until)
    }
}

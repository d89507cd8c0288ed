//! A position whose last action is of unknown fate waits for the proof, unless liquidation is nearer.

use super::flight::Errand;
use super::{MarginGuard, Trouble, World};
use crate::proof::Case;
use domain::action::{Change, Intent};
use domain::guard_policy::Guard;
use domain::{ActionId, GuardState, LedgerOutcome, Position, PositionId, Reason, Sats, Tick, Timestamp};
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
        if let (Some(_), Some(until)) = (&verdict, self.rests_until(position.id)) {
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
        self.launch(world, guard, position, intent, Some(case), Errand::Emergency { add, rides_on }).await
    }

    /// Says that it was not waited for, and beside what.
    pub(super) fn beside(
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
    pub(super) fn rests_until(&self, position: PositionId) -> Option<Timestamp> {
        self.resting_until.get(&position).copied().filter(|until| self.clock.now() < *until)
    }
}

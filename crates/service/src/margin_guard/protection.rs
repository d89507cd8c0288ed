//! Decides on each guarded position, the most endangered first, and carries the decision out.

use super::flight::Errand;
use super::protocol::{Proved, Refuted, Unknown, WINDOW};
use super::settlement::amount_of;
use super::{MarginGuard, Trouble, World};
use crate::clock::new_id;
use domain::action::{Change, Intent};
use domain::guard_policy::Guard;
use domain::{ActionId, Bps, GuardState, LedgerOutcome, Millis, Position, Price, Reason, Tick, Timestamp};
use engine::contract;
use engine::guard::{GuardInput, Verdict, evaluate};
use engine::risk::{AddMargin, Approved, ClosePosition, Spent};
use exchange::Rejection;
use store::{NewEntry, Spending};

/// After a refused call its position is left alone for this long.
const REST: Millis = Millis::from_secs(5);
/// The same where the call never left.
const SHORT_REST: Millis = Millis::from_secs(1);

impl MarginGuard {
    pub(super) async fn protect_one(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        tick: &Tick,
    ) -> Result<(), Trouble> {
        let mark = tick.mark(position.side);
        self.see(world, guard, position, None);
        if world.frozen.contains(&position.id) {
            return self.stay_frozen(world, guard, position, tick).await;
        }
        if world.unsettled.contains_key(&position.id) {
            return self.protect_unsettled(world, guard, position, tick).await;
        }
        if let Some(until) = self.rests_until(position.id) {
            return self.hold(world, position, Reason::RestingAfterRefusal { until }).await;
        }
        if !self.is_certain(world, guard, position, tick).await {
            return self.hold(world, position, Reason::AwaitingConfirmation { seen: mark }).await;
        }
        let spent = self.spent(world, guard, position, mark, tick).await?;
        self.see(world, guard, position, Some(&spent));
        let policy = &guard.policy;
        let (free, in_flight) = world.free_for(position.id);
        let judge = |free| evaluate(&GuardInput { policy, position, mark, free, spent, now: tick.at });
        let verdict = judge(free);
        let is_stopped = matches!(verdict, Verdict::Refused(_) | Verdict::Close(_));
        // No limit is reached before it is certain that the sats are gone.
        if let Some(action) = in_flight.filter(|_| is_stopped && matches!(judge(world.free), Verdict::AddMargin(_))) {
            return self.hold(world, position, Reason::AwaitingProof { action }).await;
        }
        self.carry_out(world, guard, position, verdict).await
    }

    /// Nothing is moved on books that do not add up; that it would have been is said.
    async fn stay_frozen(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        tick: &Tick,
    ) -> Result<(), Trouble> {
        let distance = contract::distance(position.side, tick.mark(position.side), position.liquidation);
        if guard.policy.trigger() < distance {
            return Ok(());
        }
        world.pressed = true;
        self.say_refused(world, position, Reason::HeldByFreeze).await
    }

    /// A price that calls for something must be confirmed, unless it has crossed the liquidation itself.
    pub(super) async fn is_certain(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        tick: &Tick,
    ) -> bool {
        let distance = contract::distance(position.side, tick.mark(position.side), position.liquidation);
        if guard.policy.trigger() < distance || is_past_liquidation(distance) {
            return true;
        }
        if world.confirmed.is_none() {
            world.confirmed = Some(self.confirmation.confirms(tick, &*self.desk.market).await);
        }
        world.confirmed == Some(true)
    }

    /// What the guard has spent; not asked for while the position is out of danger.
    async fn spent(
        &self,
        world: &World,
        guard: &Guard,
        position: &Position,
        mark: Price,
        tick: &Tick,
    ) -> Result<Spent, Trouble> {
        let distance = contract::distance(position.side, mark, position.liquidation);
        if guard.policy.trigger() < distance {
            return Ok(Spent::default());
        }
        self.spending_of(world, position, tick).await
    }

    pub(super) async fn spending_of(&self, world: &World, position: &Position, tick: &Tick) -> Result<Spent, Trouble> {
        let day = self.market_now(world).max(tick.at).start_of_day();
        let remembered = world.calm.as_ref().and_then(|calm| calm.spending(position.id, day));
        let spending = match remembered {
            Some(spending) => spending,
            None => self.store.find_spending(self.account(), position.id, day).await?,
        };
        Ok(spent(&spending))
    }

    async fn carry_out(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        verdict: Verdict,
    ) -> Result<(), Trouble> {
        let needs_the_key = matches!(verdict, Verdict::AddMargin(_) | Verdict::Close(_));
        if let Some(objection) = self.key.objection().filter(|_| needs_the_key && guard.state == GuardState::Live) {
            return self.say_refused(world, position, objection).await;
        }
        match (verdict, guard.state) {
            (Verdict::Hold(reason), _) => self.hold(world, position, reason).await,
            (Verdict::Refused(reason), _) => self.refuse(world, position, reason).await,
            (Verdict::AddMargin(approved), GuardState::Live) => self.top_up(world, guard, position, approved).await,
            (Verdict::Close(approved), GuardState::Live) => self.close(world, guard, position, approved).await,
            (Verdict::AddMargin(approved), _) => {
                let AddMargin { amount, wanted, capped_by, .. } = *approved.get();
                self.hold(world, position, Reason::WouldAddMargin { amount, wanted, capped_by }).await
            }
            (Verdict::Close(approved), _) => {
                self.hold(world, position, Reason::WouldClose { limit: approved.get().limit }).await
            }
        }
    }

    pub(super) async fn hold(&mut self, world: &mut World, position: &Position, reason: Reason) -> Result<(), Trouble> {
        world.pressed |= !matches!(reason, Reason::AboveTrigger { .. });
        let scene = self.scene(world, position);
        Ok(self.chronicle.say_once(scene, Some(position.id), LedgerOutcome::Held, reason).await?)
    }

    pub(super) async fn refuse(
        &mut self,
        world: &mut World,
        position: &Position,
        reason: Reason,
    ) -> Result<(), Trouble> {
        world.pressed = true;
        world.capped = true;
        let scene = self.scene(world, position);
        Ok(self.chronicle.say_once(scene, Some(position.id), LedgerOutcome::Refused, reason).await?)
    }

    async fn top_up(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        approved: Approved<AddMargin>,
    ) -> Result<(), Trouble> {
        let add = approved.into_inner();
        let intent = self.intent(world, guard, position, Change::AddMargin { amount: add.amount });
        self.launch(world, guard, position, intent, None, Errand::TopUp(add)).await
    }

    async fn close(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        approved: Approved<ClosePosition>,
    ) -> Result<(), Trouble> {
        world.capped = true;
        let intent = self.intent(world, guard, position, Change::Close);
        self.launch(world, guard, position, intent, None, Errand::Close(approved.into_inner().limit)).await
    }

    pub(super) fn intent(&self, world: &World, guard: &Guard, position: &Position, change: Change) -> Intent {
        self.intent_at(self.market_now(world), guard, position, change)
    }

    pub(super) fn intent_at(&self, market_at: Timestamp, guard: &Guard, position: &Position, change: Change) -> Intent {
        let written_at = self.clock.now();
        Intent {
            id: ActionId::from_uuid(new_id(&*self.clock, &*self.entropy)),
            account: self.account(),
            position: position.id,
            change,
            rides_on: None,
            guard: guard.id,
            guard_version: guard.version,
            asked_by: None,
            margin_before: position.margin,
            funding_before: position.funding,
            cashed_in_margin_before: position.cashed_in_margin,
            cashed_in_pnl_before: position.cashed_in_pnl,
            liquidation_before: position.liquidation,
            written_at,
            market_at,
            not_after: written_at.plus(WINDOW),
        }
    }

    pub(super) fn margin_added(
        &self,
        world: &World,
        guard: &Guard,
        intent: &Intent,
        add: &AddMargin,
        after: &Position,
    ) -> Reason {
        Reason::MarginAdded {
            action: intent.id,
            amount: add.amount,
            wanted: add.wanted,
            capped_by: add.capped_by,
            trigger: guard.policy.trigger(),
            margin_before: intent.margin_before,
            margin_after: after.margin,
            liquidation_before: intent.liquidation_before,
            liquidation_after: after.liquidation,
            distance_after: self.scene(world, after).distance.unwrap_or_default(),
        }
    }

    pub(super) async fn settle_proved(
        &mut self,
        world: &mut World,
        proved: Proved,
        after: Position,
        mut entries: Vec<NewEntry>,
        reason: Reason,
    ) -> Result<(), Trouble> {
        let before = Position { liquidation: proved.intent().liquidation_before, ..after };
        let scene = self.scene(world, &before);
        entries.push(self.chronicle.entry(scene, Some(after.id), LedgerOutcome::Acted, reason));
        let seqs = proved.record(&*self.store, &entries).await?;
        self.chronicle.publish(entries, seqs);
        if after.is_running() {
            world.replace(after);
            // A limit cut it down: what is left to do is not left for later.
            world.pressed |= world.is_past_trigger(&after);
            self.await_word_of(world, &after);
        } else {
            world.positions.retain(|position| position.id != after.id);
            self.known.remove(&after.id);
        }
        self.set_triggers(world);
        Ok(())
    }

    pub(super) async fn settle_rejected(
        &mut self,
        world: &mut World,
        position: &Position,
        refuted: Refuted,
        rejection: Rejection,
    ) -> Result<(), Trouble> {
        let rest = if never_got_in(&rejection) { SHORT_REST } else { REST };
        let (status, message) = (rejection.status, rejection.message.clone());
        self.resting_until.insert(position.id, self.clock.now().plus(rest));
        world.pressed = true;
        let (action, amount) = (refuted.intent().id, amount_of(refuted.intent()));
        let reason = Reason::ExchangeRefused { action, amount, status, message };
        let scene = self.scene(world, position);
        let entries = vec![self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Alarmed, reason)];
        let seqs = refuted.record(&*self.store, &entries).await?;
        self.chronicle.publish(entries, seqs);
        self.refuse_acting(&rejection).await
    }

    /// Neither failed nor repeated: it stays open, and the next look looks it up.
    pub(super) async fn leave_unknown(
        &mut self,
        world: &mut World,
        position: &Position,
        unknown: Unknown,
        mut entries: Vec<NewEntry>,
        detail: String,
    ) -> Result<(), Trouble> {
        world.pressed = true;
        world.in_flight.push(*unknown.intent());
        let (action, amount) = (unknown.intent().id, amount_of(unknown.intent()));
        let reason = Reason::OutcomeUnknown { action, amount, detail };
        let scene = self.scene(world, position);
        entries.push(self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Alarmed, reason));
        let seqs = unknown.record(&*self.store, &entries).await?;
        self.chronicle.publish(entries, seqs);
        Ok(())
    }
}

pub(super) const fn spent(spending: &Spending) -> Spent {
    Spent {
        position: spending.position,
        position_actions: spending.position_actions,
        day: spending.day,
        last_action_at: spending.last_action_at,
    }
}

/// Whether a call was not even looked at: it never left, or came too early.
pub(super) const fn never_got_in(rejection: &Rejection) -> bool {
    matches!(rejection.status, 0 | 429)
}

pub(super) fn is_past_liquidation(distance: Bps) -> bool {
    distance <= Bps::default()
}

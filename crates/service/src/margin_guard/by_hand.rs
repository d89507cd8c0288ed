//! Carries out what people ask for by hand, one after the other, once the positions are protected.
//!
//! It goes the way of every action: an intent on disk, one call, a proof. The key that came with it is the action's id,
//! so that the database itself refuses a second one.

mod lookup;

use super::protocol::{Committed, Sent, WINDOW};
use super::settlement::exit_of;
use super::standing::HeldBack;
use super::{MarginGuard, Trouble, World};
use crate::chronicle::Scene;
use crate::desk::orders::fate_of;
use crate::hand_orders::Placed;
use domain::action::{Change, Intent};
use domain::live::Alarm;
use domain::order::{Effect, Turn};
use domain::{GuardId, Hold, LedgerOutcome, Millis, OrderFate, Position, Price, Reason, Sats, UserId};
use exchange::{Priority, Rejection};
use store::NewEntry;
use uuid::Uuid;

/// What was asked for longer ago may not be wanted any more.
const LATE: Millis = Millis::from_secs(10);

impl MarginGuard {
    pub(super) async fn carry_out_orders(&mut self, world: &mut World) -> Result<(), Trouble> {
        while let Some(placed) = self.orders.pop_front() {
            match self.carry_out_order(world, &placed).await {
                Ok(fate) => placed.answer(fate),
                // What goes wrong before the call is answered as held back, so it was sent: it will be looked up.
                Err(trouble) => {
                    placed.answer(OrderFate::Unknown);
                    return Err(trouble);
                }
            }
        }
        Ok(())
    }

    /// Answers what a look could not come to. Nothing of it was sent, and nothing will be.
    pub(super) fn turn_down_orders(&mut self) {
        let hold = match self.desk.view().alarm {
            Some(Alarm::GuardedElsewhere) => Hold::Elsewhere,
            Some(Alarm::KeyUnfit(_)) => Hold::Key,
            Some(Alarm::DatabaseLost) => Hold::Database,
            _ => Hold::Unreadable,
        };
        self.orders.drain(..).for_each(|placed| placed.answer(OrderFate::HeldBack(hold)));
    }

    async fn carry_out_order(&mut self, world: &mut World, placed: &Placed) -> Result<OrderFate, Trouble> {
        // Asked again here: of two that came at once, the second finds the first.
        match self.store.find_action(self.account(), placed.order.key).await {
            Ok(None) => {}
            Ok(Some(known)) => return Ok(fate_of(&known, &placed.order).unwrap_or(OrderFate::HeldBack(Hold::Busy))),
            Err(error) => {
                tracing::warn!(account = %self.account(), %error, "what was asked for before cannot be read");
                return Ok(OrderFate::HeldBack(Hold::Database));
            }
        }
        match self.find_subject(world, placed).await {
            Ok(subject) => self.act_by_hand(world, placed, subject).await,
            Err(hold) => self.say_turned_down(world, placed, hold).await,
        }
    }

    /// The position or order that it is about; `None` for one that is to be opened.
    async fn find_subject(&self, world: &World, placed: &Placed) -> Result<Option<Position>, Hold> {
        if LATE < self.clock.now().since(placed.asked_at) {
            return Err(Hold::Late);
        }
        if world.alarm == Some(Alarm::DatabaseLost) {
            return Err(Hold::Database);
        }
        if self.key.objection().is_some() {
            return Err(Hold::Key);
        }
        let id = placed.order.subject();
        let find = |list: &[Position]| list.iter().find(|position| position.id == id).copied();
        match placed.order.change {
            Change::Open { .. } => world.price.map(|_| None).ok_or(Hold::NoPrice),
            Change::Cancel => match self.desk.exchange.fetch_resting(Priority::Close).await {
                Ok(resting) => find(&resting).map(Some).ok_or(Hold::NotThere),
                Err(error) => {
                    tracing::warn!(account = %self.account(), %error, "orders that wait cannot be read");
                    Err(Hold::Unreadable)
                }
            },
            _ => find(&world.positions).map(Some).ok_or(Hold::NotThere),
        }
    }

    async fn act_by_hand(
        &mut self,
        world: &mut World,
        placed: &Placed,
        subject: Option<Position>,
    ) -> Result<OrderFate, Trouble> {
        let intent = self.intent_by_hand(world, placed, subject.as_ref());
        world.calm = None;
        let written = Committed::write(&*self.store, intent, None, self.leadership.fence(&world.lease)).await;
        let committed = match written {
            Ok(Ok(committed)) => committed,
            Ok(Err(held)) => {
                let hold = self.hold_of(held);
                return self.say_turned_down(world, placed, hold).await;
            }
            Err(error) => {
                tracing::warn!(account = %self.account(), %error, "what was asked for by hand cannot be written down");
                return Ok(OrderFate::HeldBack(Hold::Database));
            }
        };
        self.leadership.count_intent();
        // Whatever comes of it, the account is read anew.
        self.desk.changed();
        match committed.send(&*self.desk.exchange, &*self.clock, super::urgency::LONG_PATIENCE).await {
            Sent::Proved(proved, after) => {
                let turn = Turn::Done(effect(&intent, &after));
                let entries = self.tell_by_hand(world, &intent, Some(&after), LedgerOutcome::Acted, turn);
                let seqs = proved.record(&*self.store, &entries).await?;
                self.chronicle.publish(entries, seqs);
                self.take_over(world, &intent, *after);
                Ok(OrderFate::Done)
            }
            Sent::Refuted(refuted, rejection) => {
                let Rejection { status, message, .. } = rejection.clone();
                let turn = Turn::Refused { status, message: message.clone() };
                let entries = self.tell_by_hand(world, &intent, subject.as_ref(), LedgerOutcome::Refused, turn);
                let seqs = refuted.record(&*self.store, &entries).await?;
                self.chronicle.publish(entries, seqs);
                self.refuse_acting(&rejection).await?;
                Ok(OrderFate::Refused { status, message })
            }
            Sent::Unknown(unknown, silence) => {
                world.pressed = true;
                let turn = Turn::Unknown { detail: silence.to_string() };
                let entries = self.tell_by_hand(world, &intent, subject.as_ref(), LedgerOutcome::Alarmed, turn);
                let seqs = unknown.record(&*self.store, &entries).await?;
                self.chronicle.publish(entries, seqs);
                Ok(OrderFate::Unknown)
            }
        }
    }

    fn intent_by_hand(&self, world: &World, placed: &Placed, subject: Option<&Position>) -> Intent {
        let written_at = self.clock.now();
        let sats = |of: fn(&Position) -> Sats| subject.map_or(Sats::ZERO, of);
        let price = world.price.map_or(Price::MIN, |price| price.tick.last);
        Intent {
            id: placed.order.key,
            account: self.account(),
            position: placed.order.subject(),
            change: placed.order.change,
            rides_on: None,
            guard: GuardId::from_uuid(Uuid::nil()),
            guard_version: 0,
            asked_by: Some(placed.by),
            margin_before: sats(|position| position.margin),
            funding_before: sats(|position| position.funding),
            cashed_in_margin_before: sats(|position| position.cashed_in_margin),
            cashed_in_pnl_before: sats(|position| position.cashed_in_pnl),
            liquidation_before: subject.map_or(price, |position| position.liquidation),
            written_at,
            market_at: self.market_now(world),
            not_after: written_at.plus(WINDOW),
        }
    }

    /// What the rest of this look, and the pages, know of it.
    fn take_over(&mut self, world: &mut World, intent: &Intent, after: Position) {
        match intent.change {
            Change::AddMargin { amount } => world.free = Sats::new(world.free.get().saturating_sub(amount.get())),
            Change::CashIn { amount } => world.free = Sats::new(world.free.get().saturating_add(amount.get())),
            Change::Open { .. } if after.is_running() => world.positions.push(after),
            Change::Open { .. } => self.desk.change_view(|view| view.orders.push(after)),
            Change::Cancel => self.desk.change_view(|view| view.orders.retain(|order| order.id != after.id)),
            Change::Close | Change::StopLoss { .. } | Change::TakeProfit { .. } => {}
        }
        if after.is_running() {
            world.replace(after);
        } else if intent.change == Change::Close {
            world.positions.retain(|position| position.id != after.id);
            self.known.remove(&after.id);
        }
    }

    fn hold_of(&mut self, held: HeldBack) -> Hold {
        match held {
            HeldBack::Busy => {
                self.leadership.lose();
                Hold::Busy
            }
            HeldBack::Fenced => {
                self.leadership.lose();
                Hold::Elsewhere
            }
            HeldBack::ReleasesDiffer(_) => Hold::ReleasesDiffer,
            HeldBack::Frozen => Hold::Frozen,
            HeldBack::Quiet(_) => Hold::Quiet,
            HeldBack::Stopped(scope) => Hold::Stopped(scope),
            HeldBack::Breaker(_) => Hold::Breaker,
        }
    }

    /// Nothing was sent; the ledger says so where it can be written.
    async fn say_turned_down(&mut self, world: &World, placed: &Placed, hold: Hold) -> Result<OrderFate, Trouble> {
        if hold != Hold::Database {
            let turn = Turn::HeldBack(hold);
            let (action, by, change) = (placed.order.key, placed.by, placed.order.change);
            let scene = self.plain_scene(world);
            let reason = Reason::ByHand { action, by, change, turn };
            let said = self.chronicle.say(scene, placed.order.position, LedgerOutcome::Refused, reason).await;
            if let Err(error) = said {
                tracing::warn!(account = %self.account(), %error, "that nothing was sent cannot be recorded");
            }
        }
        Ok(OrderFate::HeldBack(hold))
    }

    fn tell_by_hand(
        &self,
        world: &World,
        intent: &Intent,
        position: Option<&Position>,
        outcome: LedgerOutcome,
        turn: Turn,
    ) -> Vec<NewEntry> {
        let scene = position.map_or_else(|| self.plain_scene(world), |position| self.scene(world, position));
        let reason = by_hand(intent, turn);
        vec![self.chronicle.entry(scene, position.map(|position| position.id), outcome, reason)]
    }

    fn plain_scene(&self, world: &World) -> Scene {
        let price = world.price.map(|price| price.tick.last);
        Scene { market_at: self.market_now(world), price, distance: None }
    }
}

pub(super) fn by_hand(intent: &Intent, turn: Turn) -> Reason {
    let by = intent.asked_by.unwrap_or(UserId::from_uuid(Uuid::nil()));
    Reason::ByHand { action: intent.id, by, change: intent.change, turn }
}

fn effect(intent: &Intent, after: &Position) -> Effect {
    Effect {
        margin_before: intent.margin_before,
        margin_after: after.margin,
        liquidation_before: intent.liquidation_before,
        liquidation_after: after.liquidation,
        price: exit_of(after),
        pnl: after.pnl,
    }
}

//! Calls on their way: where many are in danger, the next one's call does not wait for the answer to the last one's.

use super::protection::never_got_in;
use super::protocol::{Committed, Sent};
use super::settlement::exit_of;
use super::{MarginGuard, Trouble, World};
use crate::proof::Case;
use domain::action::Intent;
use domain::guard_policy::Guard;
use domain::ledger::Limit;
use domain::{ActionId, Position, PositionId, Reason, Sats};
use engine::risk::AddMargin;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{StreamExt, poll};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

/// What a call is for.
#[derive(Clone, Copy)]
pub(super) enum Errand {
    TopUp(AddMargin),
    Close(Limit),
    /// Beside an action whose fate is unknown.
    Emergency {
        add: AddMargin,
        rides_on: ActionId,
    },
}

/// A call that was sent, once.
pub(super) struct Flight {
    position: Position,
    guard: Guard,
    intent: Intent,
    errand: Errand,
}

/// Those that have no answer yet, and those whose answer nobody has looked at.
#[derive(Default)]
pub(super) struct Flights {
    /// Never locked: it only makes the whole shareable.
    in_air: Mutex<FuturesUnordered<BoxFuture<'static, (Flight, Sent)>>>,
    landed: VecDeque<(Flight, Sent)>,
}

impl Flights {
    /// Its bytes are on their way when this returns, unless the exchange has to be waited for.
    async fn take_off(&mut self, flight: BoxFuture<'static, (Flight, Sent)>) {
        self.in_air().push(flight);
        if let Poll::Ready(Some(landed)) = poll!(self.in_air().next()) {
            self.landed.push_back(landed);
        }
    }

    /// The next answer; `None` where nothing is waited for.
    pub async fn land(&mut self) -> Option<(Flight, Sent)> {
        match self.landed.pop_front() {
            Some(landed) => Some(landed),
            None => self.in_air().next().await,
        }
    }

    pub fn count(&mut self) -> usize {
        self.in_air().len().saturating_add(self.landed.len())
    }

    fn in_air(&mut self) -> &mut FuturesUnordered<BoxFuture<'static, (Flight, Sent)>> {
        self.in_air.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MarginGuard {
    /// Writes the intent, unless it is written already, and makes the call; where something holds it back, that is said,
    /// or the next look decides afresh. `beside` is the case that an emergency rides on.
    pub(super) async fn launch(
        &mut self,
        world: &mut World,
        guard: &Guard,
        position: &Position,
        intent: Intent,
        beside: Option<&Case>,
        errand: Errand,
    ) -> Result<(), Trouble> {
        let Some(committed) = self.commit(world, position, intent, beside).await? else { return Ok(()) };
        let flight = Flight { position: *position, guard: *guard, intent: *committed.intent(), errand };
        world.in_flight.push(flight.intent);
        let (exchange, clock, patience) = (Arc::clone(&self.desk.exchange), Arc::clone(&self.clock), world.patience());
        let sent = async move { (flight, committed.send(&*exchange, &*clock, patience).await) };
        world.flights.take_off(Box::pin(sent)).await;
        Ok(())
    }

    /// `None` where something held it back.
    async fn commit(
        &mut self,
        world: &mut World,
        position: &Position,
        intent: Intent,
        beside: Option<&Case>,
    ) -> Result<Option<Committed>, Trouble> {
        let recalled = world.calm.take().is_some();
        world.calls = world.calls.saturating_add(1);
        if let Some(committed) = self.take_ahead(&intent) {
            return Ok(Some(committed));
        }
        if self.is_ahead() {
            world.pressed = true;
            let was_only_late = self.is_ahead_late(&intent);
            self.take_back().await;
            if !was_only_late {
                return Ok(None);
            }
        }
        match Committed::write(&*self.store, intent, beside, self.leadership.fence(&world.lease)).await? {
            Ok(committed) => {
                self.leadership.count_intent();
                Ok(Some(committed))
            }
            Err(held) => {
                self.calm = None;
                if recalled {
                    self.desk.wake.notify_one();
                }
                self.say_held_back(world, position, held).await.map(|()| None)
            }
        }
    }

    /// Writes down what an answer proves; names the position where this look may ask about it again.
    pub(super) async fn land(
        &mut self,
        world: &mut World,
        (flight, sent): (Flight, Sent),
    ) -> Result<Option<PositionId>, Trouble> {
        let Flight { position, guard, intent, errand } = flight;
        world.in_flight.retain(|other| other.id != intent.id);
        let beside = match errand {
            Errand::Emergency { add, rides_on } => vec![self.beside(world, &position, intent.id, rides_on, add.amount)],
            Errand::TopUp(_) | Errand::Close(_) => Vec::new(),
        };
        let asks_again = match sent {
            Sent::Proved(proved, after) => {
                let (reason, paid) = match errand {
                    Errand::TopUp(add) | Errand::Emergency { add, .. } => {
                        (self.margin_added(world, &guard, &intent, &add, &after), add.amount)
                    }
                    Errand::Close(limit) => {
                        let (exit, pnl) = (exit_of(&after), after.pnl);
                        (Reason::ClosedAtLimit { action: intent.id, limit, exit, pnl }, Sats::ZERO)
                    }
                };
                world.crossed.remove(&position.id);
                self.settle_proved(world, proved, *after, beside, reason).await?;
                world.free = world.free.checked_sub(paid)?;
                true
            }
            Sent::Refuted(refuted, rejection) => {
                let asks_again = never_got_in(&rejection);
                self.settle_rejected(world, &position, refuted, rejection).await?;
                asks_again
            }
            Sent::Unknown(unknown, silence) => {
                self.leave_unknown(world, &position, unknown, beside, silence.to_string()).await?;
                false
            }
        };
        Ok((asks_again && world.others_wait).then_some(position.id))
    }

    /// Waits for every answer, whatever one of them brings: each is written down.
    pub(super) async fn land_all(&mut self, world: &mut World) -> Result<(), Trouble> {
        let mut worst = Ok(());
        while let Some(landed) = world.flights.land().await {
            worst = worst.and(self.land(world, landed).await.map(drop));
        }
        worst
    }
}

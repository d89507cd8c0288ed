//! What a look knew, kept beside what it decided.

use super::{MarginGuard, World};
use crate::chronicle::Seen;
use crate::crossings::Crossing;
use crate::market_price::ReceivedTick;
use domain::guard_policy::Guard;
use domain::why::{Left, RuleSight};
use domain::{Millis, Position, PositionId, Sats};
use engine::contract;
use engine::risk::Spent;

impl MarginGuard {
    /// Takes note of what is known of a position before it is decided on. What was spent matters only where the rule
    /// has been called.
    pub(super) fn see(&mut self, world: &World, guard: &Guard, position: &Position, spent: Option<&Spent>) {
        let Some(price) = world.price else { return };
        let policy = &guard.policy;
        let distance = contract::distance(position.side, price.tick.mark(position.side), position.liquidation);
        let spent = spent.filter(|_| distance <= policy.trigger());
        let rule = RuleSight {
            version: guard.version,
            trigger: policy.trigger(),
            target: policy.target(),
            free: world.free,
            left: spent.map(|spent| left(world, guard, spent)),
        };
        let price_age = price.age(self.clock.now()).max(Millis::ZERO);
        self.chronicle.see(position.id, Seen { price_age, rule });
    }

    /// Each guarded position waits for a word: one that is past its trigger from now on, the others from the price on
    /// that reaches theirs. However long the calls of this look take, the watchdog hears of a silence.
    pub(super) fn await_word(&self, world: &World) {
        self.set_triggers(world);
        world.positions.iter().for_each(|position| self.await_word_of(world, position));
    }

    /// One that is past its trigger waits for a word; another does not.
    pub(super) fn await_word_of(&self, world: &World, position: &Position) {
        let Some(ReceivedTick { tick, received_at: at }) = world.price.filter(|_| world.is_past_trigger(position))
        else {
            return;
        };
        let (account, position, awaited_since) = (self.account(), position.id, self.clock.now());
        let (price, market_at) = (tick.last, tick.at);
        self.triggers.crossings().note(Crossing { account, position, price, market_at, at, awaited_since });
    }

    /// Sets the triggers anew: at the end of a look, and where a call of it has moved a liquidation.
    pub(super) fn set_triggers(&self, world: &World) {
        self.triggers.replace(self.account(), &world.triggers());
    }

    /// A crossing waits for nobody where no rule covers its position any more. One that a list leaves out still waits.
    pub(super) fn forget_unguarded(&self, world: &World) {
        let guarded = |id: PositionId| {
            let mut known = world.positions.iter().chain(&world.missing);
            known.any(|position| position.id == id && world.guard_of(position).is_some())
        };
        self.triggers.crossings().keep(self.account(), guarded);
    }

    /// What a look leaves behind when it is over, finished or cut short.
    pub(super) async fn close_look(&mut self) {
        self.chronicle.forget_seen();
        self.chronicle.store_runs().await;
        self.desk.runs.keep(|position| self.known.contains_key(&position));
    }
}

fn left(world: &World, guard: &Guard, spent: &Spent) -> Left {
    let limits = guard.policy.limits();
    let rest = |allowed: Sats, used: Sats| Sats::new(allowed.get().saturating_sub(used.get())).or_zero();
    Left {
        per_position: rest(limits.per_position, spent.position),
        per_day: rest(limits.per_day, spent.day),
        wallet: rest(world.free, limits.wallet_reserve),
        actions: limits.max_actions.saturating_sub(spent.position_actions),
    }
}

//! Who comes first, and how long anybody may take where others wait: a crash endangers many at once, and there are five
//! requests a second.

use super::protection::is_past_liquidation;
use super::{MarginGuard, Trouble, World};
use crate::chronicle::Scene;
use crate::market_price::ReceivedTick;
use domain::{Bps, LedgerOutcome, Millis, Position, PositionId, Reason, Tick};
use engine::contract;
use std::collections::HashSet;

/// The exchange's answer is waited for this long where nobody else is in danger.
pub(super) const LONG_PATIENCE: Millis = Millis::from_secs(8);
/// The same where others are. What is not answered by then is looked up, as if the answer had been lost.
const SHORT_PATIENCE: Millis = Millis::new(1_500);
/// After so long a round that has moved something is over, and the next one reads what has become of it all.
const LONGEST_ROUND: Millis = Millis::from_secs(4);

impl MarginGuard {
    /// Asks about each guarded position once, whichever is nearest to its liquidation at the newest price.
    pub(super) async fn protect(&mut self, world: &mut World) -> Result<(), Trouble> {
        let Some(first) = world.tick() else { return self.stay_blind(world).await };
        let began = self.clock.now();
        self.await_word(world);
        let guarded = world.positions.iter().filter(|position| world.guard_of(position).is_some());
        let mut waiting: HashSet<PositionId> = guarded.map(|position| position.id).collect();
        while let Some(position) = world.most_urgent(&waiting).filter(|nearest| world.is_past_trigger(nearest)) {
            waiting.remove(&position.id);
            world.others_wait = world.most_urgent(&waiting).is_some_and(|next| world.is_past_trigger(&next));
            if world.others_wait && 0 < world.calls && LONGEST_ROUND <= self.clock.now().since(began) {
                // Each of them still waits for a word: the next look comes at once.
                self.desk.wake.notify_one();
                return Ok(());
            }
            let calls = world.calls;
            self.protect_known(world, &position).await?;
            if calls < world.calls {
                self.take_newest_price(world);
            }
        }
        let calm: Vec<Position> =
            world.positions.iter().filter(|position| waiting.contains(&position.id)).copied().collect();
        for position in calm {
            self.protect_known(world, &position).await?;
        }
        self.confirmation.see(&first);
        Ok(())
    }

    async fn protect_known(&mut self, world: &mut World, position: &Position) -> Result<(), Trouble> {
        let Some((tick, guard)) = world.tick().zip(world.guard_of(position)) else { return Ok(()) };
        self.protect_one(world, &guard, position, &tick).await
    }

    /// Nothing is decided without a price.
    async fn stay_blind(&mut self, world: &mut World) -> Result<(), Trouble> {
        world.pressed = true;
        let age = self.desk.price().map_or(Millis::ZERO, |price| price.age(self.clock.now()));
        let scene = Scene { market_at: self.last_market_time(), price: None, distance: None };
        Ok(self.chronicle.say_once(scene, None, LedgerOutcome::Alarmed, Reason::PriceStale { age }).await?)
    }

    /// The newest price; asked for by hand where the feed has fallen silent.
    pub(super) async fn fresh_price(&self) -> Option<ReceivedTick> {
        let now = self.clock.now();
        let fresh = self.desk.price().filter(|price| !price.is_stale(now));
        if fresh.is_some() {
            return fresh;
        }
        let ticker = self.desk.market.fetch_ticker().await;
        ticker.ok().map(|ticker| ReceivedTick { tick: ticker.tick, received_at: now })
    }

    /// A call takes its time, and the price does not wait for it.
    fn take_newest_price(&self, world: &mut World) {
        let newest = self.desk.price().filter(|price| !price.is_stale(self.clock.now()));
        if let Some(price) = newest.filter(|price| world.tick().is_none_or(|seen| seen.at < price.tick.at)) {
            world.price = Some(price);
            world.confirmed = None;
        }
    }
}

impl World {
    fn most_urgent(&self, waiting: &HashSet<PositionId>) -> Option<Position> {
        let tick = self.tick()?;
        let waiting = self.positions.iter().filter(|position| waiting.contains(&position.id));
        waiting.min_by_key(|position| urgency(position, &tick)).copied()
    }

    /// How long an answer is waited for.
    pub(super) const fn patience(&self) -> Millis {
        if self.others_wait { SHORT_PATIENCE } else { LONG_PATIENCE }
    }
}

/// The smallest comes first. What the price has passed already can hardly be saved, and must not cost the others their
/// turn.
pub(super) fn urgency(position: &Position, tick: &Tick) -> (bool, Bps) {
    let distance = distance(position, tick);
    (is_past_liquidation(distance), distance)
}

pub(super) fn distance(position: &Position, tick: &Tick) -> Bps {
    contract::distance(position.side, tick.mark(position.side), position.liquidation)
}

//! Who comes first, and how long anybody may take where others wait: a crash endangers many at once, and there are five
//! requests a second.

use super::protection::is_past_liquidation;
use super::{MarginGuard, Trouble, World};
use crate::chronicle::Scene;
use crate::leadership::Standing;
use crate::market_price::ReceivedTick;
use domain::{Bps, LedgerOutcome, Millis, Position, PositionId, Reason, Tick};
use engine::contract;
use std::collections::HashSet;
use std::sync::Arc;
use store::Answering;

/// The exchange's answer is waited for this long where nobody else is in danger.
pub(super) const LONG_PATIENCE: Millis = Millis::from_secs(8);
/// The same where others are. What is not answered by then is looked up, as if the answer had been lost.
const SHORT_PATIENCE: Millis = Millis::new(1_500);
/// After so long a round that has moved something is over, and the next one reads what has become of it all: reading
/// takes requests, and the time of some more, from those who wait. What people ask for is not kept waiting.
const LONGEST_ROUND: Millis = Millis::from_secs(20);

impl MarginGuard {
    /// Asks about each guarded position, whichever is nearest to its liquidation at the newest price: once, and where
    /// many are in danger again after each answer.
    pub(super) async fn protect(&mut self, world: &mut World) -> Result<(), Trouble> {
        let Some(first) = world.tick() else { return self.stay_blind(world).await };
        self.await_word(world);
        let guarded = world.positions.iter().filter(|position| world.guard_of(position).is_some());
        let mut waiting: HashSet<PositionId> = guarded.map(|position| position.id).collect();
        let protected = self.protect_endangered(world, &mut waiting).await;
        protected.and(self.land_all(world).await)?;
        if self.most_urgent(world, &waiting).is_some() {
            // Each of them still waits for a word: the next look comes at once.
            self.desk.wake.notify_one();
            return Ok(());
        }
        let calm: Vec<Position> =
            world.positions.iter().filter(|position| waiting.contains(&position.id)).copied().collect();
        let mut asked = Ok(());
        for position in calm {
            asked = self.protect_known(world, &position).await;
            if asked.is_err() {
                break;
            }
        }
        asked.and(self.land_all(world).await)?;
        self.confirmation.see(&first);
        Ok(())
    }

    /// Until nobody needs anything, or the round has taken long enough.
    async fn protect_endangered(
        &mut self,
        world: &mut World,
        waiting: &mut HashSet<PositionId>,
    ) -> Result<(), Trouble> {
        let exchange = Arc::clone(&self.desk.exchange);
        let began = self.clock.now();
        loop {
            let is_long = LONGEST_ROUND <= self.clock.now().since(began) || !self.desk.orders.is_empty();
            let is_late = world.others_wait && 0 < world.calls && (is_long || !self.keep_lease(world).await?);
            let has_room = world.flights.count() < exchange.calls_at_once();
            let may_ask = !is_late && has_room && self.is_fresh(world) && self.most_urgent(world, waiting).is_some();
            tokio::select! {
                biased;
                Some(landed) = world.flights.land() => waiting.extend(self.land(world, landed).await?),
                () = exchange.wait_for_room(), if may_ask => self.protect_next(world, waiting).await?,
                else => return Ok(()),
            }
        }
    }

    async fn protect_next(&mut self, world: &mut World, waiting: &mut HashSet<PositionId>) -> Result<(), Trouble> {
        let has_aged = world.price.is_some_and(|price| price.is_stale(self.clock.now()));
        if 0 < world.calls || has_aged {
            self.take_newest_price(world);
            world.note_crossed();
        }
        let Some(position) = self.most_urgent(world, waiting) else { return Ok(()) };
        waiting.remove(&position.id);
        world.others_wait = self.most_urgent(world, waiting).is_some();
        self.protect_known(world, &position).await
    }

    /// Makes the lease longer where that is due: a round lasts longer than one does. Not where anything of it has changed
    /// hands, or somebody else has written under it: then the next look reads.
    async fn keep_lease(&mut self, world: &World) -> Result<bool, Trouble> {
        let (epoch, intents) = (world.lease.epoch, self.leadership.intents(&world.lease));
        let kept = self.leadership.hold(Answering::Answers { merged: 0 }).await?;
        Ok(matches!(kept, Standing::Owner(lease) if lease.epoch == epoch && lease.intents == intents))
    }

    /// Whether the price of this look, or one that came since, can still be decided on.
    fn is_fresh(&self, world: &World) -> bool {
        let now = self.clock.now();
        [world.price, self.desk.price()].into_iter().flatten().any(|price| !price.is_stale(now))
    }

    /// Who of these needs something most, and may be called for.
    fn most_urgent(&self, world: &World, waiting: &HashSet<PositionId>) -> Option<Position> {
        let tick = world.tick()?;
        let endangered = world.positions.iter().filter(|position| {
            waiting.contains(&position.id) && world.is_past_trigger(position) && self.rests_until(position.id).is_none()
        });
        endangered.min_by_key(|position| (world.crossed.contains(&position.id), urgency(position, &tick))).copied()
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
    /// Whose liquidation the price has crossed since this look read them: whatever the price does then, they hardly run
    /// any more, and come after all others.
    fn note_crossed(&mut self) {
        let Some(tick) = self.tick() else { return };
        let crossed = self.positions.iter().filter(|position| is_past_liquidation(distance(position, &tick)));
        self.crossed.extend(crossed.map(|position| position.id));
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

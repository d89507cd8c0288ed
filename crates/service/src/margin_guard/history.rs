//! What happened to positions without us: opened, changed, closed or liquidated by another hand.

use super::settlement::settlements_between;
use super::{MarginGuard, Trouble, World};
use domain::live::Alarm;
use domain::position::PositionState;
use domain::{LedgerOutcome, Millis, Overflow, Position, Price, Reason, Sats, Side};

/// The exchange may show a margin before it shows what was paid from it.
const SETTLING: Millis = Millis::from_secs(10);

impl MarginGuard {
    /// Compares what runs now with what ran at the last look.
    pub(super) async fn follow(&mut self, world: &mut World) -> Result<(), Trouble> {
        for position in world.positions.clone() {
            match self.known.get(&position.id).copied() {
                None => self.adopt(world, &position).await?,
                Some(before) => self.notice_change(world, &before, &position).await?,
            }
        }
        self.notice_ends(world).await?;
        world.missing = self.missing(world);
        world.pressed |= world.missing.iter().any(|missing| self.search.is_urgent(missing.id));
        self.say_lost(world).await
    }

    /// What can neither be read nor proven to have ended is not guarded, and a person must know it.
    async fn say_lost(&mut self, world: &mut World) -> Result<(), Trouble> {
        for position in world.missing.clone() {
            if self.search.is_lost(position.id) {
                world.alarm = Some(Alarm::PositionLost);
                let reason = Reason::PositionLost { margin: position.margin, liquidation: position.liquidation };
                let scene = self.scene(world, &position);
                self.chronicle.say_once(scene, Some(position.id), LedgerOutcome::Alarmed, reason).await?;
            }
        }
        Ok(())
    }

    async fn adopt(&mut self, world: &World, position: &Position) -> Result<(), Trouble> {
        self.note_seen();
        match self.chronicle.mentions(position.id).await {
            Ok(true) => return Ok(()),
            // Without a database nobody knows; that it is told twice does no harm.
            Err(error) if !error.is_outage() => return Err(error.into()),
            Ok(false) | Err(_) => {}
        }
        let reason = Reason::PositionAdopted { margin: position.margin, liquidation: position.liquidation };
        let scene = self.scene(world, position);
        Ok(self.chronicle.say(scene, Some(position.id), LedgerOutcome::Noted, reason).await?)
    }

    async fn notice_change(&mut self, world: &mut World, before: &Position, now: &Position) -> Result<(), Trouble> {
        let expected = expected_margin(before, now)?;
        if world.unsettled.contains_key(&now.id) || now.margin == expected {
            return Ok(());
        }
        if now.margin < expected && self.knows_funding(world) {
            return self.doubt(world, now, expected).await;
        }
        let reason = Reason::MarginChangedElsewhere { margin_before: before.margin, margin_after: now.margin };
        let scene = self.scene(world, now);
        Ok(self.chronicle.say(scene, Some(now.id), LedgerOutcome::Noted, reason).await?)
    }

    /// Between two settlements the net of what was paid and received does not tell what was paid.
    fn knows_funding(&self, world: &World) -> bool {
        self.known_at.is_some_and(|known_at| settlements_between(known_at, self.market_now(world)) <= 1)
    }

    /// No hand can take margin but by a cash-in, and that is in the books. What stays missing freezes the position; for a
    /// moment, the exchange may just be settling.
    async fn doubt(&mut self, world: &mut World, position: &Position, expected: Sats) -> Result<(), Trouble> {
        let missing = expected.checked_sub(position.margin)?;
        let known = self.doubts.get(&position.id).filter(|(amount, _)| *amount == missing);
        let since = known.map_or(world.read_at, |(_, since)| *since);
        if world.read_at.since(since) < SETTLING {
            self.doubts.insert(position.id, (missing, since));
            world.pressed = true;
            world.doubted.insert(position.id);
            return Ok(());
        }
        let reason = Reason::MarginMissing { expected_margin: expected, margin: position.margin };
        let scene = self.scene(world, position);
        let entries = vec![self.chronicle.entry(scene, Some(position.id), LedgerOutcome::Alarmed, reason)];
        let seqs = self.store.freeze_position(self.account(), position.id, self.clock.now(), &entries).await?;
        self.chronicle.publish(entries, seqs);
        world.frozen.insert(position.id);
        Ok(())
    }

    /// Positions that no longer run have ended only once they are found among the closed ones.
    async fn notice_ends(&mut self, world: &mut World) -> Result<(), Trouble> {
        let mut due = self.missing(world);
        due.retain(|position| self.search.is_due(position.id, world.read_at));
        let Some(since) = due.iter().map(|position| position.created_at).min() else { return Ok(()) };
        let closed = match self.ended_since(world, since).await {
            Ok(closed) => closed.to_vec(),
            Err(error) => {
                // What is not known of some positions must not keep the others from being protected.
                tracing::warn!(account = %self.account(), %error, "ends cannot be looked up");
                return Ok(());
            }
        };
        for last in due {
            let ended = closed.iter().find(|closed| closed.id == last.id);
            if let Some(PositionState::Closed { exit, .. }) = ended.map(|ended| ended.state) {
                self.notice_end(world, &last, ended.map_or(Sats::ZERO, |ended| ended.pnl), exit).await?;
            }
        }
        Ok(())
    }

    async fn notice_end(&mut self, world: &World, last: &Position, pnl: Sats, exit: Price) -> Result<(), Trouble> {
        let (outcome, reason) = if liquidated_at(last, exit) {
            (LedgerOutcome::Alarmed, Reason::PositionLiquidated { exit, margin_lost: last.margin })
        } else {
            (LedgerOutcome::Noted, Reason::PositionClosedElsewhere { exit, pnl })
        };
        let scene = self.scene(world, last);
        self.chronicle.say(scene, Some(last.id), outcome, reason).await?;
        self.known.remove(&last.id);
        self.note_seen();
        Ok(())
    }

    /// Whoever hears the exchange's own events learns that one should have been told.
    fn note_seen(&self) {
        if self.known_at.is_some() {
            self.desk.seen.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

/// The margin where nothing but funding and cash-ins happened in between.
fn expected_margin(before: &Position, now: &Position) -> Result<Sats, Overflow> {
    let paid = now.funding.checked_sub(before.funding)?.or_zero();
    let cashed_in = now.cashed_in_margin.checked_sub(before.cashed_in_margin)?;
    before.margin.checked_sub(paid)?.checked_sub(cashed_in)
}

fn liquidated_at(position: &Position, exit: Price) -> bool {
    match position.side {
        Side::Long => exit <= position.liquidation,
        Side::Short => position.liquidation <= exit,
    }
}

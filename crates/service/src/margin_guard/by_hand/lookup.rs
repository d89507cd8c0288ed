//! Looks up orders whose fate is open, by their name; and reads the orders that wait, for the pages.
//!
//! It comes after the positions are protected: no position is blocked by an order.

use super::super::protocol::{LookedUp, look_up};
use super::super::{MarginGuard, Trouble, World};
use crate::proof::{Case, Seen};
use domain::action::{Change, Intent};
use domain::order::Turn;
use domain::{LedgerOutcome, Millis, Position, Sats};
use exchange::{Priority, ReadError};
use std::sync::Arc;

/// How often one is looked for: soon while its signature lives and a little beyond, then now and then.
const EAGER_PACE: Millis = Millis::from_secs(3);
const CALM_PACE: Millis = Millis::from_secs(30);
const EAGER: Millis = Millis::from_secs(90);
/// How often the orders that wait are read for the pages.
const READING_PACE: Millis = Millis::from_secs(15);

impl MarginGuard {
    pub(in super::super) async fn settle_orders(&mut self, world: &mut World, cases: Vec<Case>) -> Result<(), Trouble> {
        let now = self.clock.now();
        let is_young = |case: &Case| now.since(case.first().written_at) < EAGER;
        let pace = if cases.iter().any(is_young) { EAGER_PACE } else { CALM_PACE };
        world.pressed |= cases.iter().any(is_young);
        if self.sought_at.is_some_and(|sought_at| now.since(sought_at) < pace) {
            return Ok(());
        }
        for case in cases {
            self.sought_at = Some(now);
            self.settle_order(world, &case).await?;
        }
        Ok(())
    }

    async fn settle_order(&mut self, world: &World, case: &Case) -> Result<(), Trouble> {
        let read_at = self.clock.now();
        let found = match self.seek(case.first()).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(account = %self.account(), %error, "an order whose fate is open cannot be looked up");
                return Ok(());
            }
        };
        let seen = found.as_ref().map_or(Seen::Unnamed, Seen::There);
        for (intent, looked_up) in look_up(case, seen, Sats::ZERO, read_at)? {
            self.record_order(world, &intent, looked_up, found.as_ref()).await?;
        }
        Ok(())
    }

    /// By its name, or by its id; what is nowhere is asked for twice.
    async fn seek(&self, intent: &Intent) -> Result<Option<Position>, ReadError> {
        let since = intent.market_at.minus(Millis::MINUTE);
        if let Change::Open { .. } = intent.change {
            let once = self.desk.exchange.find_order(intent.id, since, Priority::Interface).await?;
            return match once {
                Some(found) => Ok(Some(found)),
                None => self.desk.exchange.find_order(intent.id, since, Priority::Interface).await,
            };
        }
        let exchange = &self.desk.exchange;
        for list in [
            exchange.fetch_resting(Priority::Interface).await?,
            exchange.fetch_canceled(since, Priority::Interface).await?,
            exchange.fetch_running(Priority::Interface).await?,
            exchange.fetch_closed(since, Priority::Interface).await?,
        ] {
            if let Some(found) = list.into_iter().find(|order| order.id == intent.position) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn record_order(
        &mut self,
        world: &World,
        intent: &Intent,
        looked_up: LookedUp,
        found: Option<&Position>,
    ) -> Result<(), Trouble> {
        let happened = matches!(looked_up, LookedUp::Proved(_));
        let entries = self.tell_by_hand(world, intent, found, LedgerOutcome::Noted, Turn::LookedUp { happened });
        let seqs = match looked_up {
            LookedUp::Proved(proved) => proved.record(&*self.store, &entries).await?,
            LookedUp::Refuted(refuted) => refuted.record(&*self.store, &entries).await?,
            LookedUp::Frozen(..) | LookedUp::Counted(_) | LookedUp::StillOpen => return Ok(()),
        };
        self.chronicle.publish(entries, seqs);
        Ok(())
    }

    /// Reads the orders that wait, beside the look: a page may wait for them, the guard may not.
    pub(in super::super) fn read_orders(&mut self) {
        let now = self.clock.now();
        if self.orders_read_at.is_some_and(|at| (0..READING_PACE.get()).contains(&now.since(at).get())) {
            return;
        }
        self.orders_read_at = Some(now);
        let desk = Arc::clone(&self.desk);
        tokio::spawn(async move {
            match desk.exchange.fetch_resting(Priority::Interface).await {
                Ok(orders) => desk.change_view(|view| view.orders = orders),
                Err(error) => tracing::warn!(account = %desk.account.id, %error, "orders that wait cannot be read"),
            }
        });
    }
}

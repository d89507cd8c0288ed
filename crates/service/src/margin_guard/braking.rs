//! Notices switches that a person has pulled or released: cancels what waits, reads again, and reports what stays open.

use super::{MarginGuard, Trouble, World};
use crate::chronicle::Scene;
use domain::brake::{Brakes, Remains, Stopped};
use domain::{LedgerOutcome, Reason, Sats};
use exchange::{Outcome, Priority};
use std::time::Duration;
use store::Stop;

/// The exchange gets so long to cancel; what is left is reported as it is read then.
const PATIENCE: Duration = Duration::from_secs(10);

impl MarginGuard {
    /// What holds the account back, for the pages.
    pub(super) fn show_brakes(&self, world: &World) {
        let mut brakes = Brakes { breaker: world.is_breaker_tripped, ..Brakes::default() };
        world.stops.iter().for_each(|stop| brakes.add(stop.scope, stop.stopped));
        self.desk.change_view(|view| view.brakes = brakes);
    }

    /// Comes after the positions have been protected: a stop of trading must not hold up the guard.
    pub(super) async fn follow_brakes(&mut self, world: &World) -> Result<(), Trouble> {
        self.report_pulled(world).await?;
        self.report_released(world).await
    }

    async fn report_pulled(&mut self, world: &World) -> Result<(), Trouble> {
        let scene = Scene { market_at: self.market_now(world), price: None, distance: None };
        let is_new = |stop: &&Stop| !self.stops.contains(stop);
        let new: Vec<Stop> = world.stops.iter().filter(is_new).copied().collect();
        for stop in new {
            // A program that starts again under a pulled switch has nothing new to say, and nothing more to cancel.
            if self.chronicle.has_told_of(&stop).await? {
                continue;
            }
            let Stop { scope, stopped, .. } = stop;
            let remains = self.wind_down(&stop).await?;
            let margin = Sats::checked_sum(world.positions.iter().map(|position| position.margin))?;
            let reason = Reason::StopPulled { scope, stopped, open: count(world.positions.len()), margin, remains };
            self.chronicle.say(scene, None, LedgerOutcome::Noted, reason).await?;
        }
        Ok(())
    }

    async fn report_released(&mut self, world: &World) -> Result<(), Trouble> {
        let scene = Scene { market_at: self.market_now(world), price: None, distance: None };
        for Stop { scope, stopped, .. } in std::mem::take(&mut self.stops) {
            if !world.stops.iter().any(|stop| (stop.scope, stop.stopped) == (scope, stopped)) {
                let reason = Reason::StopReleased { scope, stopped };
                self.chronicle.say(scene, None, LedgerOutcome::Noted, reason).await?;
            }
        }
        self.stops.clone_from(&world.stops);
        if self.is_breaker_tripped && !world.is_breaker_tripped {
            self.chronicle.say(scene, None, LedgerOutcome::Noted, Reason::BreakerRearmed).await?;
        }
        self.is_breaker_tripped = world.is_breaker_tripped;
        Ok(())
    }

    /// Cancels what waits, where that was asked for, and reads again what is left.
    async fn wind_down(&self, stop: &Stop) -> Result<Remains, Trouble> {
        let cancels = stop.stopped == Stopped::Trading && !stop.keep_orders;
        let canceled = if cancels { self.cancel_orders().await } else { None };
        let resting = self.desk.exchange.fetch_resting(Priority::Close).await;
        let orders = match resting {
            Ok(resting) => Some(count(resting.len())),
            Err(error) => {
                tracing::warn!(account = %self.account(), %error, "orders that may still wait cannot be read");
                None
            }
        };
        let unknown = count(self.store.list_open_actions(self.account()).await?.len());
        Ok(Remains { canceled, orders, unknown })
    }

    /// How many were canceled; `None` where the exchange did not confirm it.
    async fn cancel_orders(&self) -> Option<u32> {
        let outcome = tokio::time::timeout(PATIENCE, self.desk.exchange.cancel_orders()).await;
        match outcome {
            Ok(Outcome::Done(canceled)) => Some(count(canceled.len())),
            Ok(Outcome::Rejected(rejection)) => {
                tracing::warn!(account = %self.account(), %rejection, "orders were not canceled");
                None
            }
            Ok(Outcome::Unknown(silence)) => {
                tracing::warn!(account = %self.account(), %silence, "whether orders were canceled is not known");
                None
            }
            Err(_) => None,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

//! What holds the guard back: another owner, another release, the kill switch, the breaker.

use super::{MarginGuard, Trouble, World};
use crate::chronicle::Scene;
use domain::brake::Stopped;
use domain::live::{Alarm, LiveEvent};
use domain::{InstanceId, LedgerOutcome, Millis, Position, Reason, Timestamp};
use store::{Answering, StoreError};

/// How often a process that only watches tries to take over.
const PASSIVE_PACE: Millis = Millis::SECOND;

/// Why an intent was not written.
pub(super) enum HeldBack {
    /// Another action came first: what was read may be from before it.
    Busy,
    Fenced,
    ReleasesDiffer(String),
    Frozen,
    Quiet(Timestamp),
    Stopped(domain::brake::StopScope),
    Breaker(Option<store::Trip>),
}

impl TryFrom<StoreError> for HeldBack {
    type Error = StoreError;

    fn try_from(error: StoreError) -> Result<HeldBack, StoreError> {
        match error {
            StoreError::Conflict | StoreError::Duplicate => Ok(HeldBack::Busy),
            StoreError::Fenced => Ok(HeldBack::Fenced),
            StoreError::ReleasesDiffer { theirs } => Ok(HeldBack::ReleasesDiffer(theirs)),
            StoreError::Quiet { until } => Ok(HeldBack::Quiet(until)),
            StoreError::Frozen => Ok(HeldBack::Frozen),
            StoreError::Stopped(scope) => Ok(HeldBack::Stopped(scope)),
            StoreError::BreakerTripped(trip) => Ok(HeldBack::Breaker(trip)),
            error => Err(error),
        }
    }
}

impl MarginGuard {
    /// Another process owns the account: nothing is read, nothing is decided, and the page says so.
    pub(super) fn stand_by(&mut self, owner: InstanceId) -> Millis {
        if self.desk.view().alarm != Some(Alarm::GuardedElsewhere) {
            tracing::warn!(account = %self.account(), %owner, "another process guards this account; this one only watches");
        }
        self.chronicle.fall_silent();
        self.known.clear();
        self.known_at = None;
        self.triggers.replace(self.account(), &[]);
        self.triggers.crossings().keep(self.account(), |_| false);
        self.desk.change_view(|view| view.alarm = Some(Alarm::GuardedElsewhere));
        PASSIVE_PACE
    }

    /// Says why a position that needs something gets nothing.
    pub(super) async fn say_held_back(
        &mut self,
        world: &mut World,
        position: &Position,
        held: HeldBack,
    ) -> Result<(), Trouble> {
        world.pressed = true;
        let whole = Scene { market_at: self.market_now(world), price: None, distance: None };
        match held {
            HeldBack::Busy => {
                tracing::warn!(position = %position.id, "another action came first");
                self.leadership.lose();
            }
            HeldBack::Fenced => {
                tracing::error!(account = %self.account(), "another process has taken over this account");
                self.leadership.lose();
                self.chronicle.say_once(whole, None, LedgerOutcome::Alarmed, Reason::LeaseLost).await?;
            }
            HeldBack::ReleasesDiffer(theirs) => {
                world.alarm = Some(Alarm::ReleasesDiffer);
                let reason = Reason::ReleasesDiffer { ours: self.leadership.release_name().to_owned(), theirs };
                self.chronicle.say_once(whole, None, LedgerOutcome::Alarmed, reason).await?;
            }
            HeldBack::Quiet(until) => {
                self.say_refused(world, position, Reason::HeldByUnknownJournal { until }).await?;
            }
            HeldBack::Frozen => self.say_refused(world, position, Reason::HeldByFreeze).await?,
            HeldBack::Stopped(scope) => self.say_refused(world, position, Reason::HeldByStop { scope }).await?,
            HeldBack::Breaker(trip) => {
                world.alarm = Some(Alarm::BreakerTripped);
                if let Some(store::Trip { gauge, used, allowed }) = trip {
                    self.leadership.lose();
                    let reason = Reason::BreakerTripped { gauge, used, allowed };
                    self.chronicle.say(whole, None, LedgerOutcome::Alarmed, reason).await?;
                }
                self.say_refused(world, position, Reason::HeldByBreaker).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn say_refused(
        &mut self,
        world: &World,
        position: &Position,
        reason: Reason,
    ) -> Result<(), Trouble> {
        let scene = self.scene(world, position);
        Ok(self.chronicle.say_once(scene, Some(position.id), LedgerOutcome::Refused, reason).await?)
    }

    /// Says that the database is lost, or is back.
    pub(super) async fn say_answering(&mut self, world: &mut World, answering: Answering) -> Result<(), Trouble> {
        let whole = Scene { market_at: self.market_now(world), price: None, distance: None };
        let was_lost = self.desk.view().alarm == Some(Alarm::DatabaseLost);
        match answering {
            Answering::Lost => {
                world.alarm = Some(Alarm::DatabaseLost);
                self.chronicle.say_once(whole, None, LedgerOutcome::Alarmed, Reason::DatabaseLost).await?;
            }
            Answering::Answers { merged } if was_lost || 0 < merged => {
                self.chronicle.say(whole, None, LedgerOutcome::Noted, Reason::DatabaseBack { merged }).await?;
                self.bus.publish(self.account(), LiveEvent::Resync);
            }
            Answering::Answers { .. } => {}
        }
        Ok(())
    }
}

impl World {
    /// What the page must say in red because of a brake.
    pub(super) fn brake_alarm(&self) -> Option<Alarm> {
        let stopped = self.stops.iter().any(|stop| stop.stopped == Stopped::Guards);
        let tripped = self.is_breaker_tripped.then_some(Alarm::BreakerTripped);
        self.alarm.or(stopped.then_some(Alarm::GuardStopped)).or(tripped)
    }
}

//! What is remembered of an account while the database does not answer.

use crate::{Fence, Lease, PositionSpending, Result, Spending, Stop, StoreError};
use domain::action::{Action, Intent};
use domain::brake::Stopped;
use domain::guard_policy::Guard;
use domain::{ActionId, ActionState, PositionId, Sats, Timestamp};

/// Each part as it was last read; `None` for what never was.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub lease: Option<Lease>,
    pub guard: Option<Option<Guard>>,
    pub stops: Option<Vec<Stop>>,
    pub is_tripped: Option<bool>,
    pub freezes: Option<Vec<PositionId>>,
    pub unsettled: Option<Vec<Action>>,
    pub spending: Option<Vec<PositionSpending>>,
    /// Over all positions since the day's start.
    pub day: Option<(Timestamp, Sats)>,
}

impl Memory {
    /// The same checks as the database makes before it writes an intent, on what was last known.
    pub fn check(&self, intent: &Intent, fence: Fence<'_>) -> Result<()> {
        let lease = self.lease.filter(|lease| lease.alone && intent.written_at < lease.expires_at);
        let lease = lease.filter(|it| it.owner == fence.instance.id && it.epoch == fence.epoch);
        let Lease { intents, quiet_until, .. } = lease.ok_or(StoreError::Fenced)?;
        if intents != fence.intents {
            return Err(StoreError::Conflict);
        }
        if intent.written_at < quiet_until {
            return Err(StoreError::Quiet { until: quiet_until });
        }
        let stops = self.stops.as_ref().ok_or(StoreError::Lost)?;
        if let Some(stop) = stops.iter().find(|stop| stop.stopped == Stopped::Guards) {
            return Err(StoreError::Stopped(stop.scope));
        }
        if self.freezes.as_ref().ok_or(StoreError::Lost)?.contains(&intent.position) {
            return Err(StoreError::Frozen);
        }
        if self.is_tripped.ok_or(StoreError::Lost)? {
            return Err(StoreError::BreakerTripped(None));
        }
        let mut open = self
            .unsettled
            .as_ref()
            .ok_or(StoreError::Lost)?
            .iter()
            .filter(|action| action.intent.position == intent.position && action.state.is_open());
        let may = match (intent.rides_on, open.next(), open.next()) {
            (None, None, _) => true,
            (Some(first), Some(action), None) => action.intent.id == first && action.can_be_ridden_on(),
            _ => false,
        };
        if may { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Remembers what was written, wherever it was.
    pub fn wrote(&mut self, intent: &Intent) {
        if let Some(lease) = &mut self.lease {
            lease.intents = lease.intents.saturating_add(1);
        }
        if let Some(unsettled) = &mut self.unsettled {
            unsettled.push(Action { intent: *intent, state: ActionState::Intent });
        }
        let Some(amount) = intent.spends() else { return };
        if let Some(spending) = &mut self.spending {
            let spent = PositionSpending::none(intent.position);
            let index = spending.iter().position(|spent| spent.position == intent.position);
            let index = index.unwrap_or_else(|| {
                spending.push(spent);
                spending.len().saturating_sub(1)
            });
            if let Some(spent) = spending.get_mut(index) {
                spent.added = Sats::new(spent.added.get().saturating_add(amount.get()));
                spent.actions = spent.actions.saturating_add(1);
                spent.last_action_at = Some(intent.market_at);
            }
        }
        self.day = self.day.map(|(start, day)| {
            if intent.market_at < start {
                (start, day)
            } else {
                (start, Sats::new(day.get().saturating_add(amount.get())))
            }
        });
    }

    /// An action that moves on. What is refuted goes on to count as spent until the database is read again: rather too
    /// little is added than too much.
    pub fn settled(&mut self, id: ActionId, state: ActionState) {
        for action in self.unsettled.iter_mut().flatten().filter(|action| action.intent.id == id) {
            action.state = state;
        }
    }

    /// Open actions with all that shares their fate.
    pub fn unsettled(&self) -> Option<Vec<Action>> {
        let all = self.unsettled.as_ref()?;
        let case = |action: &Action| action.intent.rides_on.unwrap_or(action.intent.id);
        let is_open = |of: ActionId| all.iter().any(|action| case(action) == of && action.state.is_open());
        Some(all.iter().filter(|action| is_open(case(action))).copied().collect())
    }

    pub fn spending(&self, position: PositionId, day_start: Timestamp) -> Option<Spending> {
        let of = self.spending.as_ref()?.iter().find(|spent| spent.position == position).copied();
        let spent = of.unwrap_or(PositionSpending::none(position));
        let (known_day, day) = self.day?;
        Some(Spending {
            position: spent.added,
            position_actions: spent.actions,
            last_action_at: spent.last_action_at,
            // A day that began meanwhile counts what the day before spent: rather too little is added than too much.
            day: if day_start < known_day { return None } else { day },
        })
    }
}

//! What the database says of an account: read by a look, and good for the looks of the next moment.
//!
//! A price at a trigger does not wait for the database to repeat what it said a second ago. Whatever is taken from here
//! is asked for again where it counts: an intent more than was known, a newer guard, a switch, a freeze or a tripped
//! breaker keep an intent from being written, and then the next look reads everything.

use super::{CALM_PACE, MarginGuard, World};
use domain::action::Action;
use domain::guard_policy::Guard;
use domain::{PositionId, Sats, Timestamp};
use std::collections::HashSet;
use store::{Answering, Lease, PositionSpending, Spending, Stop, StoreError};
use uuid::Uuid;

/// What one look goes by.
pub(super) struct Books {
    pub unsettled: Vec<Action>,
    pub frozen: HashSet<PositionId>,
    pub guard: Option<Guard>,
    pub stops: Vec<Stop>,
    pub is_breaker_tripped: bool,
    /// Whether this is remembered.
    pub calm: Option<Calm>,
}

/// Books in which nothing stands in the way of a guard.
#[derive(Clone)]
pub(super) struct Calm {
    guard: Option<Guard>,
    spending: Vec<PositionSpending>,
    day: Timestamp,
    added_on_day: Sats,
    at: Page,
}

/// Which state of the database was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    epoch: i64,
    intents: i64,
    /// Counts what this process has changed.
    changes: u64,
    pub read_at: Timestamp,
}

impl Books {
    /// Whether they are fresh, and nothing holds anything back or is unknown.
    pub fn are_read_calm(&self) -> bool {
        let Books { unsettled, frozen, stops, is_breaker_tripped, calm, .. } = self;
        let is_calm = unsettled.is_empty() && frozen.is_empty() && stops.is_empty() && !is_breaker_tripped;
        calm.is_none() && is_calm
    }
}

impl From<Calm> for Books {
    fn from(calm: Calm) -> Books {
        Books {
            unsettled: Vec::new(),
            frozen: HashSet::new(),
            guard: calm.guard,
            stops: Vec::new(),
            is_breaker_tripped: false,
            calm: Some(calm),
        }
    }
}

impl Calm {
    /// What is known to be spent, where that day was asked for.
    pub fn spending(&self, position: PositionId, day: Timestamp) -> Option<Spending> {
        let row = self.spending.iter().find(|row| row.position == position);
        (self.day == day).then(|| Spending {
            position: row.map_or(Sats::ZERO, |row| row.added),
            position_actions: row.map_or(0, |row| row.actions),
            last_action_at: row.and_then(|row| row.last_action_at),
            day: self.added_on_day,
        })
    }

    pub const fn guard(&self) -> Option<Guard> {
        self.guard
    }

    pub fn for_pages(&self) -> (Vec<PositionSpending>, Sats) {
        (self.spending.clone(), self.added_on_day)
    }
}

impl MarginGuard {
    /// The state that the database is in now, as far as this process can tell.
    pub(super) fn page(&self, lease: &Lease) -> Page {
        let intents = self.leadership.intents(lease);
        Page { epoch: lease.epoch, intents, changes: self.desk.changes(), read_at: self.clock.now() }
    }

    /// What was read a moment ago, where nothing has changed since.
    pub(super) fn recall(&self, now: &Page, answering: Answering) -> Option<Calm> {
        let is_new = |calm: &&Calm| (0..CALM_PACE.get()).contains(&now.read_at.since(calm.at.read_at).get());
        let calm = self.calm.as_ref().filter(is_new)?;
        let unchanged = Page { read_at: calm.at.read_at, ..*now } == calm.at;
        (unchanged && answering == Answering::Answers { merged: 0 }).then(|| calm.clone())
    }

    pub(super) async fn read_books(&self) -> Result<Books, StoreError> {
        let account = self.account();
        let (unsettled, frozen, guard, stops, is_breaker_tripped) = tokio::join!(
            self.store.list_unsettled_actions(account),
            self.store.list_freezes(account),
            self.store.find_guard(account),
            self.store.list_stops(account),
            self.store.is_breaker_tripped(account),
        );
        Ok(Books {
            unsettled: unsettled?,
            frozen: frozen?.into_iter().collect(),
            guard: guard?,
            stops: stops?,
            is_breaker_tripped: is_breaker_tripped?,
            calm: None,
        })
    }

    /// What was spent, asked for where this look does not know it; remembered where nothing but that could matter to the
    /// next look.
    pub(super) async fn sum_up(&mut self, world: &World) -> Result<(Vec<PositionSpending>, Sats), StoreError> {
        if let Some(calm) = &world.calm {
            return Ok(calm.for_pages());
        }
        let (account, day) = (self.account(), self.market_now(world).start_of_day());
        let nobody = PositionId::from_uuid(Uuid::nil());
        let added_on_day = self.store.find_spending(account, nobody, day).await?.day;
        let spending = self.store.list_spending(account).await?;
        // What this look has frozen or left open is for the next one to read.
        let is_calm = !world.is_anything_frozen() && world.unsettled.is_empty() && world.doubted.is_empty();
        let page = world.page.filter(|_| is_calm);
        let at = page.filter(|page| page.intents == self.leadership.intents(&world.lease));
        self.calm = at.map(|at| Calm { guard: world.guard, spending: spending.clone(), day, added_on_day, at });
        Ok((spending, added_on_day))
    }
}

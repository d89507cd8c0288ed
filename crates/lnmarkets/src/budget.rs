//! Requests within the venue's limits: one budget a key, the most urgent first, a share kept for the guard.

use crate::rate_headers::{self, Policy};
use crate::retry_after;
use domain::{Millis, Timestamp};
use exchange::Priority;
use std::collections::{BTreeSet, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

const SECOND: Duration = Duration::from_secs(1);
/// What is added to the venue's window, for requests that the network brings closer together.
const MARGIN: Duration = Duration::from_millis(50);
/// However long the venue asks to wait, the guard's calls wait no longer, and then go one a second.
const GUARDS_PATIENCE: Millis = Millis::from_secs(2);

/// Requests within any one second; `None`: as many as one likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// For each key.
    pub signed: Option<NonZeroU32>,
    /// For all requests without a key together.
    pub public: Option<NonZeroU32>,
}

impl Default for RateLimits {
    /// The strictest that LN Markets' own clients keep to.
    fn default() -> RateLimits {
        RateLimits { signed: NonZeroU32::new(5), public: Some(NonZeroU32::MIN) }
    }
}

impl RateLimits {
    /// For an exchange of one's own.
    pub const UNLIMITED: RateLimits = RateLimits { signed: None, public: None };
}

pub(crate) struct Budget {
    is_counted: bool,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    /// When the requests of the last window were let go.
    granted: VecDeque<Instant>,
    waiting: BTreeSet<Ticket>,
    next: u64,
    hold: Option<Hold>,
    /// `None` where nobody counts.
    policy: Option<Policy>,
}

type Ticket = (Priority, u64);

/// The venue has asked to slow down.
#[derive(Clone, Copy)]
struct Hold {
    until: Instant,
    guard_until: Instant,
}

enum Turn {
    Now,
    At(Instant),
    AfterOthers,
}

impl Budget {
    pub fn new(per_second: Option<NonZeroU32>) -> Budget {
        let requests = per_second.map(|limit| usize::try_from(limit.get()).unwrap_or(usize::MAX));
        let policy = requests.map(|requests| Policy { requests, window: SECOND });
        let state = State { policy, ..State::default() };
        Budget { is_counted: policy.is_some(), state: Mutex::new(state), changed: Notify::new() }
    }

    /// Waits for a request's turn. Whoever stops waiting gives its place up.
    pub async fn turn(&self, priority: Priority) {
        let place = self.queue(priority);
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Registered before the queue is read, so that no change is missed.
            changed.as_mut().enable();
            let turn = self.state().take(place.ticket, Instant::now());
            match turn {
                Turn::Now => return,
                Turn::AfterOthers => changed.await,
                Turn::At(when) => tokio::select! {
                    () = sleep_until(when) => {}
                    () = changed => {}
                },
            }
        }
    }

    /// Waits until a request would have its turn at once, and takes none.
    pub async fn room(&self, priority: Priority) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let now = Instant::now();
            let free = self.state().free_from(priority, now).filter(|when| now < *when);
            match free {
                None => return,
                Some(when) => tokio::select! {
                    () = sleep_until(when) => {}
                    () = changed => {}
                },
            }
        }
    }

    /// Takes in what the venue says of its limits; where nobody was to count, nobody does.
    pub fn learn(&self, policy: Option<&str>, standing: Option<&str>) {
        if !self.is_counted {
            return;
        }
        let mut state = self.state();
        if let Some(policy) = policy.and_then(rate_headers::policy)
            && state.policy != Some(policy)
        {
            tracing::info!(requests = policy.requests, window = ?policy.window, "the venue names its limit");
            state.policy = Some(policy);
        }
        if let Some(reset) = standing.and_then(rate_headers::used_up) {
            let now = Instant::now();
            let guard_until = now + reset.min(Duration::from_millis(GUARDS_PATIENCE.get().unsigned_abs()));
            state.hold = Some(Hold { until: now + reset, guard_until });
        }
    }

    /// Takes in that the venue wants fewer requests; `retry_after` is its own word for how long.
    pub fn slow_down(&self, retry_after: Option<&str>, now: Timestamp) -> Millis {
        let wait = retry_after::read(retry_after.unwrap_or_default(), now);
        let from_now = |wait: Millis| Instant::now() + Duration::from_millis(wait.get().unsigned_abs());
        let hold = Hold { until: from_now(wait), guard_until: from_now(wait.min(GUARDS_PATIENCE)) };
        self.state().hold = Some(hold);
        self.changed.notify_waiters();
        wait
    }

    fn queue(&self, priority: Priority) -> Place<'_> {
        let mut state = self.state();
        let ticket = (priority, state.next);
        state.next = state.next.wrapping_add(1);
        state.waiting.insert(ticket);
        Place { budget: self, ticket }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue, given up when it goes.
struct Place<'a> {
    budget: &'a Budget,
    ticket: Ticket,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.budget.state().waiting.remove(&self.ticket);
        self.budget.changed.notify_waiters();
    }
}

impl State {
    fn take(&mut self, ticket: Ticket, now: Instant) -> Turn {
        if self.waiting.first() != Some(&ticket) {
            return Turn::AfterOthers;
        }
        let (priority, _) = ticket;
        match self.free_from(priority, now) {
            Some(when) if now < when => Turn::At(when),
            _ => {
                self.waiting.remove(&ticket);
                if self.policy.is_some() || self.hold.is_some() {
                    self.granted.push_back(now);
                }
                Turn::Now
            }
        }
    }

    /// From when on nothing but the others in the queue stands in a request's way; `None`: nothing does.
    fn free_from(&mut self, priority: Priority, now: Instant) -> Option<Instant> {
        let window = self.window();
        self.granted.retain(|granted| now < *granted + window);
        match (self.held_until(priority, now), self.policy) {
            (Some(until), _) => Some(until),
            (None, Some(policy)) => self.free_at(share(priority, policy.requests)),
            (None, None) => None,
        }
    }

    fn window(&self) -> Duration {
        self.policy.map_or(SECOND, |policy| policy.window) + MARGIN
    }

    /// While the venue asks to wait, nothing goes but what saves a position, once a second.
    fn held_until(&mut self, priority: Priority, now: Instant) -> Option<Instant> {
        let hold = self.hold.filter(|hold| now < hold.until);
        self.hold = hold;
        let hold = hold?;
        if Priority::Guard < priority {
            return Some(hold.until);
        }
        let after_last = self.granted.back().map_or(now, |last| *last + SECOND);
        Some(hold.guard_until.max(after_last))
    }

    /// When fewer than `share` requests lie within the window.
    fn free_at(&self, share: usize) -> Option<Instant> {
        let blocking = self.granted.len().checked_sub(share)?;
        self.granted.get(blocking).map(|granted| *granted + self.window())
    }
}

/// How much of the budget is open to a priority; what is left out is kept for the more urgent.
fn share(priority: Priority, limit: usize) -> usize {
    let kept = match priority {
        Priority::Guard => 0,
        Priority::Close | Priority::GuardRead => 1,
        Priority::Entry | Priority::Interface => 2,
    };
    limit.saturating_sub(kept).max(1)
}

#[cfg(test)]
mod tests;

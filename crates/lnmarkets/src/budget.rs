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
        let window = self.window();
        self.granted.retain(|granted| now < *granted + window);
        let (priority, _) = ticket;
        let free = match (self.held_until(priority, now), self.policy) {
            (Some(until), _) => Some(until),
            (None, Some(policy)) => self.free_at(share(priority, policy.requests)),
            (None, None) => None,
        };
        match free {
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
mod tests {
    use super::*;
    use std::sync::Arc;

    fn budget(limit: u32) -> Arc<Budget> {
        Arc::new(Budget::new(NonZeroU32::new(limit)))
    }

    async fn wait_of(budget: &Budget, priority: Priority) -> Duration {
        let asked = Instant::now();
        budget.turn(priority).await;
        asked.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_holds_more_than_the_limit() {
        let budget = budget(5);
        let mut granted = Vec::new();
        for _ in 0..23 {
            budget.turn(Priority::Guard).await;
            granted.push(Instant::now());
        }
        for (first, sixth) in granted.iter().zip(&granted[5..]) {
            assert!(Duration::from_secs(1) < *sixth - *first);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_reads_does_not_delay_a_top_up() {
        let budget = budget(5);
        for priority in [Priority::Interface, Priority::Entry, Priority::GuardRead] {
            for _ in 0..50 {
                let budget = budget.clone();
                tokio::spawn(async move { budget.turn(priority).await });
            }
        }
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            assert_eq!(wait_of(&budget, Priority::Guard).await, Duration::ZERO);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_more_urgent_goes_first() {
        let budget = budget(1);
        budget.turn(Priority::Interface).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let wait = |priority: Priority| {
            let (budget, order) = (budget.clone(), order.clone());
            tokio::spawn(async move {
                budget.turn(priority).await;
                order.lock().unwrap().push(priority);
            })
        };
        let urgency = [Priority::Interface, Priority::GuardRead, Priority::Guard, Priority::Close, Priority::Entry];
        let tasks: Vec<_> = urgency.into_iter().map(wait).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let by_urgency = [Priority::Guard, Priority::Close, Priority::GuardRead, Priority::Entry, Priority::Interface];
        assert_eq!(*order.lock().unwrap(), by_urgency);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_gives_up_does_not_hold_up_the_next() {
        let budget = budget(1);
        budget.turn(Priority::Guard).await;
        let impatient = tokio::time::timeout(Duration::from_millis(10), budget.turn(Priority::Guard)).await;
        assert!(impatient.is_err());
        assert!(wait_of(&budget, Priority::Interface).await <= SECOND + MARGIN);
        assert!(budget.state().waiting.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn the_venues_own_word_on_its_limit_counts() {
        let fast = budget(5);
        fast.learn(Some("\"default\";q=20;w=1"), Some("\"default\";r=19;t=1"));
        for _ in 0..20 {
            assert_eq!(wait_of(&fast, Priority::Guard).await, Duration::ZERO);
        }
        assert!(SECOND <= wait_of(&fast, Priority::Guard).await);
        let slow = budget(5);
        slow.learn(Some("1;w=2"), None);
        slow.turn(Priority::Guard).await;
        assert!(Duration::from_secs(2) <= wait_of(&slow, Priority::Guard).await);
        let unlimited = Budget::new(None);
        unlimited.learn(Some("1;w=2"), Some("r=0;t=9"));
        unlimited.turn(Priority::Interface).await;
        assert_eq!(wait_of(&unlimited, Priority::Interface).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_quota_that_others_used_up_is_waited_for() {
        let budget = budget(5);
        budget.learn(None, Some("\"default\";r=0;t=5"));
        let reads = budget.clone();
        let read = tokio::spawn(async move { wait_of(&reads, Priority::Interface).await });
        assert_eq!(wait_of(&budget, Priority::Guard).await, Duration::from_secs(2));
        assert!(Duration::from_secs(5) <= read.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn f08_a_wait_holds_reads_for_its_length_and_the_guard_for_a_moment() {
        let budget = budget(5);
        assert_eq!(budget.slow_down(Some("20"), Timestamp::EPOCH), Millis::from_secs(20));
        let reads = budget.clone();
        let read = tokio::spawn(async move { wait_of(&reads, Priority::GuardRead).await });
        let probes = [wait_of(&budget, Priority::Guard).await, wait_of(&budget, Priority::Guard).await];
        assert!(Duration::from_secs(2) <= probes[0] && probes[0] < Duration::from_secs(3));
        assert!(Duration::from_secs(1) <= probes[1], "at most one probe a second");
        assert!(Duration::from_secs(20) <= read.await.unwrap());
    }
}

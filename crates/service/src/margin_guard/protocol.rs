//! The life of an action, whole: nothing else in the program sends a change to an exchange or moves an action on.
//!
//! ```text
//! Committed ──send──► Sent ─┬─► Proved ────────────────► (ended)
//!  on disk, unsent          ├─► Refuted ───────────────► (ended)
//!         │                 └─► Unknown ─┐
//!         └──withdraw──► Refuted         │
//! Committed, and then the process died ──┴─look_up──► LookedUp ─┬─► Proved, Refuted
//!                                                               ├─► Frozen ── a person thaws it
//!                                                               ├─► Counted ──────────► (ended)
//!                                                               └─► still open: look again
//! ```
//!
//! Each state is a type whose fields are private here, and each arrow takes the state before by value: what was sent
//! cannot be sent again, what is unknown can only be looked up, and only a proof makes [`Proved`].

use domain::action::{Change, Intent};
use domain::{ActionId, ActionState, Millis, Overflow, Position, Sats, Timestamp};
use exchange::{Deadlines, Exchange, Outcome, Rejection, Silence};
use store::failpoint::{Point, reach};
use store::{Fence, NewEntry, Store, StoreError};

use super::standing::HeldBack;
use crate::clock::Clock;
use crate::proof::{Case, Fate, Seen, judge};

/// The exchange accepts a signature for this long.
const SIGNATURE_LIFE: Millis = Millis::from_secs(30);
/// An intent that is older is not sent any more: a switch that was pulled meanwhile must stop it, and a process that
/// stood still must not wake up and send what another has looked up and refuted.
const SEND_WITHIN: Millis = Millis::SECOND;
/// From an intent's writing to the moment from which nothing of it can arrive.
pub(super) const WINDOW: Millis = Millis::new(SEND_WITHIN.get() + SIGNATURE_LIFE.get());

/// An intent that is on disk, and not yet sent; with the actions that share its fate.
#[must_use]
pub(super) struct Committed {
    intent: Intent,
    case: Case,
}

/// What the exchange's answer proves of an intent that was sent, once.
#[must_use]
pub(super) enum Sent {
    Proved(Proved, Box<Position>),
    Refuted(Refuted, Rejection),
    Unknown(Unknown, Silence),
}

/// What the exchange's books prove of an action that was open.
#[must_use]
pub(super) enum LookedUp {
    Proved(Proved),
    Refuted(Refuted),
    /// The margin should be `expected`, and is not.
    Frozen(Frozen, Sats),
    Counted(Counted),
    StillOpen,
}

/// It happened.
#[must_use]
pub(super) struct Proved(Intent);
/// It did not happen and can't any more.
#[must_use]
pub(super) struct Refuted(Intent);
/// It was sent, and nobody knows.
#[must_use]
pub(super) struct Unknown(Intent);
/// The books do not add up.
#[must_use]
pub(super) struct Frozen(Intent);
/// It can't happen any more, and nobody can tell whether it did.
#[must_use]
pub(super) struct Counted(Intent);

impl Committed {
    /// The inner answer says why nothing may be sent: one writer wins, and no brake is pulled. `beside` is the case that
    /// an emergency rides on.
    pub async fn write(
        store: &dyn Store,
        intent: Intent,
        beside: Option<&Case>,
        fence: Fence<'_>,
    ) -> Result<Result<Committed, HeldBack>, StoreError> {
        let case = beside.map_or_else(|| Case::alone(intent), |case| case.with_rider(intent));
        match commit(store, &intent, fence).await {
            Ok(()) => Ok(Ok(Committed { intent, case })),
            Err(error) => HeldBack::try_from(error).map(Err),
        }
    }

    pub const fn intent(&self) -> &Intent {
        &self.intent
    }

    /// It is not sent, now or ever.
    pub fn withdraw(self) -> Refuted {
        Refuted(self.intent)
    }

    /// Whether it may still be sent.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now <= self.intent.written_at.plus(SEND_WITHIN)
    }

    pub async fn send(self, exchange: &dyn Exchange, clock: &dyn Clock, answer_within: Millis) -> Sent {
        let Committed { intent, case } = self;
        let sign_by = intent.written_at.plus(SEND_WITHIN);
        if sign_by < clock.now() {
            return Sent::Refuted(Refuted(intent), too_late());
        }
        match call(exchange, &intent, Deadlines { sign_by, answer_within }).await {
            Outcome::Done(position) if proves(&case, &intent, &position) => {
                Sent::Proved(Proved(intent), Box::new(position))
            }
            Outcome::Done(_) => Sent::Unknown(Unknown(intent), Silence::Unreadable),
            Outcome::Rejected(rejection) => Sent::Refuted(Refuted(intent), rejection),
            Outcome::Unknown(silence) => Sent::Unknown(Unknown(intent), silence),
        }
    }
}

/// Judges every open action of a case; the answers are in their order.
pub(super) fn look_up(
    case: &Case,
    seen: Seen<'_>,
    funding_paid: Sats,
    read_at: Timestamp,
) -> Result<Vec<(Intent, LookedUp)>, Overflow> {
    let fates = judge(case, seen, funding_paid, read_at)?;
    let looked_up = |(intent, fate): (&Intent, Fate)| {
        let intent = *intent;
        let state = match fate {
            Fate::Proved => LookedUp::Proved(Proved(intent)),
            Fate::Refuted => LookedUp::Refuted(Refuted(intent)),
            Fate::Disagrees { expected } => LookedUp::Frozen(Frozen(intent), expected),
            Fate::Counted => LookedUp::Counted(Counted(intent)),
            Fate::Open => LookedUp::StillOpen,
        };
        (intent, state)
    };
    Ok(case.open().zip(fates).map(looked_up).collect())
}

/// A state that is written down, together with what is said about it; answers the entries' sequence numbers.
macro_rules! written_as {
    ($($state:ident),*) => {$(
        impl $state {
            pub async fn record(self, store: &dyn Store, entries: &[NewEntry]) -> Result<Vec<i64>, StoreError> {
                settle(store, self.0.id, ActionState::$state, entries).await
            }
        }
    )*};
}
written_as!(Proved, Refuted, Unknown, Frozen, Counted);

/// States whose intent is told of by whoever sent it.
macro_rules! told_of {
    ($($state:ident),*) => {$(
        impl $state {
            pub const fn intent(&self) -> &Intent {
                &self.0
            }
        }
    )*};
}
told_of!(Proved, Refuted, Unknown);

#[expect(clippy::disallowed_methods, reason = "the one place that writes an intent")]
async fn commit(store: &dyn Store, intent: &Intent, fence: Fence<'_>) -> Result<(), StoreError> {
    reach(Point::BeforeIntent).await;
    let committed = store.commit_intent(intent, fence).await;
    reach(Point::AfterIntent).await;
    committed
}

#[expect(clippy::disallowed_methods, reason = "the one place that sends one")]
async fn call(exchange: &dyn Exchange, intent: &Intent, deadlines: Deadlines) -> Outcome<Position> {
    reach(Point::BeforeCall).await;
    let mut outcome = exchange.carry_out(intent.position, intent.change, deadlines).await;
    if cfg!(feature = "resend_on_timeout") && matches!(outcome, Outcome::Unknown(Silence::TimedOut)) {
        outcome = exchange.carry_out(intent.position, intent.change, deadlines).await;
    }
    reach(Point::AfterCall).await;
    outcome
}

#[expect(clippy::disallowed_methods, reason = "the one place that moves one on")]
async fn settle(
    store: &dyn Store,
    id: ActionId,
    state: ActionState,
    entries: &[NewEntry],
) -> Result<Vec<i64>, StoreError> {
    reach(Point::BeforeOutcome).await;
    let settled = store.settle_action(id, state, entries).await;
    reach(Point::AfterOutcome).await;
    settled
}

fn too_late() -> Rejection {
    let message = "the process stood still between the intent and the call; nothing was sent".to_owned();
    Rejection { status: 0, code: "NOT_SENT".to_owned(), message }
}

/// A yes is believed only where the answer's own books show it.
fn proves(case: &Case, intent: &Intent, answered: &Position) -> bool {
    let paid = answered.funding.checked_sub(case.first().funding_before).map_or(Sats::ZERO, Sats::or_zero);
    let fates = judge(case, Seen::There(answered), paid, intent.written_at).unwrap_or_default();
    let own = case.open().zip(fates).find(|(open, _)| open.id == intent.id);
    // A position that was just opened has a name of the exchange's own.
    let is_it = answered.id == intent.position || matches!(intent.change, Change::Open { .. });
    is_it && own.is_some_and(|(_, fate)| fate == Fate::Proved)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{intent, position};
    use super::*;
    use paper::{Chance, PaperAccount, SharedVenue, Venue, VenueRules};

    struct StandsAt(i64);

    impl Clock for StandsAt {
        fn now(&self) -> Timestamp {
            Timestamp::from_unix_ms(self.0)
        }
    }

    /// The venue knows neither account nor trade: whatever reaches it is refused in its own words.
    async fn answer_at(ms: i64) -> Rejection {
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(1)));
        let intent = intent(position(0).margin.get(), 10);
        let exchange = PaperAccount::new(venue, intent.account);
        let committed = Committed { intent, case: Case::alone(intent) };
        match committed.send(&exchange, &StandsAt(ms), Millis::SECOND).await {
            Sent::Refuted(_, rejection) => rejection,
            Sent::Proved(..) | Sent::Unknown(..) => panic!("nothing was proved"),
        }
    }

    #[tokio::test]
    async fn f61_an_intent_older_than_a_second_is_not_sent() {
        assert_eq!(answer_at(1_001).await.code, "NOT_SENT");
        assert_ne!(answer_at(1_000).await.code, "NOT_SENT");
    }
}

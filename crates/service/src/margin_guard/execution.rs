//! The one place from which a call that moves money goes out: an intent on disk, then one call.
//!
//! The order is in the types: [`Committed`] is made only by writing the intent, is spent by the call, and leaves
//! [`CarriedOut`], which can only be settled.

use domain::action::Intent;
use domain::{Millis, Position, Sats};
use exchange::{Exchange, Outcome, Rejection, Silence};
use store::{Fence, Store, StoreError};

use super::standing::HeldBack;
use crate::clock::Clock;
use crate::proof::{Fate, Seen, judge};

/// The exchange accepts a signature for this long.
const SIGNATURE_LIFE: Millis = Millis::from_secs(30);
/// An intent that is older is not sent any more: a switch that was pulled meanwhile must stop it, and a process that
/// stood still must not wake up and send what another has looked up and refuted.
const SEND_WITHIN: Millis = Millis::SECOND;
/// From an intent's writing to the moment from which nothing of it can arrive.
pub(super) const WINDOW: Millis = Millis::new(SEND_WITHIN.get() + SIGNATURE_LIFE.get());

/// An intent that is on disk, and not yet sent.
#[must_use]
pub(super) struct Committed {
    intent: Intent,
}

/// An intent that was sent, once.
#[must_use]
pub(super) struct CarriedOut {
    pub intent: Intent,
    pub answer: Answer,
}

/// What the exchange's answer proves.
pub(super) enum Answer {
    Proved(Box<Position>),
    Rejected(Rejection),
    Unknown(Silence),
}

impl Committed {
    /// The inner answer says why nothing may be sent: one writer wins, and no brake is pulled.
    pub async fn write(
        store: &dyn Store,
        intent: Intent,
        fence: Fence<'_>,
    ) -> Result<Result<Committed, HeldBack>, StoreError> {
        match store.commit_intent(&intent, fence).await {
            Ok(()) => Ok(Ok(Committed { intent })),
            Err(error) => HeldBack::try_from(error).map(Err),
        }
    }

    pub async fn carry_out(self, exchange: &dyn Exchange, clock: &dyn Clock) -> CarriedOut {
        let Committed { intent } = self;
        let sign_by = intent.written_at.plus(SEND_WITHIN);
        if sign_by < clock.now() {
            return CarriedOut { intent, answer: Answer::Rejected(too_late()) };
        }
        let outcome = exchange.carry_out(intent.position, intent.change, sign_by).await;
        let answer = match outcome {
            Outcome::Done(position) if proves(&intent, &position) => Answer::Proved(Box::new(position)),
            Outcome::Done(_) => Answer::Unknown(Silence::Unreadable),
            Outcome::Rejected(rejection) => Answer::Rejected(rejection),
            Outcome::Unknown(silence) => Answer::Unknown(silence),
        };
        CarriedOut { intent, answer }
    }
}

fn too_late() -> Rejection {
    let message = "the process stood still between the intent and the call; nothing was sent".to_owned();
    Rejection { status: 0, code: "NOT_SENT".to_owned(), message }
}

/// A yes is believed only where the answer's own books show it.
fn proves(intent: &Intent, answered: &Position) -> bool {
    let paid = answered.funding.checked_sub(intent.funding_before).map_or(Sats::ZERO, Sats::or_zero);
    answered.id == intent.position && judge(intent, Seen::There(answered), paid, intent.written_at) == Ok(Fate::Proved)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{intent, position};
    use super::*;
    use domain::Timestamp;
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
        let committed = Committed { intent: intent(position(0).margin.get(), 10) };
        let exchange = PaperAccount::new(venue, committed.intent.account);
        match committed.carry_out(&exchange, &StandsAt(ms)).await.answer {
            Answer::Rejected(rejection) => rejection,
            Answer::Proved(_) | Answer::Unknown(_) => panic!("nothing was proved"),
        }
    }

    #[tokio::test]
    async fn f61_an_intent_older_than_a_second_is_not_sent() {
        assert_eq!(answer_at(1_001).await.code, "NOT_SENT");
        assert_ne!(answer_at(1_000).await.code, "NOT_SENT");
    }
}

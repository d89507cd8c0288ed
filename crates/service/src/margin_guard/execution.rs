//! The one place from which a call that moves money goes out: an intent on disk, then one call.
//!
//! The order is in the types: [`Committed`] is made only by writing the intent, is spent by the call, and leaves
//! [`CarriedOut`], which can only be settled.

use domain::action::{Change, Intent};
use domain::{Position, Sats};
use exchange::{Exchange, Outcome, Rejection, Silence};
use store::{Store, StoreError};

use crate::proof::{Fate, Seen, judge};

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
    /// `None` where another action of the position is open: one writer wins.
    pub async fn write(store: &dyn Store, intent: Intent) -> Result<Option<Committed>, StoreError> {
        match store.commit_intent(&intent).await {
            Ok(()) => Ok(Some(Committed { intent })),
            Err(StoreError::Conflict | StoreError::Duplicate) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn carry_out(self, exchange: &dyn Exchange) -> CarriedOut {
        let Committed { intent } = self;
        let outcome = match intent.change {
            Change::AddMargin { amount } => exchange.add_margin(intent.position, amount).await,
            Change::Close => exchange.close_position(intent.position).await,
        };
        let answer = match outcome {
            Outcome::Done(position) if proves(&intent, &position) => Answer::Proved(Box::new(position)),
            Outcome::Done(_) => Answer::Unknown(Silence::Unreadable),
            Outcome::Rejected(rejection) => Answer::Rejected(rejection),
            Outcome::Unknown(silence) => Answer::Unknown(silence),
        };
        CarriedOut { intent, answer }
    }
}

/// A yes is believed only where the answer's own books show it.
fn proves(intent: &Intent, answered: &Position) -> bool {
    let paid = answered.funding.checked_sub(intent.funding_before).map_or(Sats::ZERO, Sats::or_zero);
    answered.id == intent.position && judge(intent, Seen::There(answered), paid, intent.written_at) == Ok(Fate::Proved)
}

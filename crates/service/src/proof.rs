//! What became of an action, read from the books of its position.
//!
//! The exchange gives top-ups no name by which they could be asked for, so the proof is the conservation of margin:
//! `margin now = margin before + top-up - funding paid - cash-ins`. Whatever else stands there is not explained, and
//! nothing is done on books that do not add up.

use domain::action::{Change, Intent};
use domain::position::PositionState;
use domain::{Millis, Overflow, Position, Sats, Timestamp};

/// Our clock and the exchange's may differ by this much.
pub const CLOCK_SKEW: Millis = Millis::from_secs(5);

/// How a position was found when it was looked for.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// It runs, or it is closed: its books can be read.
    There(&'a Position),
    /// In no list. Lists can be incomplete, so this says nothing.
    Nowhere,
}

/// What the books say of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Proved,
    /// It did not happen and can't any more.
    Refuted,
    /// It may still happen: look again later.
    Open,
    /// The margin is neither with nor without the action.
    Disagrees {
        expected: Sats,
    },
}

/// Judges from books that were read no earlier than `read_at`, by our clock. `funding_paid` is what settlements took
/// from the margin since the intent was written.
pub fn judge(intent: &Intent, seen: Seen<'_>, funding_paid: Sats, read_at: Timestamp) -> Result<Fate, Overflow> {
    let fenced = intent.not_after.plus(CLOCK_SKEW) < read_at;
    let Seen::There(position) = seen else { return Ok(Fate::Open) };
    let ended = !matches!(position.state, PositionState::Running { .. });
    match intent.change {
        Change::Close if position.is_closed() => Ok(Fate::Proved),
        Change::Close if fenced => Ok(Fate::Refuted),
        Change::Close => Ok(Fate::Open),
        Change::AddMargin { amount } => {
            let without = margin_without(intent, position, funding_paid)?;
            let with = without.checked_add(amount)?;
            Ok(match position.margin {
                margin if margin == with => Fate::Proved,
                margin if margin == without && (fenced || ended) => Fate::Refuted,
                // Nobody can be harmed by a closed position any more, but the limits can: margin that may hold the
                // top-up beside another hand's counts as spent.
                margin if ended && with < margin => Fate::Proved,
                _ if ended => Fate::Refuted,
                margin if margin != without && fenced => Fate::Disagrees { expected: with },
                _ => Fate::Open,
            })
        }
    }
}

/// The margin that the position would have now, had the action not happened.
fn margin_without(intent: &Intent, position: &Position, funding_paid: Sats) -> Result<Sats, Overflow> {
    let cashed_in = position.cashed_in_margin.checked_sub(intent.cashed_in_margin_before)?;
    intent.margin_before.checked_sub(funding_paid)?.checked_sub(cashed_in)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::margin_guard::tests::{intent, position};

    const EARLY: Timestamp = Timestamp::from_unix_ms(20_000);
    const LATE: Timestamp = Timestamp::from_unix_ms(36_000);

    fn check(margin: i64, funding: i64, cashed_in: i64, read_at: Timestamp, expected: Fate) {
        let mut now = position(margin);
        now.cashed_in_margin = Sats::new(cashed_in);
        let fate = judge(&intent(100_000, 50_000), Seen::There(&now), Sats::new(funding), read_at);
        assert_eq!(fate, Ok(expected), "margin {margin}, funding {funding}, cash-in {cashed_in}");
    }

    #[test]
    fn a_top_up_is_proved_by_the_margin_it_left() {
        check(150_000, 0, 0, EARLY, Fate::Proved);
        check(149_900, 100, 0, EARLY, Fate::Proved);
        check(139_900, 100, 10_000, EARLY, Fate::Proved);
    }

    #[test]
    fn f02_a_top_up_is_refuted_only_after_its_signature_has_expired() {
        check(100_000, 0, 0, EARLY, Fate::Open);
        check(100_000, 0, 0, LATE, Fate::Refuted);
        check(99_900, 100, 0, LATE, Fate::Refuted);
    }

    #[test]
    fn f04_books_that_do_not_add_up_are_never_acted_on() {
        check(120_000, 0, 0, EARLY, Fate::Open);
        check(120_000, 0, 0, LATE, Fate::Disagrees { expected: Sats::new(150_000) });
        check(150_100, 0, 0, LATE, Fate::Disagrees { expected: Sats::new(150_000) });
    }

    /// Found by simulation: seed 251.
    #[test]
    fn f04_a_top_up_beside_one_by_hand_counts_as_spent_once_the_position_has_ended() {
        let mut closed = position(163_000);
        closed.state = PositionState::Closed { closed_at: EARLY, exit: closed.liquidation };
        let judged = |closed: &Position| judge(&intent(100_000, 50_000), Seen::There(closed), Sats::ZERO, EARLY);
        assert_eq!(judged(&closed), Ok(Fate::Proved));
        closed.margin = Sats::new(113_000);
        assert_eq!(judged(&closed), Ok(Fate::Refuted), "too little to hold it");
    }

    #[test]
    fn absence_from_a_list_is_no_evidence() {
        let fate = judge(&intent(100_000, 50_000), Seen::Nowhere, Sats::ZERO, LATE);
        assert_eq!(fate, Ok(Fate::Open));
    }

    #[test]
    fn f20_a_top_up_of_a_closed_position_can_no_longer_happen() {
        let mut closed = position(100_000);
        closed.state = PositionState::Closed { closed_at: EARLY, exit: closed.liquidation };
        let fate = judge(&intent(100_000, 50_000), Seen::There(&closed), Sats::ZERO, EARLY);
        assert_eq!(fate, Ok(Fate::Refuted));
    }
}

//! What became of an action, read from the books of its position.
//!
//! The exchange gives top-ups no name by which they could be asked for, so the proof is the conservation of margin:
//! `margin now = margin before + top-ups - funding paid - cash-ins`. Whatever else stands there is not explained, and
//! nothing is done on books that do not add up.

mod case;
#[cfg(test)]
mod tests;

pub use case::Case;

use domain::action::Change;
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

/// Judges the open actions of a case, in their order, from books that were read no earlier than `read_at`, by our
/// clock. `funding_paid` is what settlements took from the margin since the case began.
pub fn judge(case: &Case, seen: Seen<'_>, funding_paid: Sats, read_at: Timestamp) -> Result<Vec<Fate>, Overflow> {
    let fenced: Vec<bool> = case.open().map(|intent| intent.not_after.plus(CLOCK_SKEW) < read_at).collect();
    let Seen::There(position) = seen else { return Ok(vec![Fate::Open; fenced.len()]) };
    if case.first().change == Change::Close {
        return Ok(fenced.into_iter().map(|fenced| fate_of_close(position, fenced)).collect());
    }
    let without = case.margin_without(position, funding_paid)?;
    let amounts: Vec<Sats> = case.open().map(|intent| intent.amount()).collect();
    if let Some(happened) = explanation(&amounts, position.margin.checked_sub(without)?) {
        let settles = |fenced: bool| fenced || !is_running(position);
        let fate = |(happened, fenced)| match happened {
            true => Fate::Proved,
            false if settles(fenced) => Fate::Refuted,
            false => Fate::Open,
        };
        return Ok(happened.into_iter().zip(fenced).map(fate).collect());
    }
    if !is_running(position) {
        return Ok(spent_at_most(&amounts, position.margin.checked_sub(without)?));
    }
    let expected = without.checked_add(Sats::checked_sum(amounts.iter().copied())?)?;
    let whole = if fenced.iter().all(|fenced| *fenced) { Fate::Disagrees { expected } } else { Fate::Open };
    Ok(vec![whole; fenced.len()])
}

fn fate_of_close(position: &Position, fenced: bool) -> Fate {
    match position.is_closed() {
        true => Fate::Proved,
        false if fenced => Fate::Refuted,
        false => Fate::Open,
    }
}

fn is_running(position: &Position) -> bool {
    matches!(position.state, PositionState::Running { .. })
}

/// Which of the amounts make up the difference; `None` where none do, or where that can be read in two ways.
fn explanation(amounts: &[Sats], difference: Sats) -> Option<Vec<bool>> {
    let picked = |mask: u32| (0..amounts.len()).map(move |at| mask & (1 << at) != 0);
    let sum = |mask: u32| picked(mask).zip(amounts).filter(|(picked, _)| *picked).map(|(_, amount)| *amount);
    let count = 1_u32.checked_shl(u32::try_from(amounts.len()).ok()?)?;
    let mut fits = (0..count).filter(|mask| Sats::checked_sum(sum(*mask)) == Ok(difference));
    let only = fits.next().filter(|_| fits.next().is_none())?;
    Some(picked(only).collect())
}

/// Nobody can be harmed by a closed position any more, but the limits can: margin that may hold a top-up beside another
/// hand's counts as spent.
fn spent_at_most(amounts: &[Sats], mut difference: Sats) -> Vec<Fate> {
    let fate = |amount: &Sats| {
        if difference <= *amount {
            return Fate::Refuted;
        }
        difference = Sats::new(difference.get().saturating_sub(amount.get()));
        Fate::Proved
    };
    amounts.iter().map(fate).collect()
}

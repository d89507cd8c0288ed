//! What became of an action, read from the books of its position.
//!
//! The exchange gives top-ups no name by which they could be asked for, so the proof is the conservation of margin:
//! `margin now = margin before + top-ups - funding paid - cash-ins`. Whatever else stands there is not explained, and
//! nothing is done on books that do not add up.

mod case;
mod other;
#[cfg(test)]
mod tests;

pub use case::Case;

use domain::action::Intent;
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
    /// An order that no list knows by its name, asked for twice.
    Unnamed,
}

/// What the books say of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Proved,
    /// It did not happen and can't any more.
    Refuted,
    /// It may still happen: look again later.
    Open,
    /// It can't happen any more, and whether it did can't be told.
    Counted,
    /// The margin is neither with nor without the action.
    Disagrees {
        expected: Sats,
    },
}

/// Judges the open actions of a case, in their order, from books that were read no earlier than `read_at`, by our
/// clock. `funding_paid` is what settlements took from the margin since the case began.
pub fn judge(case: &Case, seen: Seen<'_>, funding_paid: Sats, read_at: Timestamp) -> Result<Vec<Fate>, Overflow> {
    let fenced = |intent: &Intent| intent.not_after.plus(CLOCK_SKEW) < read_at;
    let position = match seen {
        Seen::There(position) => position,
        Seen::Nowhere => return Ok(case.open().map(|_| Fate::Open).collect()),
        Seen::Unnamed => return Ok(case.open().map(|intent| other::fate_of_unnamed(intent, fenced(intent))).collect()),
    };
    let top_ups: Vec<&Intent> = case.open().filter(|intent| other::is_top_up(intent)).collect();
    let waited: Vec<bool> = top_ups.iter().map(|intent| fenced(intent)).collect();
    let amounts: Vec<Sats> = top_ups.iter().map(|intent| intent.amount()).collect();
    let mut fates = if top_ups.is_empty() {
        Vec::new()
    } else {
        fates_of_top_ups(position, case.margin_without(position, funding_paid)?, &amounts, &waited)?
    }
    .into_iter();
    let fate = |intent: &Intent| match other::is_top_up(intent) {
        true => fates.next().unwrap_or(Fate::Open),
        false => other::fate_of(intent, position, fenced(intent)),
    };
    Ok(case.open().map(fate).collect())
}

/// By the conservation of margin: `without` is what the position would hold had none of them happened.
fn fates_of_top_ups(
    position: &Position,
    without: Sats,
    amounts: &[Sats],
    fenced: &[bool],
) -> Result<Vec<Fate>, Overflow> {
    if let Some(happened) = explanation(amounts, position.margin.checked_sub(without)?) {
        let settles = |fenced: bool| fenced || !is_running(position);
        let fate = |(happened, fenced): (bool, &bool)| match happened {
            true => Fate::Proved,
            false if settles(*fenced) => Fate::Refuted,
            false => Fate::Open,
        };
        return Ok(happened.into_iter().zip(fenced).map(fate).collect());
    }
    if !is_running(position) {
        return Ok(spent_at_most(amounts, position.margin.checked_sub(without)?));
    }
    let expected = without.checked_add(Sats::checked_sum(amounts.iter().copied())?)?;
    let whole = if fenced.iter().all(|fenced| *fenced) { Fate::Disagrees { expected } } else { Fate::Open };
    Ok(vec![whole; fenced.len()])
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

/// Nobody can be harmed by a closed position any more, but the limits can: each top-up that the margin has room for
/// counts as spent, without a word that it was added. Which of two it was, a hand's own beside it hides, so both count.
fn spent_at_most(amounts: &[Sats], difference: Sats) -> Vec<Fate> {
    let fate = |amount: &Sats| if difference < *amount { Fate::Refuted } else { Fate::Counted };
    amounts.iter().map(fate).collect()
}

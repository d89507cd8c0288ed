//! What became of an action that adds no margin: each leaves a mark of its own in the books.

use super::{Fate, is_running};
use domain::action::{Change, Intent};
use domain::position::PositionState;
use domain::{Overflow, Position, Sats};

pub(super) fn is_top_up(intent: &Intent) -> bool {
    matches!(intent.change, Change::AddMargin { .. })
}

/// `fenced` says that nothing of it can arrive any more.
pub(super) fn fate_of(intent: &Intent, position: &Position, fenced: bool) -> Fate {
    let (happened, can_still) = match intent.change {
        // Its name was found: nobody else gives that.
        Change::Open { .. } => (true, false),
        Change::Close => (position.is_closed(), true),
        Change::Cancel => {
            (matches!(position.state, PositionState::Canceled { .. }), position.state == PositionState::Resting)
        }
        Change::StopLoss { price } => (position.stop_loss == price, is_running(position)),
        Change::TakeProfit { price } => (position.take_profit == price, is_running(position)),
        Change::CashIn { amount } => {
            (cashed_in(intent, position).is_ok_and(|cashed| amount <= cashed), is_running(position))
        }
        Change::AddMargin { .. } => (false, true),
    };
    match happened {
        true => Fate::Proved,
        false if fenced || !can_still => Fate::Refuted,
        false => Fate::Open,
    }
}

/// What was cashed in since the intent. Where another hand did so too, whose was whose can't be told; but the books are
/// whole either way, and a guard acts on the margin that is there, so no position is frozen over it.
fn cashed_in(intent: &Intent, position: &Position) -> Result<Sats, Overflow> {
    let of_margin = position.cashed_in_margin.checked_sub(intent.cashed_in_margin_before)?;
    let of_profit = position.cashed_in_pnl.checked_sub(intent.cashed_in_pnl_before)?;
    of_margin.checked_add(of_profit)
}

/// No list names it. That is no evidence for anything but an order, whose name the exchange would tell.
pub(super) const fn fate_of_unnamed(intent: &Intent, fenced: bool) -> Fate {
    if fenced && matches!(intent.change, Change::Open { .. }) { Fate::Refuted } else { Fate::Open }
}

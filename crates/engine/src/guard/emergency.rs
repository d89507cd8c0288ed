//! What may be added while an earlier top-up may or may not have happened, and liquidation is nearer than the proof.

use super::{GuardInput, Verdict, guards, needed};
use crate::contract::{distance, liquidation};
use crate::risk::{AddMargin, Approved, Refusal, check_add_margin};
use domain::{Bps, Millis, Position, Sats};

/// How far a price may come in a minute. In the crashes of 2016 to 2025 that this was measured on, one minute in ten
/// thousand went further.
const REACH_OF_A_MINUTE: i64 = 350;
/// Even where the proof is a second away, a liquidation this near does not wait for it.
const LEAST_REACH: Bps = Bps::new(60);

/// Decides beside a top-up of `unknown` sats whose fate is certain in `left` at the latest; `None` where that can be
/// waited for.
///
/// The unknown top-up is taken to have happened: only what the target asks for beyond it is added, it counts against
/// every limit (`input.spent` holds it already), and against the free balance. So whatever turns out to be true, nothing
/// was added twice. No cooldown holds an emergency back, and no limit closes the position while its margin is unknown.
pub fn evaluate_emergency(input: &GuardInput<'_>, unknown: Sats, left: Millis) -> Option<Verdict> {
    let GuardInput { policy, position, mark, .. } = *input;
    if !guards(policy, position) || reach(left) < distance(position.side, mark, position.liquidation) {
        return None;
    }
    let assumed = with_margin(position, unknown);
    let wanted = needed(policy, &assumed, mark);
    if !wanted.is_positive() {
        return None;
    }
    Some(match approve(input, &assumed, unknown, wanted) {
        Ok(approved) => Verdict::AddMargin(approved),
        Err(refusal) => Verdict::Refused(refusal.reason(policy.at_limit())),
    })
}

fn reach(left: Millis) -> Bps {
    let reach = left.get().max(0).saturating_mul(REACH_OF_A_MINUTE) / Millis::MINUTE.get();
    Bps::new(reach).max(LEAST_REACH)
}

fn with_margin(position: &Position, more: Sats) -> Position {
    let margin = Sats::new(position.margin.get().saturating_add(more.get()));
    let liquidation = liquidation(position.side, position.quantity, position.entry, margin);
    Position { margin, liquidation, ..*position }
}

/// The books can tell two top-ups apart only where they differ, so one as large as the unknown one is a sat smaller.
fn approve(
    input: &GuardInput<'_>,
    assumed: &Position,
    unknown: Sats,
    wanted: Sats,
) -> Result<Approved<AddMargin>, Refusal> {
    let free = Sats::new(input.free.get().saturating_sub(unknown.get()));
    let check = |wanted| check_add_margin(input.policy.limits(), assumed, wanted, free, &input.spent);
    let approved = check(wanted)?;
    if approved.get().amount == unknown {
        return check(Sats::new(unknown.get().saturating_sub(1)));
    }
    Ok(approved)
}

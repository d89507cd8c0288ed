//! The margin guard: looks at one position and one price, and decides.

mod emergency;
mod preview;

use crate::contract::{distance, liquidation_at_distance, margin_for_liquidation};
use crate::risk::{AddMargin, Approved, ClosePosition, Refusal, Spent, check_add_margin};
use domain::{AtLimit, Bps, GuardPolicy, Position, Price, Reason, Sats, Timestamp};

pub use emergency::evaluate_emergency;
pub use preview::{AfterTopUp, Preview, preview};

/// All that a decision needs to know.
#[derive(Clone, Copy, Debug)]
pub struct GuardInput<'a> {
    pub policy: &'a GuardPolicy,
    pub position: &'a Position,
    /// What the position is worth now: [`domain::Tick::mark`].
    pub mark: Price,
    /// The free balance of the account's wallet.
    pub free: Sats,
    pub spent: Spent,
    /// Market time.
    pub now: Timestamp,
}

/// What the guard decides.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Nothing is needed, or not yet.
    Hold(Reason),
    AddMargin(Approved<AddMargin>),
    /// A limit stops the guard, and its policy closes the position.
    Close(Approved<ClosePosition>),
    /// Something is needed, and a limit forbids it: always [`Reason::LimitReached`].
    Refused(Reason),
}

/// Decides on one position at one price.
///
/// What is wanted is computed to the target, from what the position has now, so looking twice never adds twice. A mark
/// that is already past the liquidation is still answered with margin: the venue decides what has been liquidated. The
/// cooldown delays a top-up only: that a limit is reached is said, or acted upon, at once. A position that the policy
/// does not cover, or that does not run, is held as if its distance were fine; callers leave those out.
pub fn evaluate(input: &GuardInput<'_>) -> Verdict {
    let GuardInput { policy, position, mark, .. } = *input;
    let distance = distance(position.side, mark, position.liquidation);
    let trigger = policy.trigger();
    if trigger < distance || !guards(policy, position) {
        return Verdict::Hold(Reason::AboveTrigger { distance, trigger });
    }
    decide_at_risk(input, distance)
}

fn guards(policy: &GuardPolicy, position: &Position) -> bool {
    position.is_running() && policy.scope().covers(position.id, position.side)
}

fn decide_at_risk(input: &GuardInput<'_>, distance: Bps) -> Verdict {
    let GuardInput { policy, position, mark, free, ref spent, now } = *input;
    match top_up(policy, position, mark, free, spent) {
        TopUp::NotNeeded => Verdict::Hold(Reason::AtTarget { distance, target: policy.target() }),
        TopUp::Refused(refusal) if policy.at_limit() == AtLimit::Close => Verdict::Close(refusal.close()),
        TopUp::Refused(refusal) => Verdict::Refused(refusal.reason(policy.at_limit())),
        TopUp::Approved(approved) => match cooldown_end(policy, spent).filter(|&until| now < until) {
            Some(until) => Verdict::Hold(Reason::CooldownActive { until }),
            None => Verdict::AddMargin(approved),
        },
    }
}

fn cooldown_end(policy: &GuardPolicy, spent: &Spent) -> Option<Timestamp> {
    spent.last_action_at.map(|at| at.plus(policy.limits().cooldown))
}

/// What restoring the target takes, and whether the limits let it pass.
enum TopUp {
    NotNeeded,
    Approved(Approved<AddMargin>),
    Refused(Refusal),
}

fn top_up(policy: &GuardPolicy, position: &Position, mark: Price, free: Sats, spent: &Spent) -> TopUp {
    let wanted = needed(policy, position, mark);
    if !wanted.is_positive() {
        return TopUp::NotNeeded;
    }
    match check_add_margin(policy.limits(), position, wanted, free, spent) {
        Ok(approved) => TopUp::Approved(approved),
        Err(refusal) => TopUp::Refused(refusal),
    }
}

/// Sats that put the liquidation at the target distance from `mark`; zero where it is there already.
fn needed(policy: &GuardPolicy, position: &Position, mark: Price) -> Sats {
    let Position { side, quantity, entry, margin, .. } = *position;
    let target = liquidation_at_distance(side, mark, policy.target());
    let enough = margin_for_liquidation(side, quantity, entry, target);
    Sats::new(enough.get().saturating_sub(margin.get())).or_zero()
}

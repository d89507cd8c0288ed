//! The decisions of a replay, with repetitions folded.

use super::ReplayDecision;
use domain::{Bps, Price, Reason, Timestamp};

#[derive(Default)]
pub(super) struct Log {
    decisions: Vec<ReplayDecision>,
}

impl Log {
    pub fn push(&mut self, at: Timestamp, price: Price, distance: Bps, reason: Reason) {
        self.decisions.push(ReplayDecision { at, price, distance, reason });
    }

    /// Leaves out what says the same as the decision before.
    pub fn push_if_new(&mut self, at: Timestamp, price: Price, distance: Bps, reason: Reason) {
        if !self.decisions.last().is_some_and(|last| says_the_same(&last.reason, &reason)) {
            self.push(at, price, distance, reason);
        }
    }

    pub fn into_decisions(self) -> Vec<ReplayDecision> {
        self.decisions
    }
}

fn says_the_same(one: &Reason, other: &Reason) -> bool {
    match (one, other) {
        (Reason::AboveTrigger { .. }, Reason::AboveTrigger { .. })
        | (Reason::AtTarget { .. }, Reason::AtTarget { .. })
        | (Reason::CooldownActive { .. }, Reason::CooldownActive { .. }) => true,
        (Reason::LimitReached { limit: one, .. }, Reason::LimitReached { limit: other, .. }) => one == other,
        _ => false,
    }
}

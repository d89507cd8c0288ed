//! Why at that time: what the guard knew, what it decided, how often it decided the same, and what came of it.

use crate::action::Change;
use crate::{ActionId, ActionState, Bps, LedgerEntry, Millis, PositionId, Price, Sats, Timestamp};
use serde::{Deserialize, Serialize};

/// What the guard knew at one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// By our own clock.
    pub at: Timestamp,
    /// By the market's clock.
    pub market_at: Timestamp,
    /// `None` where it knew none that it could decide on.
    pub price: Option<Price>,
    /// How long ago the price had reached us.
    pub price_age: Option<Millis>,
    pub distance: Option<Bps>,
    /// `None` where no rule was asked: the look was about the account, or was cut short.
    pub rule: Option<RuleSight>,
}

/// The rule that was asked, and what it could spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSight {
    /// The guard's version.
    pub version: u32,
    pub trigger: Bps,
    pub target: Bps,
    /// The free balance of the wallet.
    pub free: Sats,
    /// `None` above the trigger, where nothing is spent and so nothing was counted.
    pub left: Option<Left>,
}

/// What each limit still allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub per_position: Sats,
    pub per_day: Sats,
    /// The free balance above the reserve.
    pub wallet: Sats,
    pub actions: u32,
}

/// Looks that decided the same, one after the other; the ledger holds the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The number of the ledger's entry.
    pub entry: i64,
    pub first: Sight,
    pub last: Sight,
    pub looks: u32,
    /// The shortest distance to liquidation among them.
    pub closest: Option<Bps>,
}

/// A decision, and how long it held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub entry: LedgerEntry,
    /// `None` for what was not decided by a look.
    pub run: Option<Run>,
}

/// What was done at the exchange, and what shows that it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    pub action: ActionId,
    pub change: Change,
    pub state: ActionState,
    /// By our own clock.
    pub written_at: Timestamp,
    pub guard_version: u32,
    pub margin_before: Sats,
    pub liquidation_before: Price,
    /// The ledger's entries about it, oldest first.
    pub proof: Vec<LedgerEntry>,
}

/// The answer to "why".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub position: PositionId,
    /// By our own clock; `None` asks about the newest.
    pub asked: Option<Timestamp>,
    /// The decision that held then; `None` where nothing had been decided yet.
    pub moment: Option<Step>,
    /// Nothing is known of the time between the moment's last look and the one that was asked about.
    pub is_gap: bool,
    /// The newest action until then.
    pub deed: Option<Deed>,
    /// What was decided until then, newest first.
    pub steps: Vec<Step>,
}

/// A run is kept up to date this often: a later moment is not known to belong to it.
pub const RUN_PACE: Millis = Millis::from_secs(15);
/// Beyond this after its last look, a run says nothing.
const GAP: Millis = Millis::from_secs(30);

impl Run {
    /// One more look that decided the same.
    pub fn extend(&mut self, sight: Sight) {
        self.last = sight;
        self.looks = self.looks.saturating_add(1);
        self.closest = match (self.closest, sight.distance) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

impl Step {
    /// When this was last decided, and no later than `at`.
    pub fn held_until(&self, at: Option<Timestamp>) -> Timestamp {
        let last = self.run.map_or(self.entry.at, |run| run.last.at);
        at.map_or(last, |at| last.min(at))
    }
}

impl Why {
    /// Finds the moment among the steps (newest first): the decision that was repeated last before the time asked about.
    pub fn of(position: PositionId, asked: Option<Timestamp>, steps: Vec<Step>, deed: Option<Deed>) -> Why {
        let decided = steps.iter().filter(|step| step.run.is_some());
        let moment = decided.max_by_key(|step| (step.held_until(asked), step.entry.seq)).cloned();
        let is_gap = match (asked, &moment) {
            (Some(asked), Some(step)) => GAP < asked.since(step.held_until(None)),
            (asked, None) => asked.is_some(),
            (None, Some(_)) => false,
        };
        Why { position, asked, moment, is_gap, deed, steps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, LedgerOutcome, Reason};
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::EPOCH.plus(Millis::from_secs(second))
    }

    fn sight(second: i64, distance: i64) -> Sight {
        let at = at(second);
        Sight { at, market_at: at, price: None, price_age: None, distance: Some(Bps::new(distance)), rule: None }
    }

    fn step(seq: i64, first: i64, last: i64) -> Step {
        let entry = LedgerEntry {
            seq,
            account: AccountId::from_uuid(Uuid::nil()),
            position: None,
            at: at(first),
            market_at: at(first),
            price: None,
            distance: None,
            outcome: LedgerOutcome::Held,
            reason: Reason::ExchangeReadable,
        };
        let run = Run { entry: seq, first: sight(first, 1), last: sight(last, 1), looks: 2, closest: None };
        Step { entry, run: Some(run) }
    }

    fn moment(asked: Option<i64>, steps: Vec<Step>) -> (Option<i64>, bool) {
        let why = Why::of(PositionId::from_uuid(Uuid::nil()), asked.map(at), steps, None);
        (why.moment.map(|step| step.entry.seq), why.is_gap)
    }

    #[test]
    fn the_moment_is_the_decision_that_was_repeated_last_before_the_time() {
        let steps = || vec![step(3, 50, 60), step(2, 20, 40), step(1, 10, 55)];
        assert_eq!(moment(None, steps()), (Some(3), false));
        assert_eq!(moment(Some(58), steps()), (Some(3), false));
        assert_eq!(moment(Some(30), vec![step(2, 20, 25), step(1, 10, 55)]), (Some(1), false));
        assert_eq!(moment(Some(30), vec![step(2, 20, 40), step(1, 10, 55)]), (Some(2), false), "the newer of two");
        assert_eq!(moment(Some(5), vec![]), (None, true));
        assert_eq!(moment(None, vec![]), (None, false));
    }

    #[test]
    fn a_time_long_after_the_last_look_is_a_gap() {
        assert_eq!(moment(Some(90), vec![step(1, 10, 60)]), (Some(1), false));
        assert_eq!(moment(Some(91), vec![step(1, 10, 60)]), (Some(1), true));
    }

    #[test]
    fn a_run_remembers_how_close_it_came() {
        let mut run = Run { entry: 1, first: sight(0, 40), last: sight(0, 40), looks: 1, closest: Some(Bps::new(40)) };
        for (second, distance) in [(1, 30), (2, 35)] {
            run.extend(sight(second, distance));
        }
        assert_eq!((run.looks, run.closest, run.last.at), (3, Some(Bps::new(30)), at(2)));
    }
}

//! Actions of one position whose fates can be told only together: one, and what was added beside it in emergencies.

use domain::action::{Action, Intent};
use domain::{ActionState, Millis, Overflow, Position, PositionId, Sats, Timestamp};

/// One action that rides on none, and all that ride on it, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    first: Action,
    riders: Vec<Action>,
}

impl Case {
    /// An action that was just written and stands alone.
    pub fn alone(intent: Intent) -> Case {
        Case { first: Action { intent, state: ActionState::Intent }, riders: Vec::new() }
    }

    /// The same with one more action beside it, just written.
    pub fn with_rider(&self, intent: Intent) -> Case {
        let mut riders = self.riders.clone();
        riders.push(Action { intent, state: ActionState::Intent });
        Case { first: self.first, riders }
    }

    /// Sorts actions into their cases; what rides on nothing that is there is a case of its own.
    pub fn sort(actions: Vec<Action>) -> Vec<Case> {
        let (firsts, riders): (Vec<_>, Vec<_>) = actions.into_iter().partition(|it| it.intent.rides_on.is_none());
        let mut cases: Vec<Case> = firsts.into_iter().map(|first| Case { first, riders: Vec::new() }).collect();
        for rider in riders {
            let of = |case: &&mut Case| Some(case.first.intent.id) == rider.intent.rides_on;
            match cases.iter_mut().find(of) {
                Some(case) => case.riders.push(rider),
                None => cases.push(Case { first: rider, riders: Vec::new() }),
            }
        }
        cases
    }

    pub fn first(&self) -> &Intent {
        &self.first.intent
    }

    pub fn position(&self) -> PositionId {
        self.first.intent.position
    }

    fn members(&self) -> impl Iterator<Item = &Action> {
        std::iter::once(&self.first).chain(&self.riders)
    }

    /// Those whose fate is asked for, oldest first.
    pub fn open(&self) -> impl Iterator<Item = &Intent> {
        self.members().filter(|action| action.state.is_open()).map(|action| &action.intent)
    }

    /// Those that may still arrive.
    pub fn in_flight(&self) -> impl Iterator<Item = &Intent> {
        let flies = |action: &&Action| matches!(action.state, ActionState::Intent | ActionState::Unknown);
        self.members().filter(flies).map(|action| &action.intent)
    }

    pub fn is_frozen(&self) -> bool {
        self.members().any(|action| action.state == ActionState::Frozen)
    }

    /// The action of unknown fate that an emergency may be made beside.
    pub fn unknown_beside(&self) -> Option<&Intent> {
        let alone = self.riders.iter().all(|rider| !rider.state.is_open());
        (alone && self.first.can_be_ridden_on()).then_some(&self.first.intent)
    }

    /// What an earlier owner wrote may arrive as long after a change of owner as its own clock said at worst.
    #[must_use]
    pub fn fenced_no_earlier(mut self, time: Timestamp) -> Case {
        for action in std::iter::once(&mut self.first).chain(&mut self.riders) {
            action.intent.not_after = action.intent.not_after.max(time);
        }
        self
    }

    /// How long after `now` the last of them is certain.
    pub fn certain_in(&self, now: Timestamp) -> Millis {
        let last = self.open().map(|intent| intent.not_after.plus(super::CLOCK_SKEW)).max();
        last.map_or(Millis::ZERO, |last| last.since(now))
    }

    /// The margin that the position would have now, had none of the open actions happened.
    pub fn margin_without(&self, position: &Position, funding_paid: Sats) -> Result<Sats, Overflow> {
        let before = self.first();
        let cashed_in = position.cashed_in_margin.checked_sub(before.cashed_in_margin_before)?;
        let proved = self.members().filter(|action| action.state == ActionState::Proved);
        let added = Sats::checked_sum(proved.map(|action| action.intent.amount()))?;
        before.margin_before.checked_add(added)?.checked_sub(funding_paid)?.checked_sub(cashed_in)
    }

    /// What has become of an open one.
    pub fn settle(&mut self, intent: &Intent, state: ActionState) {
        for action in std::iter::once(&mut self.first).chain(&mut self.riders) {
            if action.intent.id == intent.id {
                action.state = state;
            }
        }
    }

    pub fn is_settled(&self) -> bool {
        self.open().next().is_none()
    }
}

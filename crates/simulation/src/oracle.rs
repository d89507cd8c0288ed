//! The judge: compares what the exchange did with what the journal and the ledger say.

use crate::plan::Plan;
use crate::vigil::{Episode, is_explained};
use crate::wire::Sent;
use crate::world::{ByHand, Landing, World};
use domain::action::{Action, Change};
use domain::{AccountId, ActionState, LedgerEntry, PositionId, Sats, Timestamp};
use paper::CallKind;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error("{0} calls went out that no intent stands for")]
    NoIntent(u32),
    #[error("{0} intents were sent twice by the guard")]
    SentTwice(u32),
    #[error(
        "position {position}: the exchange made {accepted} top-ups of {amount} sats, the journal knows {proved} proved and {frozen} frozen"
    )]
    Adds { position: PositionId, amount: i64, accepted: usize, proved: usize, frozen: usize },
    #[error("position {position}: {added} sats in {actions} top-ups exceed the rule")]
    Cap { position: PositionId, added: i64, actions: u32 },
    #[error("one day's top-ups come to {0} sats and exceed the rule")]
    DayCap(i64),
    #[error("an action is still open after all is calm: {0:?}")]
    NeverSettled(ActionState),
    #[error("position {position} was past its trigger from {since:?} to {until:?} and nothing was said in time")]
    Unexplained { position: PositionId, since: Timestamp, until: Timestamp },
    #[error("a top-up of {amount} sats left {left} sats in the wallet, and {reserve} are reserved")]
    Reserve { amount: i64, left: i64, reserve: i64 },
    #[error("{0} calls were about positions of another account")]
    Foreign(u32),
    #[error("an action of this account stands for position {0} of another")]
    ForeignIntent(PositionId),
    #[error("the exchange's books do not balance: {0}")]
    Books(String),
}

/// An account with all that was said and done about it.
pub struct House<'a> {
    pub account: AccountId,
    pub plan: &'a Plan,
    pub actions: Vec<Action>,
    pub ledger: Vec<LedgerEntry>,
}

/// The judgement over one account's whole story, once all is calm.
pub fn judge(world: &World, house: &House<'_>, sent: &Sent, alarms: &[LedgerEntry]) -> Vec<Violation> {
    let House { account, plan, actions, ledger } = house;
    let mut found = Vec::new();
    found.extend((0 < sent.without_intent).then_some(Violation::NoIntent(sent.without_intent)));
    found.extend((0 < sent.twice).then_some(Violation::SentTwice(sent.twice)));
    found.extend((0 < sent.foreign).then_some(Violation::Foreign(sent.foreign)));
    let open = actions.iter().map(|action| action.state);
    let open = open.filter(|state| matches!(state, ActionState::Intent | ActionState::Unknown));
    found.extend(open.map(Violation::NeverSettled));
    found.extend(world.venue.lock().check_conservation().err().map(|error| Violation::Books(error.to_string())));
    let foreign = actions.iter().filter(|action| !world.is_owner(*account, action.intent.position));
    found.extend(foreign.map(|action| Violation::ForeignIntent(action.intent.position)));
    let accepted = accepted_adds(world, *account);
    found.extend(compare(&accepted, actions));
    found.extend(check_caps(&accepted, plan));
    found.extend(check_reserve(world, *account, plan));
    let episodes = world.vigil().episodes.clone();
    let silent = episodes.into_iter().filter(|it| it.account == *account && !is_explained(it, ledger, alarms));
    found.extend(silent.map(|Episode { position, since, until, .. }| Violation::Unexplained {
        position,
        since,
        until,
    }));
    found
}

/// Top-ups that the exchange made and no hand did, with their market time.
fn accepted_adds(world: &World, account: AccountId) -> Vec<(PositionId, Sats, Timestamp)> {
    let mut by_hand = world.state().by_hand.clone();
    let venue = world.venue.lock();
    let adds = venue.audit().iter().filter(|call| call.kind == CallKind::AddMargin && call.account == account);
    adds.filter_map(|call| {
        let add = (call.position, call.amount.unwrap_or_default());
        match by_hand.iter().position(|hand| (hand.position, hand.added) == add) {
            Some(index) => {
                by_hand.swap_remove(index);
                None
            }
            None => Some((add.0, add.1, call.at)),
        }
    })
    .collect()
}

/// A guard leaves the reserve alone. What a hand took from the wallet after the guard had begun to read it, no guard can
/// know; that much is excused.
fn check_reserve(world: &World, account: AccountId, plan: &Plan) -> Vec<Violation> {
    let reserve = plan.policy.limits().wallet_reserve.get();
    let state = world.state();
    let broken = |landing: &&Landing| {
        let known_until = landing.call.since;
        let is_news = |hand: &&ByHand| known_until <= hand.at && hand.at <= landing.at;
        let unknown: i64 = state.by_hand.iter().filter(is_news).map(|hand| hand.added.get()).sum();
        landing.call.account == account && landing.left.get().saturating_add(unknown) < reserve
    };
    let violation =
        |landing: &Landing| Violation::Reserve { amount: landing.amount.get(), left: landing.left.get(), reserve };
    state.landings.iter().filter(broken).map(violation).collect()
}

fn compare(accepted: &[(PositionId, Sats, Timestamp)], actions: &[Action]) -> Vec<Violation> {
    let mut kinds: BTreeMap<(PositionId, i64), [usize; 3]> = BTreeMap::new();
    for (position, amount, _) in accepted {
        kinds.entry((*position, amount.get())).or_default()[0] += 1;
    }
    for Action { intent, state } in actions {
        let Change::AddMargin { amount } = intent.change else { continue };
        let counts = kinds.entry((intent.position, amount.get())).or_default();
        match state {
            ActionState::Proved => counts[1] += 1,
            ActionState::Frozen | ActionState::Counted => counts[2] += 1,
            ActionState::Intent | ActionState::Unknown | ActionState::Refuted => {}
        }
    }
    let differs = |[accepted, proved, frozen]: [usize; 3]| accepted < proved || proved + frozen < accepted;
    let violation = |((position, amount), counts): ((PositionId, i64), [usize; 3])| {
        let [accepted, proved, frozen] = counts;
        differs(counts).then_some(Violation::Adds { position, amount, accepted, proved, frozen })
    };
    kinds.into_iter().filter_map(violation).collect()
}

fn check_caps(accepted: &[(PositionId, Sats, Timestamp)], plan: &Plan) -> Vec<Violation> {
    let limits = plan.policy.limits();
    let mut positions: BTreeMap<PositionId, (i64, u32)> = BTreeMap::new();
    let mut days: BTreeMap<Timestamp, i64> = BTreeMap::new();
    let mut found = Vec::new();
    for (position, amount, at) in accepted {
        let sum = positions.entry(*position).or_default();
        *sum = (sum.0 + amount.get(), sum.1 + 1);
        *days.entry(at.start_of_day()).or_default() += amount.get();
        if limits.per_action < *amount {
            found.push(Violation::Cap { position: *position, added: amount.get(), actions: 1 });
        }
    }
    let over = |(added, actions): (i64, u32)| limits.per_position.get() < added || limits.max_actions < actions;
    let of_positions = positions.into_iter().filter(|(_, sum)| over(*sum));
    found.extend(of_positions.map(|(position, (added, actions))| Violation::Cap { position, added, actions }));
    found.extend(days.into_values().filter(|day| limits.per_day.get() < *day).map(Violation::DayCap));
    found
}

//! The judge: compares what the exchange did with what the journal and the ledger say.

use crate::plan::Plan;
use crate::wire::Sent;
use crate::world::World;
use domain::action::{Action, Change};
use domain::{ActionState, LedgerEntry, LedgerOutcome, PositionId, Sats, Timestamp};
use engine::contract;
use paper::CallKind;
use service::Clock;
use std::collections::BTreeMap;
use store::{LedgerFilter, Store, StoreError};

/// A crossing is explained within this: a look may take a while where the network is slow.
const EXPLAINED_WITHIN_MS: i64 = 2_000;

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
    #[error("position {position} was past its trigger since {since:?} and nothing was said")]
    Unexplained { position: PositionId, since: Timestamp },
    #[error("the exchange's books do not balance: {0}")]
    Books(String),
}

/// Follows how long each position has been past its trigger.
#[derive(Default)]
pub struct Crossings(BTreeMap<PositionId, Timestamp>);

impl Crossings {
    /// To be asked after each look that was finished. `looked_from` is when the look began to read.
    pub async fn check(
        &mut self,
        world: &World,
        plan: &Plan,
        store: &dyn Store,
        looked_from: Timestamp,
    ) -> Result<Option<Violation>, StoreError> {
        for (position, since) in self.follow(world, plan) {
            if looked_from.since(since).get() < EXPLAINED_WITHIN_MS {
                continue;
            }
            let ledger = store.list_ledger(world.account, LedgerFilter::newest(200)).await?;
            if !is_explained(&ledger, position, since) {
                return Ok(Some(Violation::Unexplained { position, since }));
            }
        }
        Ok(None)
    }

    fn follow(&mut self, world: &World, plan: &Plan) -> Vec<(PositionId, Timestamp)> {
        let now = world.clock.now();
        let venue = world.venue.lock();
        // Judged by what the feed has told: a silence is alarmed once it is too long, and explains nothing before.
        let Some(tick) = world.prices.borrow().map(|price| price.tick) else { return Vec::new() };
        let crossed: Vec<PositionId> = venue
            .running(world.account)
            .iter()
            .map(|trade| trade.position)
            .filter(|at| contract::distance(at.side, tick.mark(at.side), at.liquidation) <= plan.policy.trigger())
            .map(|position| position.id)
            .collect();
        self.0.retain(|position, _| crossed.contains(position));
        crossed.into_iter().map(|position| (position, *self.0.entry(position).or_insert(now))).collect()
    }
}

/// Something was said since it crossed; or what was said last, of the position or of the whole account, goes on.
fn is_explained(newest_first: &[LedgerEntry], position: PositionId, since: Timestamp) -> bool {
    let of = |wanted| newest_first.iter().find(move |entry: &&LedgerEntry| entry.position == wanted);
    let goes_on = |entry: &LedgerEntry| match entry.outcome {
        LedgerOutcome::Held => !matches!(entry.reason, domain::Reason::AboveTrigger { .. }),
        LedgerOutcome::Refused | LedgerOutcome::Alarmed => true,
        LedgerOutcome::Acted | LedgerOutcome::Noted => false,
    };
    let explains = |entry: &LedgerEntry| since <= entry.at || goes_on(entry);
    [of(Some(position)), of(None)].into_iter().flatten().any(explains)
}

/// The judgement over a whole story, once all is calm.
pub fn judge(world: &World, plan: &Plan, actions: &[Action], sent: &Sent) -> Vec<Violation> {
    let mut found = Vec::new();
    found.extend((0 < sent.without_intent).then_some(Violation::NoIntent(sent.without_intent)));
    found.extend((0 < sent.twice).then_some(Violation::SentTwice(sent.twice)));
    let open = actions.iter().map(|action| action.state);
    let open = open.filter(|state| matches!(state, ActionState::Intent | ActionState::Unknown));
    found.extend(open.map(Violation::NeverSettled));
    found.extend(world.venue.lock().check_conservation().err().map(|error| Violation::Books(error.to_string())));
    let accepted = accepted_adds(world);
    found.extend(compare(&accepted, actions));
    found.extend(check_caps(&accepted, plan));
    found
}

/// Top-ups that the exchange made and no hand did, with their market time.
fn accepted_adds(world: &World) -> Vec<(PositionId, Sats, Timestamp)> {
    let mut by_hand = world.state().by_hand.clone();
    let venue = world.venue.lock();
    let adds = venue.audit().iter().filter(|call| call.kind == CallKind::AddMargin);
    adds.filter_map(|call| {
        let add = (call.position, call.amount.unwrap_or_default());
        match by_hand.iter().position(|hand| *hand == add) {
            Some(index) => {
                by_hand.swap_remove(index);
                None
            }
            None => Some((add.0, add.1, call.at)),
        }
    })
    .collect()
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

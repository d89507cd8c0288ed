//! Why at that time: the ledger, its runs and the journal put together for one position.

use domain::action::Action;
use domain::why::{Deed, Run, Step, Why};
use domain::{AccountId, PositionId, Timestamp};
use store::{Store, StoreError};

/// How far back an answer goes.
const STEPS: u32 = 100;

/// Why the guard did what it did with a position at a time of our own clock; `None` asks about the newest decision.
pub async fn explain(
    store: &dyn Store,
    account: AccountId,
    position: PositionId,
    at: Option<Timestamp>,
) -> Result<Why, StoreError> {
    explain_with(store, account, position, at, |_| None).await
}

/// The same, where `newer` may know more of a run than is stored.
pub(crate) async fn explain_with(
    store: &dyn Store,
    account: AccountId,
    position: PositionId,
    at: Option<Timestamp>,
    newer: impl Fn(i64) -> Option<Run>,
) -> Result<Why, StoreError> {
    let until = at.unwrap_or(Timestamp::from_unix_ms(i64::MAX));
    let mut steps = store.list_steps(account, position, until, STEPS).await?;
    for step in &mut steps {
        step.run = newer(step.entry.seq).or(step.run);
    }
    let action = store.find_newest_action(account, position, until).await?;
    let deed = action.map(|action| deed(&action, &steps));
    Ok(Why::of(position, at, steps, deed))
}

fn deed(action: &Action, steps: &[Step]) -> Deed {
    let Action { intent, state } = action;
    let about = steps.iter().rev().map(|step| &step.entry).filter(|entry| entry.reason.action() == Some(intent.id));
    Deed {
        action: intent.id,
        change: intent.change,
        state: *state,
        written_at: intent.written_at,
        guard_version: intent.guard_version,
        margin_before: intent.margin_before,
        liquidation_before: intent.liquidation_before,
        proof: about.cloned().collect(),
    }
}

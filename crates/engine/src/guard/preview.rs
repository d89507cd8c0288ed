//! What a rule would do to a position, told before it is armed.

use super::{TopUp, needed, top_up};
use crate::contract::{Terms, after_add_margin, distance, leverage_of, liquidation, trigger_price};
use crate::risk::Spent;
use domain::{Bps, GuardPolicy, Position, Price, Sats, Side, Timestamp};

/// The falls (for a short: rises) at which the cost of a rescue is shown: 5 % and 10 %.
const SHOWN: [Bps; 2] = [Bps::new(500), Bps::new(1_000)];

/// What a rule would do to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Sats that restoring the target takes at the present mark, before any limit; zero where it is there already.
    pub needed_now: Sats,
    /// The same with the price 5 % and 10 % against the position, and no top-up before.
    pub needed_at: [(Price, Sats); 2],
    /// The position if it were topped up now, within the limits; `None` where nothing would be added.
    pub after: Option<AfterTopUp>,
    /// The free balance after that top-up.
    pub free_after: Sats,
    /// What a liquidation takes as things stand: margin and fee reserve.
    pub loss_if_liquidated_before: Sats,
    /// What a liquidation takes once the guard has spent all that its limits and the wallet allow.
    pub loss_if_liquidated_after: Sats,
    /// How far the price can run against the position until the guard can add no more. The end of the range of prices
    /// where it always can.
    pub covers_to: Price,
    /// The same as a share of the present mark; zero where the price calls for the guard now and it can't add.
    pub covers_fall: Bps,
    /// The liquidation once the guard can add no more.
    pub last_liquidation: Price,
    /// How many top-ups that run takes.
    pub top_ups: u32,
    /// How many sats that run takes.
    pub spends: Sats,
}

/// A position after one top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterTopUp {
    pub amount: Sats,
    pub terms: Terms,
    pub distance: Bps,
}

/// Works out what the rule would do from here, as if its cooldown were always over and the day never ended.
pub fn preview(policy: &GuardPolicy, position: &Position, mark: Price, free: Sats, spent: &Spent) -> Preview {
    let after = after_top_up(policy, position, mark, free, spent);
    let run = run_against(policy, position, mark, free, spent);
    let loss = |margin: Sats| Sats::new(margin.get().saturating_add(position.fee_reserve.get()));
    Preview {
        needed_now: needed(policy, position, mark),
        needed_at: SHOWN.map(|fall| {
            let mark = moved_against(position.side, mark, fall);
            (mark, needed(policy, position, mark))
        }),
        free_after: after.map_or(free, |after| Sats::new(free.get().saturating_sub(after.amount.get()))),
        after,
        loss_if_liquidated_before: loss(position.margin),
        loss_if_liquidated_after: loss(run.position.margin),
        covers_to: run.end,
        covers_fall: distance(position.side, mark, run.end),
        last_liquidation: run.position.liquidation,
        top_ups: run.spent.position_actions.saturating_sub(spent.position_actions),
        spends: Sats::new(run.spent.position.get().saturating_sub(spent.position.get())),
    }
}

fn after_top_up(
    policy: &GuardPolicy,
    position: &Position,
    mark: Price,
    free: Sats,
    spent: &Spent,
) -> Option<AfterTopUp> {
    let TopUp::Approved(approved) = top_up(policy, position, mark, free, spent) else { return None };
    let amount = approved.get().amount;
    let terms = after_add_margin(position.side, position.quantity, position.entry, position.margin, amount).ok()?;
    Some(AfterTopUp { amount, terms, distance: distance(position.side, mark, terms.liquidation) })
}

struct Run {
    position: Position,
    spent: Spent,
    end: Price,
}

/// Lets the price run against the position from trigger to trigger. Ends, for the number of top-ups is limited.
fn run_against(policy: &GuardPolicy, position: &Position, mark: Price, free: Sats, spent: &Spent) -> Run {
    let (mut position, mut spent, mut free, mut mark) = (*position, *spent, free, mark);
    loop {
        let trigger = trigger_price(position.side, position.liquidation, policy.trigger());
        mark = worse(position.side, mark, trigger);
        let end = match top_up(policy, &position, mark, free, &spent) {
            TopUp::Approved(approved) => {
                let amount = approved.get().amount;
                free = Sats::new(free.get().saturating_sub(amount.get()));
                spent = spent.plus(amount, Timestamp::EPOCH);
                position = topped_up(&position, amount);
                continue;
            }
            TopUp::Refused(_) => mark,
            TopUp::NotNeeded => end_of_range(position.side),
        };
        return Run { position, spent, end };
    }
}

fn topped_up(position: &Position, amount: Sats) -> Position {
    let Position { side, quantity, entry, .. } = *position;
    let margin = Sats::new(position.margin.get().saturating_add(amount.get()));
    Position {
        margin,
        leverage: leverage_of(quantity, entry, margin),
        liquidation: liquidation(side, quantity, entry, margin),
        ..*position
    }
}

fn worse(side: Side, one: Price, other: Price) -> Price {
    match side {
        Side::Long => one.min(other),
        Side::Short => one.max(other),
    }
}

fn end_of_range(side: Side) -> Price {
    match side {
        Side::Long => Price::MIN,
        Side::Short => Price::MAX,
    }
}

fn moved_against(side: Side, mark: Price, fall: Bps) -> Price {
    let whole = i128::from(Bps::ONE.get());
    let share = match side {
        Side::Long => whole - i128::from(fall.get()),
        Side::Short => whole + i128::from(fall.get()),
    };
    Price::clamped(i128::from(mark.ticks()) * share / whole)
}

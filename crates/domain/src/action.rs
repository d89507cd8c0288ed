//! What Axisor means to change at the exchange, and what became of it.

use crate::order::NewOrder;
use crate::{AccountId, ActionId, GuardId, PositionId, Price, Sats, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A change at the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    AddMargin {
        amount: Sats,
    },
    Close,
    /// Takes it from the profit first, then from the margin.
    CashIn {
        amount: Sats,
    },
    /// The position does not exist yet: the action's own id stands for it, and is the name under which the order is
    /// looked up.
    Open {
        order: NewOrder,
    },
    /// `None` removes it.
    StopLoss {
        price: Option<Price>,
    },
    /// `None` removes it.
    TakeProfit {
        price: Option<Price>,
    },
    /// Takes back an order that waits for its price.
    Cancel,
}

impl Change {
    /// It is about an order, and so about no position that runs.
    pub const fn is_about_order(&self) -> bool {
        matches!(self, Change::Open { .. } | Change::Cancel)
    }

    /// It puts money at stake, or takes margin away: not while the breaker is down. The others leave less at stake.
    pub const fn is_held_by_breaker(&self) -> bool {
        matches!(self, Change::AddMargin { .. } | Change::CashIn { .. } | Change::Open { .. })
    }
}

/// An entry of the intent journal: written before the call, so that a call whose fate is unknown can be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub id: ActionId,
    pub account: AccountId,
    pub position: PositionId,
    pub change: Change,
    /// The top-up of unknown fate beside which this one is made, because liquidation was nearer than that one's proof.
    pub rides_on: Option<ActionId>,
    /// The guard and its version that asked for it; nil and 0 where a person did.
    pub guard: GuardId,
    pub guard_version: u32,
    /// Who asked for it by hand.
    #[serde(default)]
    pub asked_by: Option<UserId>,
    /// The position's margin before the call.
    pub margin_before: Sats,
    /// Funding over the position's life before the call; positive means paid.
    pub funding_before: Sats,
    /// What cash-ins had taken from the margin before the call.
    pub cashed_in_margin_before: Sats,
    /// What cash-ins had taken from profit before the call.
    #[serde(default)]
    pub cashed_in_pnl_before: Sats,
    pub liquidation_before: Price,
    /// When it was written, by our own clock.
    pub written_at: Timestamp,
    /// When it was written, by the market's clock.
    pub market_at: Timestamp,
    /// From then on, by our own clock, the exchange no longer accepts the call's signature.
    pub not_after: Timestamp,
}

impl Intent {
    /// The sats that it moves into the margin; none for anything but a top-up.
    pub const fn amount(&self) -> Sats {
        match self.change {
            Change::AddMargin { amount } => amount,
            _ => Sats::ZERO,
        }
    }

    /// The sats of it that count against the guard's limits: what a person adds by hand does not.
    pub const fn spends(&self) -> Option<Sats> {
        match (self.change, self.asked_by) {
            (Change::AddMargin { amount }, None) => Some(amount),
            _ => None,
        }
    }
}

/// An intent with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    pub intent: Intent,
    pub state: ActionState,
}

impl Action {
    /// It may still happen, and leaves the position running: nothing but an emergency may be added beside it.
    pub const fn can_be_ridden_on(&self) -> bool {
        let runs_on = !matches!(self.intent.change, Change::Close | Change::Open { .. } | Change::Cancel);
        runs_on && self.intent.rides_on.is_none() && matches!(self.state, ActionState::Intent | ActionState::Unknown)
    }
}

/// What is known of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// Written, and perhaps sent. After a crash nobody knows, so it is looked up.
    Intent,
    /// Sent, and the exchange's answer was lost. It is looked up.
    Unknown,
    /// It happened: shown by the exchange's answer or by reading back.
    Proved,
    /// It did not happen and can't any more.
    Refuted,
    /// The books do not add up, so no person's money is moved on them until a person has looked.
    Frozen,
    /// It can't happen any more, and the books of its closed position do not tell whether it did. The limits count it.
    Counted,
}

impl ActionState {
    pub const ALL: [ActionState; 6] = [
        ActionState::Intent,
        ActionState::Unknown,
        ActionState::Proved,
        ActionState::Refuted,
        ActionState::Frozen,
        ActionState::Counted,
    ];

    /// Blocks any further action on the position.
    pub const fn is_open(self) -> bool {
        matches!(self, ActionState::Intent | ActionState::Unknown | ActionState::Frozen)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            ActionState::Intent => "intent",
            ActionState::Unknown => "unknown",
            ActionState::Proved => "proved",
            ActionState::Refuted => "refuted",
            ActionState::Frozen => "frozen",
            ActionState::Counted => "counted",
        }
    }
}

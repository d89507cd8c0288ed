//! The decision ledger: why Axisor acted, or did not.

use crate::action::Change;
use crate::brake::{Gauge, Remains, StopScope, Stopped};
use crate::guard_policy::AtLimit;
use crate::order::Turn;
use crate::{AccountId, ActionId, Bps, KeyFault, Millis, PositionId, Price, Sats, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// One decision that mattered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Counts up through all entries; the resume point of a reader. 0 until it is stored.
    pub seq: i64,
    pub account: AccountId,
    pub position: Option<PositionId>,
    /// By our own clock.
    pub at: Timestamp,
    /// By the market's clock: where it belongs on a chart.
    pub market_at: Timestamp,
    /// The price that was decided on.
    pub price: Option<Price>,
    /// The distance to liquidation that was decided on.
    pub distance: Option<Bps>,
    pub outcome: LedgerOutcome,
    pub reason: Reason,
}

/// How a decision ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerOutcome {
    /// Money moved.
    Acted,
    /// Nothing was needed.
    Held,
    /// Something was needed, and the limits forbade it.
    Refused,
    /// A person should look.
    Alarmed,
    /// Something happened that was not Axisor's decision.
    Noted,
}

impl LedgerOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            LedgerOutcome::Acted => "acted",
            LedgerOutcome::Held => "held",
            LedgerOutcome::Refused => "refused",
            LedgerOutcome::Alarmed => "alarmed",
            LedgerOutcome::Noted => "noted",
        }
    }
}

/// A limit of the guard that made it add less than it wanted, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    PerAction,
    PerPosition,
    PerDay,
    WalletReserve,
    MaxActions,
    /// More margin would take the position below 1x.
    OneX,
}

/// Why. Carries the numbers that the sentence needs, so that it can be told in any language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // ---- held
    /// The distance is above the trigger.
    AboveTrigger {
        distance: Bps,
        trigger: Bps,
    },
    /// A top-up came less than the cooldown ago.
    CooldownActive {
        until: Timestamp,
    },
    /// An action's fate is being looked up.
    AwaitingProof {
        action: ActionId,
    },
    /// The position already has the margin that the target asks for.
    AtTarget {
        distance: Bps,
        target: Bps,
    },
    /// One price jumped and nothing has confirmed it yet.
    AwaitingConfirmation {
        seen: Price,
    },
    /// The exchange refused a call a moment ago; until then, by our own clock, it is not tried again.
    RestingAfterRefusal {
        until: Timestamp,
    },

    // ---- acted
    MarginAdded {
        action: ActionId,
        amount: Sats,
        wanted: Sats,
        capped_by: Option<Limit>,
        trigger: Bps,
        margin_before: Sats,
        margin_after: Sats,
        liquidation_before: Price,
        liquidation_after: Price,
        distance_after: Bps,
    },
    /// A limit stopped the guard, and its policy closed the position.
    ClosedAtLimit {
        action: ActionId,
        limit: Limit,
        exit: Price,
        pnl: Sats,
    },
    /// Shadow: what a live guard would have done.
    WouldAddMargin {
        amount: Sats,
        wanted: Sats,
        capped_by: Option<Limit>,
    },
    WouldClose {
        limit: Limit,
    },

    // ---- refused
    /// Nothing may be spent: `used` of `limit` is gone (for the reserve: `used` is the free balance).
    LimitReached {
        limit: Limit,
        used: i64,
        allowed: i64,
        wanted: Sats,
        at_limit: AtLimit,
    },
    /// The kill switch holds the guard back.
    HeldByStop {
        scope: StopScope,
    },
    /// The breaker has fallen and waits for a person.
    HeldByBreaker,
    /// The position is frozen until a person thaws it.
    HeldByFreeze,
    /// A program that was alone guarded this account, may have gone on beside the database, and its journal is not here:
    /// what it sent may arrive until then.
    HeldByUnknownJournal {
        until: Timestamp,
    },

    // ---- alarmed
    /// Too much was added by all guards together; nothing more is sent until a person has looked.
    BreakerTripped {
        gauge: Gauge,
        used: i64,
        allowed: i64,
    },
    /// The price reached the trigger, and for so long no look has answered it.
    CrossingUnanswered {
        price: Price,
        waited: Millis,
    },
    /// Another process has taken over this account; this one only watches.
    LeaseLost,
    /// Programs of different releases serve this database; nothing is sent until only one is left.
    ReleasesDiffer {
        ours: String,
        theirs: String,
    },
    /// The exchange's answer was lost; it is being looked up, not repeated.
    OutcomeUnknown {
        action: ActionId,
        amount: Option<Sats>,
        detail: String,
    },
    /// The exchange refused the call.
    ExchangeRefused {
        action: ActionId,
        amount: Option<Sats>,
        status: u16,
        message: String,
    },
    /// The books of this position do not add up; it is frozen until a person has looked.
    BooksDisagree {
        action: ActionId,
        expected_margin: Sats,
        margin: Sats,
    },
    /// Margin is gone that neither funding nor a cash-in took; the position is frozen until a person has looked.
    MarginMissing {
        expected_margin: Sats,
        margin: Sats,
    },
    /// The database does not answer; the guard goes on with what it remembers, and keeps a journal of its own.
    DatabaseLost,
    /// No list of the exchange names it, or what it says of it cannot be read, and nothing proves that it ended.
    PositionLost {
        margin: Sats,
        liquidation: Price,
    },
    PositionLiquidated {
        exit: Price,
        margin_lost: Sats,
    },
    /// The price is too old to decide on.
    PriceStale {
        age: Millis,
    },
    PriceBack {
        gap: Millis,
    },
    /// The account cannot be read.
    ExchangeUnreadable {
        detail: String,
    },
    ExchangeReadable,
    /// The key does not let the guard act: it is armed, and has no effect. The detail is the exchange's own words, or
    /// what the key may do or lacks.
    KeyUnfit {
        fault: KeyFault,
        detail: String,
    },
    /// The wallet would not cover the next rescue.
    RescueUnderfunded {
        needed: Sats,
        free: Sats,
    },

    // ---- noted
    /// The price reached the trigger and had turned back when the guard looked.
    CrossedAndBack {
        crossed: Price,
        after: Millis,
    },
    PositionAdopted {
        margin: Sats,
        liquidation: Price,
    },
    PositionClosedElsewhere {
        exit: Price,
        pnl: Sats,
    },
    MarginChangedElsewhere {
        margin_before: Sats,
        margin_after: Sats,
    },
    GuardSaved {
        version: u32,
        state: crate::GuardState,
    },
    /// An action whose fate was unknown has been looked up.
    LookedUp {
        action: ActionId,
        happened: bool,
        amount: Option<Sats>,
    },
    /// A top-up to a position that is closed by now: its books do not tell whether it arrived. The limits count it.
    CannotBeTold {
        action: ActionId,
    },
    /// Beside a top-up of unknown fate, because liquidation was nearer than the proof. That one is counted as spent.
    AddedInEmergency {
        action: ActionId,
        rides_on: ActionId,
        amount: Sats,
    },
    /// A person pulled the kill switch; `open` positions with `margin` go on running.
    StopPulled {
        scope: StopScope,
        stopped: Stopped,
        open: u32,
        margin: Sats,
        #[serde(default)]
        remains: Remains,
    },
    StopReleased {
        scope: StopScope,
        stopped: Stopped,
    },
    BreakerRearmed,
    /// A person has looked, and the position is guarded again.
    Thawed,
    /// The database answers again, and holds what was journaled meanwhile.
    DatabaseBack {
        merged: u32,
    },
    /// The key lets the guard act again.
    KeyFit,

    // ---- whatever it came to
    /// A person asked for it, and this is how far it has come.
    ByHand {
        action: ActionId,
        by: UserId,
        change: Change,
        turn: Turn,
    },
}

impl Reason {
    /// The action that this is about, where it is about one.
    pub const fn action(&self) -> Option<ActionId> {
        match self {
            Reason::AwaitingProof { action }
            | Reason::MarginAdded { action, .. }
            | Reason::ClosedAtLimit { action, .. }
            | Reason::OutcomeUnknown { action, .. }
            | Reason::ExchangeRefused { action, .. }
            | Reason::BooksDisagree { action, .. }
            | Reason::LookedUp { action, .. }
            | Reason::CannotBeTold { action }
            | Reason::ByHand { action, .. } => Some(*action),
            _ => None,
        }
    }
}

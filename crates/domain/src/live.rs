//! What a browser is told while it watches.

use crate::account::{AccountSummary, KeyFault};
use crate::brake::Brakes;
use crate::guard_policy::Guard;
use crate::{Bps, Candle, LedgerEntry, Millis, Position, PositionId, Price, Rate, Sats, Tick, Timestamp};
use serde::{Deserialize, Serialize};

/// One event of the stream that a page follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveEvent {
    /// The price moved.
    Tick(LiveTick),
    /// The bar that holds the newest price, complete or not.
    Candle(Candle),
    /// The account was read or changed; replaces all that was known.
    Account(Box<AccountSnapshot>),
    /// A decision was recorded.
    Decision(Box<LedgerEntry>),
    /// A decision that its owner is to be told of.
    Notice(Box<LedgerEntry>),
    /// Events were missed: read everything again.
    Resync,
}

/// A tick with its age, which the server alone can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveTick {
    pub tick: Tick,
    /// How long ago the price reached the server, when this was sent.
    pub age: Millis,
    /// Too old to decide on.
    pub stale: bool,
}

/// An account as its owner's dashboard shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSnapshot {
    pub account: AccountSummary,
    /// `None` until the account was first read.
    pub wallet: Option<Sats>,
    pub positions: Vec<PositionSnapshot>,
    /// Wallet, margins, fee reserves and unrealised P&L.
    pub equity: Option<Sats>,
    pub margin_used: Sats,
    pub unrealised_pnl: Sats,
    /// The position nearest to its liquidation.
    pub closest: Option<ClosestLiquidation>,
    pub guard: Option<GuardSnapshot>,
    pub funding: Option<ComingFunding>,
    /// How long ago the account was last read whole, when this was made.
    pub read_age: Option<Millis>,
    /// How long ago the guard last looked at every position, when this was made.
    pub check_age: Option<Millis>,
    /// What the page must say in red, if anything.
    pub alarm: Option<Alarm>,
    /// What a person, or the breaker, holds back.
    #[serde(default)]
    pub brakes: Brakes,
    /// Limit orders that wait for their price.
    #[serde(default)]
    pub orders: Vec<Position>,
    pub made_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionSnapshot {
    pub position: Position,
    pub mark: Option<Price>,
    pub distance: Option<Bps>,
    /// Where the guard will act, if one covers the position.
    pub guard_trigger: Option<Price>,
    /// Sats that the guard has added over the position's life.
    pub added: Sats,
    pub actions: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosestLiquidation {
    pub position: PositionId,
    pub distance: Bps,
    pub liquidation: Price,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardSnapshot {
    pub guard: Guard,
    pub effect: GuardEffect,
    /// Sats added today (UTC, market time) over all positions.
    pub added_today: Sats,
}

/// Whether an armed guard can do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardEffect {
    Off,
    Watching,
    /// Shadow: decides, sends nothing.
    Shadowing,
    /// A limit is spent.
    Capped,
    /// Armed, but nothing is free to add.
    IneffectiveNoFunds,
    /// Armed, but blind.
    IneffectiveNoPrice,
    IneffectiveNoAccount,
    /// Armed, but its key does not let it act.
    IneffectiveKey(KeyFault),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComingFunding {
    pub rate: Rate,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    PriceStale,
    ExchangeUnreadable,
    PositionFrozen,
    /// A price has reached a trigger, and no look has answered it in time.
    GuardLate,
    /// Another process guards this account.
    GuardedElsewhere,
    /// Programs of different releases serve the database.
    ReleasesDiffer,
    /// The kill switch holds the guard back.
    GuardStopped,
    BreakerTripped,
    /// The database does not answer; the guard goes on with a journal of its own.
    DatabaseLost,
    /// The key does not let the guard act.
    KeyUnfit(KeyFault),
    /// A position can neither be read nor proven to have ended.
    PositionLost,
}

//! What a person asks of an exchange by hand, and what became of it.

use crate::brake::StopScope;
use crate::position::NewPosition;
use crate::{Price, Sats};
use serde::{Deserialize, Serialize};

/// A position to be opened: at market, or once the price comes to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrder {
    pub position: NewPosition,
    /// `None` takes the market's price.
    pub limit: Option<Price>,
}

impl From<NewPosition> for NewOrder {
    fn from(position: NewPosition) -> NewOrder {
        NewOrder { position, limit: None }
    }
}

/// What became of something that a person asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderFate {
    /// The exchange did it, and its books show it.
    Done,
    /// It was sent, and no answer can be trusted. It is looked up, and never sent again.
    Unknown,
    /// It was looked up: it did not happen and can't any more.
    DidNotHappen,
    /// The exchange said no, in its own words.
    Refused { status: u16, message: String },
    /// Nothing was sent.
    HeldBack(Hold),
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// It waited for too long; what was asked for then may not be wanted now.
    Late,
    /// There is no fresh price, and a position is opened at none.
    NoPrice,
    /// There is no such running position, or no such waiting order.
    NotThere,
    /// Something else about this position is under way.
    Busy,
    /// Another program serves the account.
    Elsewhere,
    ReleasesDiffer,
    /// The position's books do not add up.
    Frozen,
    /// A program that served the account before may have sent something that nobody knows of yet.
    Quiet,
    Stopped(StopScope),
    Breaker,
    /// The database does not answer: what is asked twice could not be told from what is asked once.
    Database,
    /// The exchange cannot be read now.
    Unreadable,
    /// The key does not allow it.
    Key,
}

/// How far something that was asked for by hand has come, as the ledger tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The exchange did it.
    Done(Effect),
    /// The exchange's answer was lost; it is being looked up, not repeated.
    Unknown { detail: String },
    /// What was unknown has been looked up.
    LookedUp { happened: bool },
    /// The exchange said no.
    Refused { status: u16, message: String },
    /// Nothing was sent.
    HeldBack(Hold),
}

/// What it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub margin_before: Sats,
    pub margin_after: Sats,
    pub liquidation_before: Price,
    pub liquidation_after: Price,
    /// Where it was entered, or left.
    pub price: Price,
    pub pnl: Sats,
}

//! A position in isolated margin.

use crate::{Leverage, PositionId, Price, Quantity, Sats, Side, Timestamp};
use serde::{Deserialize, Serialize};

/// An isolated trade as the exchange last reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub id: PositionId,
    pub side: Side,
    pub quantity: Quantity,
    /// The trade's margin, without the fee reserve.
    pub margin: Sats,
    pub leverage: Leverage,
    /// The effective entry; it moves when profit is cashed in. The limit price while the order rests.
    pub entry: Price,
    pub liquidation: Price,
    pub stop_loss: Option<Price>,
    pub take_profit: Option<Price>,
    /// What is left of the reserve for fees (the venue's `maintenanceMargin`).
    pub fee_reserve: Sats,
    /// Unrealised while running, realised once closed; before fees and funding.
    pub pnl: Sats,
    pub opening_fee: Sats,
    pub closing_fee: Sats,
    /// Funding over the position's life; positive means paid.
    pub funding: Sats,
    /// What cash-ins took from the margin over the position's life.
    pub cashed_in_margin: Sats,
    /// What cash-ins took from profit over the position's life.
    pub cashed_in_pnl: Sats,
    pub state: PositionState,
    pub created_at: Timestamp,
}

/// Where an isolated trade is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionState {
    /// A limit order that waits for its price.
    Resting,
    Running {
        filled_at: Timestamp,
    },
    Closed {
        closed_at: Timestamp,
        exit: Price,
    },
    Canceled {
        canceled_at: Timestamp,
    },
}

impl Position {
    pub const fn is_running(&self) -> bool {
        matches!(self.state, PositionState::Running { .. })
    }

    pub const fn is_closed(&self) -> bool {
        matches!(self.state, PositionState::Closed { .. })
    }
}

/// What one funding settlement took from or gave to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingFee {
    pub position: PositionId,
    pub at: Timestamp,
    /// Positive was paid out of the margin, negative was received into the wallet.
    pub fee: Sats,
}

/// What a trader asks for when opening a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPosition {
    pub side: Side,
    pub quantity: Quantity,
    pub leverage: Leverage,
    pub stop_loss: Option<Price>,
    pub take_profit: Option<Price>,
}

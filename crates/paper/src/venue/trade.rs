//! An isolated trade with what only its venue knows of it.

use domain::position::{NewPosition, PositionState};
use domain::{Leverage, Position, Price, Quantity, Sats, Side, Timestamp};
use engine::contract::{self, Terms};

/// A market order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub side: Side,
    pub size: Size,
    pub leverage: Leverage,
    pub stop_loss: Option<Price>,
    pub take_profit: Option<Price>,
    /// The client's own name for it, 1 to 64 characters.
    pub client_id: Option<String>,
}

/// How large an order is: one of the two, the venue works out the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Quantity(Quantity),
    Margin(Sats),
}

impl From<NewPosition> for Order {
    fn from(new: NewPosition) -> Order {
        let NewPosition { side, quantity, leverage, stop_loss, take_profit } = new;
        Order { side, size: Size::Quantity(quantity), leverage, stop_loss, take_profit, client_id: None }
    }
}

/// A trade, running or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    pub position: Position,
    /// The price it was filled at; the position's own entry moves when profit is cashed in.
    pub entry_price: Price,
    /// The margin it was filled with.
    pub entry_margin: Sats,
    pub filled_at: Timestamp,
    pub client_id: Option<String>,
    pub close_reason: Option<CloseReason>,
}

/// Why a trade ended. The venue's history does not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    Manual,
    StopLoss,
    TakeProfit,
    Liquidation,
    /// The margin could not bear a funding fee.
    Funding,
}

impl Trade {
    pub fn closed_at(&self) -> Option<Timestamp> {
        match self.position.state {
            PositionState::Closed { closed_at, .. } => Some(closed_at),
            _ => None,
        }
    }

    pub fn exit_price(&self) -> Option<Price> {
        match self.position.state {
            PositionState::Closed { exit, .. } => Some(exit),
            _ => None,
        }
    }

    /// Values the position at a price.
    pub(super) fn mark(&mut self, exit: Price) {
        self.position.pnl = self.pnl_at(exit);
    }

    pub(super) fn pnl_at(&self, exit: Price) -> Sats {
        let Position { side, quantity, entry, .. } = self.position;
        contract::pnl(side, quantity, entry, exit)
    }

    pub(super) fn take_terms(&mut self, terms: Terms) {
        let Terms { entry, margin, leverage, liquidation } = terms;
        self.position = Position { entry, margin, leverage, liquidation, ..self.position };
    }

    /// Whether the price at which it can be closed has reached a level on the losing side.
    pub(super) fn has_fallen_to(&self, exit: Price, level: Price) -> bool {
        match self.position.side {
            Side::Long => exit <= level,
            Side::Short => level <= exit,
        }
    }

    /// Whether the price at which it can be closed has reached a level on the winning side.
    pub(super) fn has_risen_to(&self, exit: Price, level: Price) -> bool {
        match self.position.side {
            Side::Long => level <= exit,
            Side::Short => exit <= level,
        }
    }
}

//! An isolated trade with what only its venue knows of it.

use super::trailing::TrailingDistance;
use domain::position::{NewPosition, PositionState};
use domain::{Leverage, Position, Price, Quantity, Sats, Side, Timestamp};
use engine::contract::{self, Terms};
use serde::{Deserialize, Serialize};

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

/// An order with all that the venue offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTrade {
    pub order: Order,
    /// `None`: at market.
    pub limit: Option<Price>,
    /// A stop-loss that follows the price; then the order has no fixed one.
    pub trailing: Option<TrailingDistance>,
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

impl From<Order> for NewTrade {
    fn from(order: Order) -> NewTrade {
        NewTrade { order, limit: None, trailing: None }
    }
}

/// How a trade was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderKind {
    Market,
    Limit,
}

/// From where the price has to come for a limit order to be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Approach {
    Above,
    Below,
}

impl Approach {
    pub(super) fn of(market: Price, limit: Price) -> Approach {
        if limit <= market { Approach::Above } else { Approach::Below }
    }

    /// Whether a price has reached the limit.
    pub(super) fn has_reached(self, market: Price, limit: Price) -> bool {
        match self {
            Approach::Above => market <= limit,
            Approach::Below => limit <= market,
        }
    }
}

/// A trade, from its order to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    pub position: Position,
    pub kind: OrderKind,
    /// The price it was filled at, or is to be; the position's own entry moves when profit is cashed in.
    pub entry_price: Price,
    /// The margin it was filled with, or is to be.
    pub entry_margin: Sats,
    pub filled_at: Option<Timestamp>,
    /// Its stop-loss follows the price.
    pub trailing: Option<TrailingDistance>,
    pub client_id: Option<String>,
    pub close_reason: Option<CloseReason>,
    pub(super) approach: Approach,
}

/// Why a trade ended. The venue's history does not tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CloseReason {
    Manual,
    StopLoss,
    TakeProfit,
    Liquidation,
    /// The margin could not bear a funding fee.
    Funding,
}

impl Trade {
    /// When it was closed or canceled.
    pub fn closed_at(&self) -> Option<Timestamp> {
        match self.position.state {
            PositionState::Closed { closed_at, .. } => Some(closed_at),
            PositionState::Canceled { canceled_at } => Some(canceled_at),
            PositionState::Resting | PositionState::Running { .. } => None,
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

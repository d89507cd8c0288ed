//! Which way a position or an order faces.

use serde::{Deserialize, Serialize};

/// The side of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Long,
    Short,
}

/// The side of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderSide {
    Buy,
    Sell,
}

impl Side {
    /// The order that opens a position of this side.
    pub const fn opening(self) -> OrderSide {
        match self {
            Side::Long => OrderSide::Buy,
            Side::Short => OrderSide::Sell,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Side::Long => "long",
            Side::Short => "short",
        }
    }
}

impl OrderSide {
    /// The position that an order of this side opens.
    pub const fn opens(self) -> Side {
        match self {
            OrderSide::Buy => Side::Long,
            OrderSide::Sell => Side::Short,
        }
    }
}

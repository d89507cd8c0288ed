//! What the market says now.

use crate::{Price, Rate, Side, Timestamp};
use serde::{Deserialize, Serialize};

/// One look at the price, dated by the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// The exchange's own time: market time.
    pub at: Timestamp,
    /// The basket's last price, the venue's reference for P&L and triggers.
    pub last: Price,
    pub index: Option<Price>,
    /// What a sale of the smallest size gets, where the venue says.
    pub bid: Option<Price>,
    /// What a purchase of the smallest size pays, where the venue says.
    pub ask: Option<Price>,
}

impl Tick {
    /// A tick that knows nothing but the last price.
    pub const fn of(at: Timestamp, last: Price) -> Tick {
        Tick { at, last, index: None, bid: None, ask: None }
    }

    /// What a position of this side is worth: where it could be closed, the worse of that and the last price.
    pub fn mark(&self, side: Side) -> Price {
        match side {
            Side::Long => self.bid.map_or(self.last, |bid| bid.min(self.last)),
            Side::Short => self.ask.map_or(self.last, |ask| ask.max(self.last)),
        }
    }
}

/// The price with the coming funding settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticker {
    pub tick: Tick,
    /// The rate of the coming settlement; positive means that longs pay shorts.
    pub funding_rate: Rate,
    /// When the coming settlement falls due, in market time.
    pub funding_at: Timestamp,
}

//! One bar as a position of a given side lives through it.

use domain::{Candle, Price, Side, Timestamp};

/// A bar with its worst and best price for the position.
pub(super) struct Bar {
    pub at: Timestamp,
    pub open: Price,
    pub worst: Price,
    pub best: Price,
    side: Side,
}

impl Bar {
    pub fn of(candle: &Candle, side: Side) -> Bar {
        let (lowest, highest) = (candle.lowest(), candle.highest());
        let (worst, best) = match side {
            Side::Long => (lowest, highest),
            Side::Short => (highest, lowest),
        };
        Bar { at: candle.at, open: candle.open, worst, best, side }
    }

    /// Whether the price came down to the level, up for a short.
    pub fn fell_to(&self, level: Price) -> bool {
        self.is_past(self.worst, level)
    }

    pub fn opened_past(&self, level: Price) -> bool {
        self.is_past(self.open, level)
    }

    /// Whether the price came up to the level, down for a short.
    pub fn rose_to(&self, level: Price) -> bool {
        match self.side {
            Side::Long => level <= self.best,
            Side::Short => self.best <= level,
        }
    }

    /// Which of two levels a price that turns against the position meets first.
    pub fn first_reached(&self, one: Price, other: Price) -> Price {
        match self.side {
            Side::Long => one.max(other),
            Side::Short => one.min(other),
        }
    }

    fn is_past(&self, price: Price, level: Price) -> bool {
        match self.side {
            Side::Long => price <= level,
            Side::Short => level <= price,
        }
    }
}

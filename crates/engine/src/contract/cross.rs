//! The mathematics of cross margin: one position an account, which all of the cross margin stands behind.
//!
//! What the venue does on a change of the position is modelled on its observed behaviour by a third party (quantoxide);
//! running and maintenance margin and the liquidation are asserted against the venue's own values by another (lnm-sdk).

use super::rounding::{floor, round, sats, ticks};
use domain::money::SATS_PER_BITCOIN;
use domain::price::TICKS_PER_DOLLAR;
use domain::{Leverage, Price, Quantity, Rate, Sats, Side};
use serde::{Deserialize, Serialize};

/// What must stay in the margin whatever the leverage: 0.15 % of the notional.
const MAINTENANCE: Rate = Rate::from_hundred_millionths(150_000);

/// Contracts of one dollar in a cross position, which may hold more than one order does: 1 to 15,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Contracts(i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cross position holds 1 to 15,000,000 dollars")]
pub struct ContractsError;

impl Contracts {
    pub const MAX: Contracts = Contracts(15_000_000);

    pub const fn new(dollars: i64) -> Result<Contracts, ContractsError> {
        if 1 <= dollars && dollars <= Contracts::MAX.0 { Ok(Contracts(dollars)) } else { Err(ContractsError) }
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    /// The largest position at a leverage in whole times: 15,000,000 dollars at 1x, falling evenly to 10,000,000 at
    /// 100x, up to the next multiple of 5.
    pub fn largest(leverage: CrossLeverage) -> Contracts {
        let fifth = 99 * 5;
        let whole = 15_000_000 * 99 - (i64::from(leverage.0) - 1) * 5_000_000;
        Contracts((whole + fifth - 1) / fifth * 5)
    }

    fn size(self) -> i128 {
        i128::from(self.0) * i128::from(SATS_PER_BITCOIN * TICKS_PER_DOLLAR)
    }
}

impl TryFrom<i64> for Contracts {
    type Error = ContractsError;

    fn try_from(dollars: i64) -> Result<Contracts, ContractsError> {
        Contracts::new(dollars)
    }
}

impl From<Contracts> for i64 {
    fn from(contracts: Contracts) -> i64 {
        contracts.0
    }
}

impl From<Quantity> for Contracts {
    fn from(quantity: Quantity) -> Contracts {
        Contracts(quantity.get())
    }
}

/// Leverage of a cross account: whole times from 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CrossLeverage(u8);

impl CrossLeverage {
    pub const MIN: CrossLeverage = CrossLeverage(1);

    /// `None` unless it is 1 to 100.
    pub fn new(times: u8) -> Option<CrossLeverage> {
        (1..=100).contains(&times).then_some(CrossLeverage(times))
    }

    pub const fn times(self) -> u8 {
        self.0
    }

    pub fn leverage(self) -> Leverage {
        Leverage::measured(i64::from(self.0) * Leverage::ONE_X)
    }
}

/// A cross position: side, size and entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossPosition {
    pub side: Side,
    pub contracts: Contracts,
    pub entry: Price,
}

/// What an order makes of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossChange {
    /// `None` where it is flat afterwards.
    pub position: Option<CrossPosition>,
    /// Booked to the margin, in sats, rounded down; negative for a loss.
    pub realised: Sats,
}

impl CrossPosition {
    /// Profit in sats at a price, rounded down.
    pub fn pnl(&self, exit: Price) -> Sats {
        let (dividend, divisor) = self.profit(self.contracts, exit);
        sats(floor(dividend, divisor))
    }

    /// What the leverage binds, in sats: `floor(notional / leverage)`, at least 1.
    pub fn running_margin(&self, leverage: CrossLeverage) -> Sats {
        initial_margin(self.contracts, self.entry, leverage)
    }

    /// What must stay whatever the leverage, in sats: `floor(notional * 0.15 %)`, at least 1.
    pub fn maintenance_margin(&self) -> Sats {
        let share = i128::from(MAINTENANCE.hundred_millionths());
        sats(floor(self.contracts.size() * share, ticks(self.entry) * i128::from(Rate::ONE)).max(1))
    }

    /// Whether a margin carries the position: running margin below what is left above maintenance.
    pub fn is_carried_by(&self, margin: Sats, leverage: CrossLeverage) -> bool {
        let bound = i128::from(self.running_margin(leverage).get()) + i128::from(self.maintenance_margin().get());
        bound < i128::from(margin.get())
    }

    /// The price at which the loss takes all of the margin but the maintenance; `None` where no more is left than that.
    pub fn liquidation(&self, margin: Sats) -> Option<Price> {
        let collateral = i128::from(margin.get()) - i128::from(self.maintenance_margin().get());
        if collateral <= 0 {
            return None;
        }
        let shift = collateral * ticks(self.entry);
        let divisor = match self.side {
            Side::Long => self.contracts.size() + shift,
            Side::Short => self.contracts.size() - shift,
        };
        let price = (0 < divisor).then(|| round(self.contracts.size() * ticks(self.entry), divisor));
        Some(price.map_or(Price::MAX, Price::clamped))
    }

    /// What of a margin could be withdrawn at a price, in sats: `margin - running - maintenance - max(0, loss -
    /// running)`; negative where the position is short of it.
    pub fn free_margin(&self, margin: Sats, leverage: CrossLeverage, market: Price) -> Sats {
        let running = i128::from(self.running_margin(leverage).get());
        let loss = -i128::from(self.pnl(market).get());
        let bound = running + i128::from(self.maintenance_margin().get()) + (loss - running).max(0);
        sats(i128::from(margin.get()) - bound)
    }

    /// The funding fee in sats, `round(contracts * 10^8 / fixing * rate)`: positive is paid. At a positive rate longs
    /// pay.
    pub fn funding_fee(&self, rate: Rate, fixing: Price) -> Sats {
        let divisor = ticks(fixing) * i128::from(Rate::ONE);
        let of_a_long = round(self.contracts.size() * i128::from(rate.hundred_millionths()), divisor);
        sats(if self.side == Side::Long { of_a_long } else { -of_a_long })
    }

    /// The position after an order of the given side was filled at a price. `None` where it would grow beyond
    /// [`Contracts::MAX`].
    ///
    /// On the same side the entry becomes the mean of both, weighted by bitcoin. On the other side a smaller order
    /// books the profit of the part it closes, or carries a loss into the entry of the rest; an equal one closes, a
    /// larger one closes and opens the rest at its own price.
    pub fn after(&self, side: Side, filled: Contracts, price: Price) -> Option<CrossChange> {
        if side == self.side {
            return self.grown(filled, price);
        }
        let rest = self.contracts.0 - filled.0;
        if rest == 0 {
            return Some(CrossChange { position: None, realised: self.pnl(price) });
        }
        if rest < 0 {
            let turned = CrossPosition { side, contracts: Contracts(-rest), entry: price };
            return Some(CrossChange { position: Some(turned), realised: self.pnl(price) });
        }
        Some(self.reduced(filled, Contracts(rest), price))
    }

    fn grown(&self, filled: Contracts, price: Price) -> Option<CrossChange> {
        let contracts = Contracts::new(self.contracts.0 + filled.0).ok()?;
        let (old, new) = (ticks(self.entry), ticks(price));
        let weights = i128::from(self.contracts.0) * new + i128::from(filled.0) * old;
        let entry = Price::clamped(round(i128::from(contracts.0) * old * new, weights));
        Some(CrossChange { position: Some(CrossPosition { contracts, entry, ..*self }), realised: Sats::ZERO })
    }

    fn reduced(&self, closed: Contracts, rest: Contracts, price: Price) -> CrossChange {
        let (dividend, divisor) = self.profit(closed, price);
        // A loss that no entry of the rest can carry is booked as a profit would be.
        let carried = if dividend < 0 { self.entry_with_loss(rest, price) } else { None };
        let realised = if carried.is_some() { Sats::ZERO } else { sats(floor(dividend, divisor)) };
        let entry = carried.unwrap_or(self.entry);
        CrossChange { position: Some(CrossPosition { contracts: rest, entry, ..*self }), realised }
    }

    /// The entry at which the rest has the loss of the whole: `1/entry = 1/market + pnl / (rest * 10^8)`, with a minus
    /// for a short.
    fn entry_with_loss(&self, rest: Contracts, market: Price) -> Option<Price> {
        let (entry, market) = (ticks(self.entry), ticks(market));
        let (whole, rest) = (i128::from(self.contracts.0), i128::from(rest.0));
        let divisor = entry * rest + whole * (market - entry);
        let entry = (0 < divisor).then(|| round(entry * market * rest, divisor))?;
        (entry <= ticks(Price::MAX)).then(|| Price::clamped(entry))
    }

    fn profit(&self, contracts: Contracts, exit: Price) -> (i128, i128) {
        let (entry, exit) = (ticks(self.entry), ticks(exit));
        let rise = if self.side == Side::Long { exit - entry } else { entry - exit };
        (contracts.size() * rise, entry * exit)
    }
}

/// What an order of this size binds at a price, in sats: `floor(notional / leverage)`, at least 1.
pub fn initial_margin(contracts: Contracts, price: Price, leverage: CrossLeverage) -> Sats {
    sats(floor(contracts.size(), ticks(price) * i128::from(leverage.0)).max(1))
}

/// The trading fee in sats: `floor(contracts * 10^8 / price * rate)`.
pub fn cross_fee(rate: Rate, contracts: Contracts, price: Price) -> Sats {
    sats(floor(contracts.size() * i128::from(rate.hundred_millionths()), ticks(price) * i128::from(Rate::ONE)))
}

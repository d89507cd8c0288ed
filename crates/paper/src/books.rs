//! The double-entry books: every satoshi that moves leaves one pot and enters another.

use domain::{AccountId, Sats};
use std::collections::BTreeMap;

/// Where satoshis can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pot {
    /// Outside of the venue: what was deposited is missing there.
    Outside,
    Wallet(AccountId),
    Margin(AccountId),
    FeeReserve(AccountId),
    /// The other side of every realised profit and loss.
    House,
    Fees,
    /// The other side of every funding settlement.
    Funding,
    /// What the venue pays when a loss exceeds all that a position had.
    Shortfall,
}

/// Balances of all pots; their sum is zero at all times.
///
/// Balances are kept in `i128`: no number of postings of `i64` amounts that fits a lifetime overflows them.
#[derive(Clone, Debug, Default)]
pub struct Books {
    balances: BTreeMap<Pot, i128>,
    postings: u64,
}

impl Books {
    /// Moves an amount; a negative one moves the other way.
    pub fn post(&mut self, from: Pot, to: Pot, amount: Sats) {
        let amount = i128::from(amount.get());
        *self.balances.entry(from).or_default() -= amount;
        *self.balances.entry(to).or_default() += amount;
        self.postings = self.postings.saturating_add(1);
    }

    pub fn balance(&self, pot: Pot) -> i128 {
        self.balances.get(&pot).copied().unwrap_or(0)
    }

    /// Zero, or the books are broken.
    pub fn sum(&self) -> i128 {
        self.balances.values().sum()
    }

    /// How many postings were made.
    pub fn postings(&self) -> u64 {
        self.postings
    }
}

//! The double-entry books: every satoshi that moves leaves one pot and enters another.

use domain::{AccountId, Sats};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where satoshis can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pot {
    /// Outside of the venue: what was deposited is missing there.
    Outside,
    Wallet(AccountId),
    Margin(AccountId),
    FeeReserve(AccountId),
    CrossMargin(AccountId),
    /// The other side of every realised profit and loss.
    House,
    Fees,
    /// The other side of every funding settlement.
    Funding,
    /// The other side of every swap between bitcoin and synthetic dollars.
    Swaps,
    /// What the venue pays when a loss exceeds all that a position had.
    Shortfall,
}

/// Balances of all pots of one currency; their sum is zero at all times.
///
/// Balances are kept in `i128`: no number of postings of `i64` amounts that fits a lifetime overflows them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Books {
    #[serde(with = "pairs")]
    balances: BTreeMap<Pot, i128>,
    postings: u64,
}

impl Books {
    /// Moves an amount; a negative one moves the other way.
    pub fn post(&mut self, from: Pot, to: Pot, amount: Sats) {
        self.post_units(from, to, amount.get());
    }

    /// The same in the unit of these books.
    pub fn post_units(&mut self, from: Pot, to: Pot, amount: i64) {
        let amount = i128::from(amount);
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

/// A map whose keys JSON can't write as names.
mod pairs {
    use super::{BTreeMap, Pot};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(map: &BTreeMap<Pot, i128>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Pot, i128>, D::Error> {
        Vec::deserialize(deserializer).map(|pairs: Vec<(Pot, i128)>| pairs.into_iter().collect())
    }
}

//! Amounts of bitcoin in whole satoshis.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Satoshis in one bitcoin.
pub const SATS_PER_BITCOIN: i64 = 100_000_000;

/// An amount of bitcoin in satoshis; negative for a loss or a debit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sats(i64);

/// An amount left the range that satoshis can be counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is too large to be counted")]
pub struct Overflow;

impl Sats {
    pub const ZERO: Sats = Sats(0);
    pub const MAX: Sats = Sats(i64::MAX);

    pub const fn new(sats: i64) -> Sats {
        Sats(sats)
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    pub const fn checked_add(self, other: Sats) -> Result<Sats, Overflow> {
        match self.0.checked_add(other.0) {
            Some(sum) => Ok(Sats(sum)),
            None => Err(Overflow),
        }
    }

    pub const fn checked_sub(self, other: Sats) -> Result<Sats, Overflow> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Ok(Sats(difference)),
            None => Err(Overflow),
        }
    }

    pub const fn checked_neg(self) -> Result<Sats, Overflow> {
        match self.0.checked_neg() {
            Some(negated) => Ok(Sats(negated)),
            None => Err(Overflow),
        }
    }

    /// The sum of many amounts.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Sats>) -> Result<Sats, Overflow> {
        amounts.into_iter().try_fold(Sats::ZERO, Sats::checked_add)
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub const fn is_positive(self) -> bool {
        0 < self.0
    }

    /// Nothing below zero.
    pub fn or_zero(self) -> Sats {
        self.max(Sats::ZERO)
    }
}

impl TryFrom<i128> for Sats {
    type Error = Overflow;

    fn try_from(sats: i128) -> Result<Sats, Overflow> {
        i64::try_from(sats).map(Sats).map_err(|_| Overflow)
    }
}

impl fmt::Display for Sats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

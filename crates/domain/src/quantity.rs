//! The size of a position in US dollars.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Contracts of one US dollar each: 1 to 500,000 in one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Quantity(i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quantity must be a whole number of dollars from 1 to 500,000")]
pub struct QuantityError;

impl Quantity {
    pub const MIN: Quantity = Quantity(1);
    pub const MAX: Quantity = Quantity(500_000);

    pub const fn new(dollars: i64) -> Result<Quantity, QuantityError> {
        if Quantity::MIN.0 <= dollars && dollars <= Quantity::MAX.0 {
            Ok(Quantity(dollars))
        } else {
            Err(QuantityError)
        }
    }

    pub const fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Quantity {
    type Error = QuantityError;

    fn try_from(dollars: i64) -> Result<Quantity, QuantityError> {
        Quantity::new(dollars)
    }
}

impl From<Quantity> for i64 {
    fn from(quantity: Quantity) -> i64 {
        quantity.0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

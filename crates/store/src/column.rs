//! From stored columns back to the program's own words, strictly.

use crate::{Result, StoreError};
use domain::{Price, Timestamp};
use serde::de::DeserializeOwned;
use serde::de::value::{Error, StrDeserializer};
use std::fmt::Display;

/// One row of one table, for telling which value is corrupt.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub table: &'static str,
    pub row: &'a dyn Display,
}

impl Place<'_> {
    pub fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column, row: self.row.to_string() }
    }

    /// A value of an enumeration, by its stored name.
    pub fn word<T: DeserializeOwned>(&self, column: &'static str, stored: &str) -> Result<T> {
        T::deserialize(StrDeserializer::<Error>::new(stored)).map_err(|_| self.corrupt(column))
    }

    /// A structure that is stored as JSON.
    pub fn json<T: DeserializeOwned>(&self, column: &'static str, stored: &str) -> Result<T> {
        serde_json::from_str(stored).map_err(|_| self.corrupt(column))
    }

    pub fn price(&self, column: &'static str, ticks: i64) -> Result<Price> {
        Price::from_ticks(ticks).map_err(|_| self.corrupt(column))
    }

    pub fn count(&self, column: &'static str, stored: i64) -> Result<u32> {
        u32::try_from(stored).map_err(|_| self.corrupt(column))
    }
}

pub fn time(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(ms)
}

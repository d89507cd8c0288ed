//! Decisions: the contract's mathematics, the margin guard, its limits, the trigger index and the replay of history.
//!
//! Pure: no clock, no chance, no input or output. Money is whole satoshis, prices are whole ticks, and whatever lies in
//! between is computed in 128-bit integers.
#![deny(clippy::as_conversions, clippy::float_arithmetic)]

pub mod contract;
pub mod guard;
pub mod order;
pub mod replay;
pub mod risk;
pub mod trigger_index;

//! The real program with secrets that are then searched for wherever it leaves anything.

#![cfg(test)]

mod canary;
mod keys;
mod log_place;
mod program;
mod record;
#[path = "../venue.rs"]
#[expect(dead_code, reason = "the kill test needs more of the exchange than is needed here")]
mod venue;

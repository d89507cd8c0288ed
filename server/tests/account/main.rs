//! One account's guard and its listener against the paper exchange over TCP.

#![cfg(test)]

mod events;
mod stage;

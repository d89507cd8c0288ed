//! One account's guard and its listener against the paper exchange over TCP.

#![cfg(test)]

mod add;
mod custody;
mod events;
mod key;
mod outage;
mod stage;

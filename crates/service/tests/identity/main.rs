//! People and secrets, on both databases.

#![cfg(test)]

mod audit;
mod factors;
mod house;
mod passkeys;
mod plans;
mod rotation;
mod shell;
mod soft_key;
mod throttle;
mod together;

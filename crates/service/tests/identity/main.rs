//! People and secrets, on both databases.

#![cfg(test)]

mod audit;
mod factors;
mod house;
mod rotation;
mod throttle;

//! People and secrets, on both databases.

#![cfg(test)]

mod audit;
mod house;
mod rotation;

//! The paper exchange from outside: its books, its market and both of its faces.
#![cfg(test)]

mod client;
mod conservation;
mod faults;
mod http;
mod in_process;
mod ledger;
mod market;
mod support;

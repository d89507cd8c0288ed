//! The paper exchange from outside: its books, its market and both of its faces.
#![cfg(test)]

mod client;
mod conservation;
mod cross;
mod faults;
mod forecast;
mod http;
mod in_process;
mod ledger;
mod limits;
mod market;
mod snapshot;
mod stream;
mod support;
mod wallet;

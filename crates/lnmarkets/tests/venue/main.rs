//! The client against a paper exchange over TCP, with faults in between.
#![cfg(test)]

mod account;
mod account_feed;
mod answers;
mod budget;
mod checkup;
mod faults;
mod history;
mod key;
mod market;
mod recorder;
mod requests;
mod routes;
mod stream;
mod stream_feed;
mod stream_venue;
mod support;
mod transport;
mod whole;

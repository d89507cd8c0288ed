//! Certificates of an authority of the test's own: for a PostgreSQL and a Redis, and for the program itself.

#![cfg(test)]

mod authority;
mod daemon;
mod postgres;
mod redis;
mod tls;

//! Services that are opened by certificates: a PostgreSQL and a Redis that know an authority of the test's own.

#![cfg(test)]

mod authority;
mod daemon;
mod postgres;
mod redis;

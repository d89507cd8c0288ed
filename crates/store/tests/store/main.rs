//! The same promises on both databases.

#![cfg(test)]

mod database;
mod identity;
mod journal;
mod migration;
mod outbox;
mod sample;
mod story;
mod walls;

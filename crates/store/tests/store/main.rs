//! The same promises on both databases.

#![cfg(test)]

mod access;
mod accounts;
mod brakes;
mod database;
mod history;
mod identity;
mod journal;
mod late;
mod leases;
mod migration;
mod orders;
mod outbox;
mod people;
mod plans;
mod rolled_back;
mod runs;
mod sample;
mod story;
mod torn;
mod walls;

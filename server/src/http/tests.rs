//! The real router over a real database, with a clock that stands still until it is moved.

mod accounts;
mod alarms;
mod answers;
mod api;
mod audit;
mod brakes;
mod crowd;
mod doors;
mod export;
mod guessing;
mod limits;
mod matrix;
mod orders;
mod owing;
mod passkeys;
mod people;
mod plans;
mod redis;
mod refusals;
mod replay;
mod security;
mod sources;
mod stage;
mod streams;
mod walls;
mod why;
mod zone;

#[path = "../../../crates/service/tests/identity/soft_key.rs"]
mod soft_key;

#[path = "../../tests/program/redis.rs"]
mod redis_server;

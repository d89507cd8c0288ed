//! What the guard decides, what its preview promises, and what a replay tells.

#![cfg(test)]

#[path = "decisions/candles.rs"]
mod candles;
#[path = "decisions/emergency.rs"]
mod emergency;
#[path = "decisions/guard.rs"]
mod guard;
#[path = "decisions/guard_properties.rs"]
mod guard_properties;
#[path = "decisions/order.rs"]
mod order;
#[path = "decisions/positions.rs"]
mod positions;
#[path = "decisions/preview.rs"]
mod preview;
#[path = "decisions/replay.rs"]
mod replay;
#[path = "decisions/replay_of_history.rs"]
mod replay_of_history;

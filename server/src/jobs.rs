//! What runs beside the web: one reader a market, one task an account, deliveries, a watchdog, housekeeping.

pub mod account_events;
pub mod accounts;
pub mod heartbeat;
pub mod history;
pub mod market_feed;
pub mod outbox;
pub mod second_opinion;
pub mod sessions;
pub mod supervisor;
pub mod watchdog;

//! What there is to see, a file a page.

pub mod accounts;
pub mod activity;
pub mod appearance;
pub mod audit;
pub mod brakes;
pub mod code;
pub mod dashboard;
pub mod design;
pub mod door;
pub mod guard;
pub mod lazily;
pub mod not_found;
pub mod people;
pub mod positions;
pub mod profile;
pub mod security;
pub mod settings;
pub mod setup;
pub mod shared;
pub mod sharing;
pub mod sign_in;
pub mod sources;

pub mod threshold;
pub mod tokens;
pub mod trade;
pub mod welcome;
pub mod why;

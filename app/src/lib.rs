//! The interface: pages, components and server functions, compiled once for the server and once for the browser.
//!
//! `ssr` renders pages and answers server functions; `hydrate` wakes the same pages in the browser. A page knows server
//! functions and domain types; only the bodies of server functions know the services.
#![recursion_limit = "512"]
#![cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "what only a browser does is compiled for the server as well, and tested there")
)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

mod api;
mod chart;
mod components;
mod desk;
mod erased;
mod format;
mod guard_editor;
mod hand;
mod language;
mod live;
mod look;
mod money;
mod number;
mod pages;
#[cfg(feature = "ssr")]
mod palette;
mod passkey;
mod reason;
mod root;
#[cfg(feature = "ssr")]
pub mod session;
mod theme;
mod ticket;
mod trade_chart;
mod wire;
pub mod zone;

#[cfg(feature = "ssr")]
pub use api::DesignShown;
#[cfg(feature = "ssr")]
pub use palette::palette;
pub use root::{App, shell};

/// The stable word of a reason, for programs.
#[cfg(feature = "ssr")]
pub fn reason_word(reason: &domain::Reason) -> &'static str {
    reason::why(reason)
}

/// The sentence of a ledger entry in English, for a terminal.
#[cfg(feature = "ssr")]
pub fn told_in_english(entry: &domain::LedgerEntry) -> String {
    reason::reason_sentence(i18n::Locale::en, entry)
}

/// What was asked for by hand, in English, for a terminal.
#[cfg(feature = "ssr")]
pub fn asked_in_english(change: domain::action::Change) -> String {
    reason::by_hand::what(i18n::Locale::en, change)
}

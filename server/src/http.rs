//! The web: pages, server functions, the live stream, health, and what guards them.

mod api;
mod audit;
mod crowd;
mod demo_door;
mod export;
mod headers;
mod health;
pub mod listener;
mod live;
mod origin;
mod owing;
mod pace;
mod pages;
mod past;
mod refusals;
mod router;
mod session_store;
mod sessions;
mod tls;

#[cfg(test)]
mod tests;

pub use origin::TrustedProxies;
pub use router::{Web, router};
pub use tls::{Greeter, Tls, TlsError, TlsFiles};

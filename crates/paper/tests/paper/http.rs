//! The venue's own paths over TCP.

mod doors;
mod lists;
mod public;
mod signature;
mod trades;

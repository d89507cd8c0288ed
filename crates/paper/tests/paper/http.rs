//! The venue's own paths over TCP.

mod cross;
mod doors;
mod lists;
mod public;
mod signature;
mod trades;
mod wallet;

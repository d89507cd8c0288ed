//! The paper exchange: a venue that keeps honest books with play money, driven by any source of prices.
//!
//! One core ([`venue`]) with two faces: [`PaperAccount`] and [`PaperMarket`] stand behind the exchange port in the same
//! process, and [`http`] speaks LN Markets' own API to anything that can open a socket. The core is synchronous, reads
//! no clock and draws chance only from the generator it is given: the same seed gives the same market, ids included.

pub mod account;
pub mod audit;
pub mod books;
pub mod candle_file;
pub mod drive;
pub mod http;
pub mod keep;
pub mod market;
pub mod random;
pub mod snapshot;
pub mod source;
pub mod venue;

pub use account::{PaperAccount, PaperAccountFeed};
pub use audit::{AcceptedCall, CallKind};
pub use drive::drive;
pub use market::{Clock, Pace, PaperFeed, PaperMarket};
pub use random::Chance;
pub use source::{Scenario, Source, Spread};
pub use venue::{CloseReason, NewTrade, Order, SharedVenue, Size, Trade, Venue, VenueRules};

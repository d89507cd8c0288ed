//! Stream v1: what the venue tells without being asked, over a socket that is rebuilt whenever it breaks.

mod account_feed;
mod assembly;
mod connection;
mod event;
mod feed;
mod isolated;
mod live;
mod rpc;
mod socket;
mod topic;

pub use account_feed::StreamAccountFeed;
pub use connection::Connection;
pub use event::{Announcement, StreamEvent, StreamTicker, WalletMovement};
pub use feed::{StreamFeed, StreamHealth};
pub use isolated::{IsolatedEvent, IsolatedEventKind};
pub(crate) use socket::{OpenError, StreamOptions, whoami};
pub use topic::Topic;

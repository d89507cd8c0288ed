//! What calls for a look at an account: only that something happened is believed, never what.

use async_trait::async_trait;

/// A reason to read the account anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountCall {
    /// The exchange told of something.
    Changed,
    /// It can be heard again; what happened meanwhile was told to nobody.
    Rebuilt,
    /// It can't be heard, for the reason given; until it can, only looking helps.
    Lost(String),
}

/// What an exchange tells of one account, as it happens. It may tell twice, late or not at all: it wakes whoever looks,
/// and decides nothing.
#[async_trait]
pub trait AccountFeed: Send {
    /// Waits for the next call. Dropping the wait loses nothing.
    async fn next_call(&mut self) -> AccountCall;

    /// A look has found a position begun or ended. Where that was not told, the feed is deaf and begins anew.
    fn note_seen(&mut self) {}
}

//! The port to an exchange: what any venue must do, and what its silence means.
//!
//! A call that changes something ends in one of three ways ([`Outcome`]). Silence is not failure: it is
//! [`Outcome::Unknown`], and whoever called must look before anything is sent again.

pub mod account_feed;
pub mod breaker;
pub mod history;
pub mod opinion;
pub mod witness;

pub use account_feed::{AccountCall, AccountFeed};
pub use breaker::{Breaker, GuardedMarket};
pub use domain::source::{BreakerState, Opinion};
pub use opinion::second_opinion;
pub use witness::Witnessed;

use async_trait::async_trait;
use domain::KeyFault;
use domain::action::Change;
use domain::position::{FundingFee, NewPosition};
use domain::{
    ActionId, Candle, Interval, Millis, NewOrder, Position, PositionId, Price, Sats, Tick, Ticker, Timestamp, Wallet,
};

/// What became of a call that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome<T> {
    /// The exchange answered that it did it.
    Done(T),
    /// The exchange answered that it did not and will not.
    Rejected(Rejection),
    /// No answer that can be trusted: it may have happened, and may still.
    Unknown(Silence),
}

/// A definite no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the exchange refused ({status}): {message}")]
pub struct Rejection {
    pub status: u16,
    pub code: String,
    pub message: String,
}

/// Why an outcome is unknown; for people, never for decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    #[error("no answer in time")]
    TimedOut,
    #[error("the connection broke")]
    ConnectionLost,
    #[error("the exchange answered {0} without saying what it did")]
    Status(u16),
    #[error("the answer could not be read")]
    Unreadable,
}

/// Why a read gave nothing; split by what the caller can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Try again later.
    #[error("the exchange cannot be reached: {0}")]
    Unavailable(String),
    /// Try again after the wait.
    #[error("the exchange asks to slow down")]
    RateLimited { retry_after: Option<Millis> },
    /// A person must mend the key.
    #[error("the exchange does not accept this key: {0}")]
    Unauthorized(String),
    /// The key is good, but not for this.
    #[error("the exchange does not let this key do that: {0}")]
    Forbidden(String),
    /// No key helps from where this program runs.
    #[error("the exchange does not serve the place that this server speaks from: {0}")]
    PlaceRefused(String),
    /// The exchange answered something else than agreed.
    #[error("the exchange's answer could not be read: {0}")]
    Malformed(String),
}

/// What the exchange says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    Sound,
    /// The guard must not or cannot act with it; the words are for people.
    Unfit {
        fault: KeyFault,
        detail: String,
    },
}

/// Who goes first when the request budget is short; the first is the most urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Guard,
    Close,
    GuardRead,
    Entry,
    Interface,
}

/// Bars asked for: those that opened in `[from, to)`, at most `limit` of the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CandleQuery {
    pub interval: Interval,
    pub from: Timestamp,
    pub to: Timestamp,
    pub limit: u32,
}

/// One account at an exchange.
///
/// Reads may be repeated freely. A call that changes something is sent once: an implementation never repeats it by
/// itself, whatever went wrong, except where it is certain that not a byte of it left.
#[async_trait]
pub trait Exchange: Send + Sync {
    async fn fetch_wallet(&self, priority: Priority) -> Result<Wallet, ReadError>;
    /// Positions that run now.
    async fn fetch_running(&self, priority: Priority) -> Result<Vec<Position>, ReadError>;
    /// Limit orders that wait for their price.
    async fn fetch_resting(&self, priority: Priority) -> Result<Vec<Position>, ReadError>;
    /// Positions closed at or after `since`, newest first.
    async fn fetch_closed(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError>;
    /// Limit orders canceled at or after `since`, newest first.
    async fn fetch_canceled(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError>;
    /// Funding fees of one position at or after `since`, newest first.
    async fn fetch_funding_fees(
        &self,
        position: PositionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Vec<FundingFee>, ReadError>;

    /// What the key may do, asked anew. Where there is no key, there is nothing against it.
    async fn fetch_standing(&self) -> Result<KeyStanding, ReadError> {
        Ok(KeyStanding::Sound)
    }

    /// Makes a change that an intent stands for, within its deadlines. Where no wire lies in between, there is nothing
    /// to sign and nothing to wait for.
    async fn carry_out(&self, position: PositionId, change: Change, deadlines: Deadlines) -> Outcome<Position> {
        let _ = deadlines;
        match change {
            Change::AddMargin { amount } => self.add_margin(position, amount).await,
            Change::Close => self.close_position(position).await,
            Change::CashIn { amount } => self.cash_in(position, amount).await,
            Change::Open { order } => self.submit_order(ActionId::from_uuid(position.uuid()), order).await,
            Change::StopLoss { price } => self.set_stop_loss(position, price).await,
            Change::TakeProfit { price } => self.set_take_profit(position, price).await,
            Change::Cancel => self.cancel_order(position).await,
        }
    }

    /// How many calls that change something may be on their way at the same time.
    fn calls_at_once(&self) -> usize {
        1
    }

    /// Returns when a call of the guard could go out at once. It reserves nothing: who is called then is decided on what
    /// is known then, and not on what was known before the wait.
    async fn wait_for_room(&self) {}

    /// The position or order that was submitted under this name, whatever became of it since; lists of what has ended
    /// are read back to `since`. `None` where no list holds it, and lists may be incomplete.
    async fn find_order(
        &self,
        name: ActionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Option<Position>, ReadError>;

    /// Cancels every limit order that waits for its price. Doing it twice is doing it once, so it stands for no intent:
    /// what became of it is read back. A venue that cannot refuses.
    async fn cancel_orders(&self) -> Outcome<Vec<Position>> {
        let message = "this exchange cannot cancel all orders at once".to_owned();
        Outcome::Rejected(Rejection { status: 0, code: "NOT_SUPPORTED".to_owned(), message })
    }

    /// Opens a position at market, or places a limit order, under a name by which it can be found again.
    async fn submit_order(&self, name: ActionId, order: NewOrder) -> Outcome<Position>;
    /// Cancels one limit order.
    async fn cancel_order(&self, order: PositionId) -> Outcome<Position>;
    /// Opens a position at market.
    async fn open_position(&self, order: NewPosition) -> Outcome<Position>;
    async fn close_position(&self, position: PositionId) -> Outcome<Position>;
    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position>;
    async fn cash_in(&self, position: PositionId, amount: Sats) -> Outcome<Position>;
    /// `None` removes it.
    async fn set_stop_loss(&self, position: PositionId, price: Option<Price>) -> Outcome<Position>;
    /// `None` removes it.
    async fn set_take_profit(&self, position: PositionId, price: Option<Price>) -> Outcome<Position>;
}

/// How long a call that changes something is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Nothing is signed after this, by our own clock: whoever waits until then and for a signature's life knows that
    /// nothing can arrive any more, however long this process stood still.
    pub sign_by: Timestamp,
    /// Once it is sent, its answer is waited for no longer; then nobody knows. The venue's adapter may wait less.
    pub answer_within: Millis,
}

/// The public side of an exchange: what needs no key.
#[async_trait]
pub trait Market: Send + Sync {
    /// The exchange's clock, as its signatures are checked by.
    async fn fetch_time(&self) -> Result<Timestamp, ReadError>;
    async fn fetch_ticker(&self) -> Result<Ticker, ReadError>;
    /// Oldest first.
    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError>;

    /// What another market says now. It may confirm a price, and is never a reason to act. `None` where nobody else is
    /// asked, or nothing is said.
    async fn fetch_second_opinion(&self) -> Option<Tick> {
        None
    }
}

/// Prices as they come. Never goes back in market time.
#[async_trait]
pub trait PriceFeed: Send {
    /// Waits for the next price. An error is not the end: ask again.
    async fn next_tick(&mut self) -> Result<Tick, ReadError>;
}

#[async_trait]
impl<F: PriceFeed + ?Sized> PriceFeed for Box<F> {
    async fn next_tick(&mut self) -> Result<Tick, ReadError> {
        (**self).next_tick().await
    }
}

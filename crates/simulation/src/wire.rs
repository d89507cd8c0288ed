//! The network between the guard and the exchange: it loses, delays, lies and dies as the seed says.

use crate::world::{Call, World};
use async_trait::async_trait;
use domain::action::Change;
use domain::position::{FundingFee, NewPosition};
use domain::{
    AccountId, ActionId, Candle, Millis, NewOrder, Position, PositionId, Price, Sats, Ticker, Timestamp, Wallet,
};
use exchange::{CandleQuery, Deadlines, Exchange, Market, Outcome, Priority, ReadError, Rejection, Silence};
use paper::PaperAccount;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::Store;

/// The client's own patience with an answer.
const PATIENCE: i64 = 8_000;
/// For calls within one process.
pub const NO_WIRE: Deadlines = Deadlines { sign_by: Timestamp::EPOCH, answer_within: Millis::ZERO };

/// Which client speaks to the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    Sound,
    /// Sends again what was not answered: the classic fault, which the oracle must catch.
    ResendsOnTimeout,
}

pub struct Wire {
    pub world: Arc<World>,
    pub account: AccountId,
    pub store: Mutex<Arc<dyn Store>>,
    pub inner: PaperAccount,
    pub client: Client,
    /// What the journal said when a call went out.
    pub sent: Mutex<Sent>,
}

#[derive(Default)]
pub struct Sent {
    pub intents: HashSet<ActionId>,
    pub calls: u32,
    /// Calls that no open intent stands for.
    pub without_intent: u32,
    /// Intents for which the guard called twice.
    pub twice: u32,
    /// Calls about a position of somebody else.
    pub foreign: u32,
}

/// What becomes of a call that changes something.
enum Fortune {
    Done,
    LoseReply,
    LoseRequest,
    Late(i64),
    ServerError { done: bool },
    NotSent,
    DieBefore,
    DieAfter,
}

impl Wire {
    fn fortune(&self) -> Fortune {
        let state = &mut *self.world.state();
        if state.calm {
            return Fortune::Done;
        }
        match state.chance.below(100) {
            0..=61 => Fortune::Done,
            62..=69 => Fortune::LoseReply,
            70..=77 => Fortune::LoseRequest,
            78..=83 => Fortune::Late(state.chance.between(500, 28_000)),
            84..=88 => Fortune::ServerError { done: state.chance.below(2) == 0 },
            89..=91 => Fortune::NotSent,
            92..=95 => Fortune::DieBefore,
            _ => Fortune::DieAfter,
        }
    }

    async fn send(&self, position: PositionId, change: Change, patience: i64) -> Outcome<Position> {
        self.world.pass(self.latency());
        let fortune = self.fortune();
        match fortune {
            Fortune::Done => self.deliver(position, change).await,
            Fortune::LoseReply => {
                self.world.arrive(self.call(position, change));
                self.world.pass(patience);
                Outcome::Unknown(Silence::TimedOut)
            }
            Fortune::LoseRequest => {
                self.world.pass(patience);
                Outcome::Unknown(Silence::TimedOut)
            }
            Fortune::Late(ms) => {
                self.world.send_late(self.call(position, change), ms);
                self.world.pass(ms.min(patience));
                Outcome::Unknown(Silence::TimedOut)
            }
            Fortune::ServerError { done } => {
                if done {
                    self.world.arrive(self.call(position, change));
                }
                Outcome::Unknown(Silence::Status(502))
            }
            Fortune::NotSent => {
                let (code, message) = ("NOT_SENT".to_owned(), "nothing was sent".to_owned());
                Outcome::Rejected(Rejection { status: 0, code, message })
            }
            Fortune::DieBefore => self.die().await,
            Fortune::DieAfter => {
                self.world.arrive(self.call(position, change));
                self.die().await
            }
        }
    }

    async fn deliver(&self, position: PositionId, change: Change) -> Outcome<Position> {
        match change {
            Change::AddMargin { amount } => {
                let outcome = self.inner.add_margin(position, amount).await;
                if let Outcome::Done(after) = &outcome {
                    self.world.vigil().know(position, after.liquidation);
                    self.world.note_landing(self.call(position, change), amount);
                }
                outcome
            }
            Change::Close => self.inner.close_position(position).await,
            other => self.inner.carry_out(position, other, NO_WIRE).await,
        }
    }

    fn call(&self, position: PositionId, change: Change) -> Call {
        Call { account: self.account, position, change, since: self.world.look_of(self.account) }
    }

    /// The process is killed here: this call never comes back to it.
    async fn die<T>(&self) -> T {
        self.world.death.notify_one();
        std::future::pending().await
    }

    fn latency(&self) -> i64 {
        self.world.state().chance.between(5, 250)
    }

    /// A read takes its time, fails now and then, and may be where the process dies.
    async fn reading(&self) -> Result<(), ReadError> {
        self.world.pass(self.latency());
        let fate = {
            let state = &mut *self.world.state();
            if state.calm { 1_000 } else { state.chance.below(1_000) }
        };
        match fate {
            0..=39 => Err(ReadError::Unavailable("maintenance".to_owned())),
            40..=49 => Err(ReadError::RateLimited { retry_after: None }),
            50..=51 => self.die().await,
            _ => Ok(()),
        }
    }

    /// Whether the journal holds the intent of this call, and holds it for the first time.
    async fn note(&self, position: PositionId, change: Change) {
        let store = Arc::clone(&self.store.lock().unwrap_or_else(PoisonError::into_inner));
        let open = store.list_unsettled_actions(self.account).await.unwrap_or_default();
        let intent = open
            .iter()
            .filter(|action| action.state == domain::ActionState::Intent)
            .map(|action| action.intent)
            .find(|intent| intent.position == position && intent.change == change);
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.calls += 1;
        sent.foreign += u32::from(!self.world.is_owner(self.account, position));
        match intent {
            None => sent.without_intent += 1,
            Some(intent) if !sent.intents.insert(intent.id) => sent.twice += 1,
            Some(_) => {}
        }
    }
}

#[async_trait]
impl Exchange for Wire {
    async fn fetch_wallet(&self, priority: Priority) -> Result<Wallet, ReadError> {
        self.reading().await?;
        self.inner.fetch_wallet(priority).await
    }

    /// Now and then one position is left out.
    async fn fetch_running(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.reading().await?;
        let mut running = self.inner.fetch_running(priority).await?;
        let leaves_out = {
            let state = &mut *self.world.state();
            !state.calm && state.chance.below(50) == 0
        };
        if leaves_out {
            running.pop();
        }
        self.world.vigil().name(running.iter().map(|position| position.id));
        Ok(running)
    }

    async fn fetch_resting(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.inner.fetch_resting(priority).await
    }

    async fn fetch_closed(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.reading().await?;
        self.inner.fetch_closed(since, priority).await
    }

    async fn fetch_canceled(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.inner.fetch_canceled(since, priority).await
    }

    async fn fetch_funding_fees(
        &self,
        position: PositionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Vec<FundingFee>, ReadError> {
        self.reading().await?;
        self.inner.fetch_funding_fees(position, since, priority).await
    }

    async fn carry_out(&self, position: PositionId, change: Change, deadlines: Deadlines) -> Outcome<Position> {
        self.note(position, change).await;
        let patience = deadlines.answer_within.get().min(PATIENCE);
        let outcome = self.send(position, change, patience).await;
        match (&outcome, self.client) {
            (Outcome::Unknown(Silence::TimedOut), Client::ResendsOnTimeout) => {
                self.send(position, change, patience).await
            }
            _ => outcome,
        }
    }

    async fn find_order(
        &self,
        name: ActionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Option<Position>, ReadError> {
        self.inner.find_order(name, since, priority).await
    }

    async fn submit_order(&self, name: ActionId, order: NewOrder) -> Outcome<Position> {
        self.inner.submit_order(name, order).await
    }

    async fn cancel_order(&self, order: PositionId) -> Outcome<Position> {
        self.inner.cancel_order(order).await
    }

    async fn open_position(&self, order: NewPosition) -> Outcome<Position> {
        self.inner.open_position(order).await
    }

    async fn close_position(&self, position: PositionId) -> Outcome<Position> {
        self.send(position, Change::Close, PATIENCE).await
    }

    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.send(position, Change::AddMargin { amount }, PATIENCE).await
    }

    async fn cash_in(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.inner.cash_in(position, amount).await
    }

    async fn set_stop_loss(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.inner.set_stop_loss(position, price).await
    }

    async fn set_take_profit(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.inner.set_take_profit(position, price).await
    }
}

/// The public side, silent when the feed is.
pub struct PublicWire(pub Arc<World>);

#[async_trait]
impl Market for PublicWire {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        self.0.market.fetch_time().await
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        if self.0.feed_is_silent() {
            return Err(ReadError::Unavailable("no price".to_owned()));
        }
        self.0.market.fetch_ticker().await
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        self.0.market.fetch_candles(query).await
    }
}

//! The way to the exchange in a crash: five requests a second, time-outs, and a while in which it asks to slow down.

use super::crash::Crash;
use super::field::{Field, lock};
use super::timeline::Timeline;
use crate::wire::NO_WIRE;
use async_trait::async_trait;
use domain::action::Change;
use domain::position::{FundingFee, NewPosition};
use domain::{ActionId, Millis, NewOrder, Position, PositionId, Price, Sats, Timestamp, Wallet};
use exchange::{Deadlines, Exchange, Outcome, Priority, ReadError, Rejection, Silence};
use paper::{Chance, PaperAccount};
use service::Clock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// As LN Markets counts them, with the client's margin for the network.
const REQUESTS: usize = 5;
const WINDOW: i64 = 1_050;
/// Of a hundred requests, so many get no answer.
const TIME_OUTS: u64 = 5;
/// Of two requests in the storm, one is refused, for so long.
const SLOW_DOWN: i64 = 1_000;
/// The client's patience with an answer.
const ANSWER: i64 = 8_000;
/// The same with the answer to each attempt at a read, and the pause after it.
const READ_ANSWERS: [i64; 3] = [1_000, 2_000, 3_000];
const PAUSE: i64 = 100;
/// As many as the client lets be on their way.
const CALLS_AT_ONCE: usize = 8;

pub struct Line {
    pub field: Arc<Field>,
    pub timeline: Timeline,
    crash: &'static Crash,
    chance: Mutex<Chance>,
    pub inner: PaperAccount,
    granted: Mutex<VecDeque<Timestamp>>,
    held_until: Mutex<Timestamp>,
}

/// What becomes of a request.
pub enum Fate {
    Arrives,
    /// It arrives, and no answer comes back.
    Silent,
    Lost,
    TooMany,
}

impl Line {
    pub fn new(field: Arc<Field>, crash: &'static Crash, seed: u64) -> Line {
        let inner = PaperAccount::new(field.venue.clone(), field.account);
        let chance = Mutex::new(Chance::seeded(seed ^ 0x11E));
        let timeline = Timeline::default();
        Line { field, timeline, crash, chance, inner, granted: Mutex::default(), held_until: Mutex::default() }
    }

    pub async fn wait(&self, ms: i64) {
        self.timeline.wait_until(&self.field, self.field.clock.now().plus(Millis::new(ms))).await;
    }

    /// Waits for a request's turn, and takes it.
    pub async fn take_turn(&self) -> Timestamp {
        self.wait_for_room().await;
        let now = self.field.clock.now();
        lock(&self.granted).push_back(now);
        now
    }

    /// What becomes of a request, once it is its turn.
    pub async fn send(&self) -> Fate {
        let now = self.take_turn().await;
        let mut chance = lock(&self.chance);
        if self.crash.is_stormy(now) && chance.below(2) == 0 {
            *lock(&self.held_until) = now.plus(Millis::new(SLOW_DOWN));
            return Fate::TooMany;
        }
        match chance.below(100) < TIME_OUTS {
            true if chance.below(2) == 0 => Fate::Silent,
            true => Fate::Lost,
            false => Fate::Arrives,
        }
    }

    /// From when on a request may go out.
    fn turn(&self) -> Timestamp {
        let now = self.field.clock.now();
        let mut granted = lock(&self.granted);
        granted.retain(|at| now.since(*at).get() < WINDOW);
        let blocking = granted.len().checked_sub(REQUESTS).and_then(|blocking| granted.get(blocking));
        let free = blocking.map_or(now, |at| at.plus(Millis::new(WINDOW)));
        free.max(*lock(&self.held_until))
    }

    async fn answer(&self) {
        let latency = lock(&self.chance).between(40, 160);
        self.wait(latency).await;
    }

    async fn reading(&self) -> Result<(), ReadError> {
        for patience in READ_ANSWERS {
            match self.send().await {
                Fate::Arrives => {
                    self.answer().await;
                    return Ok(());
                }
                Fate::TooMany => {
                    self.answer().await;
                    return Err(ReadError::RateLimited { retry_after: Some(Millis::new(SLOW_DOWN)) });
                }
                Fate::Silent | Fate::Lost => self.wait(patience).await,
            }
            self.wait(PAUSE).await;
        }
        Err(ReadError::Unavailable("no answer in time".to_owned()))
    }

    async fn change(&self, position: PositionId, change: Change, patience: i64) -> Outcome<Position> {
        match self.send().await {
            Fate::Arrives => {
                self.answer().await;
                self.inner.carry_out(position, change, NO_WIRE).await
            }
            Fate::TooMany => {
                self.answer().await;
                let (code, message) = ("TOO_MANY_REQUESTS".to_owned(), "slow down".to_owned());
                Outcome::Rejected(Rejection { status: 429, code, message })
            }
            Fate::Silent => {
                drop(self.inner.carry_out(position, change, NO_WIRE).await);
                self.wait(patience).await;
                Outcome::Unknown(Silence::TimedOut)
            }
            Fate::Lost => {
                self.wait(patience).await;
                Outcome::Unknown(Silence::TimedOut)
            }
        }
    }
}

#[async_trait]
impl Exchange for Line {
    async fn fetch_wallet(&self, priority: Priority) -> Result<Wallet, ReadError> {
        self.reading().await?;
        self.inner.fetch_wallet(priority).await
    }

    async fn fetch_running(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.reading().await?;
        self.inner.fetch_running(priority).await
    }

    async fn fetch_resting(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.reading().await?;
        self.inner.fetch_resting(priority).await
    }

    async fn fetch_closed(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.reading().await?;
        self.inner.fetch_closed(since, priority).await
    }

    async fn fetch_canceled(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.reading().await?;
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
        self.change(position, change, deadlines.answer_within.get().min(ANSWER)).await
    }

    fn calls_at_once(&self) -> usize {
        CALLS_AT_ONCE
    }

    async fn wait_for_room(&self) {
        loop {
            let turn = self.turn();
            if turn <= self.field.clock.now() {
                return;
            }
            self.timeline.wait_until(&self.field, turn).await;
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
        self.change(position, Change::Close, ANSWER).await
    }

    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.change(position, Change::AddMargin { amount }, ANSWER).await
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

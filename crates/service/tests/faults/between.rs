//! Stands between the guard and the exchange, and fails as it is told.

use async_trait::async_trait;
use domain::position::{FundingFee, NewPosition};
use domain::{ActionId, NewOrder, Position, PositionId, Price, Sats, Timestamp, Wallet};
use exchange::{Exchange, Outcome, Priority, ReadError, Silence};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Barrier, Notify};

/// What happens to the next call that changes something.
pub enum Plan {
    /// The exchange does it, and its answer is lost.
    LoseReply,
    /// It never reaches the exchange, and nobody knows.
    LoseRequest,
    /// The exchange does it, and its answer comes once this is notified.
    Hold(Arc<Notify>),
    /// Something happens right before it arrives.
    Before(Box<dyn FnOnce() + Send>),
}

pub struct Between {
    inner: Arc<dyn Exchange>,
    plans: Mutex<VecDeque<Plan>>,
    /// Everyone who reads the running positions meets here first.
    meeting: Mutex<Option<Arc<Barrier>>>,
    /// Reads fail.
    down: Mutex<bool>,
    /// So many lists of running positions leave all of them out.
    omissions: Mutex<u32>,
    /// The list of closed positions fails.
    closed_is_down: Mutex<bool>,
    /// What the exchange's lists show less of margin than there is.
    embezzled: Mutex<Sats>,
    /// The exchange cannot cancel.
    no_cancels: Mutex<bool>,
    /// Happens right before the running positions are read, once.
    before_reading: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// So many calls may be on their way.
    at_once: AtomicUsize,
    calls: AtomicU32,
    closed_reads: AtomicU32,
}

impl Between {
    pub fn new(inner: Arc<dyn Exchange>) -> Between {
        Between {
            inner,
            plans: Mutex::default(),
            meeting: Mutex::default(),
            down: Mutex::default(),
            omissions: Mutex::default(),
            closed_is_down: Mutex::default(),
            embezzled: Mutex::default(),
            no_cancels: Mutex::default(),
            before_reading: Mutex::default(),
            at_once: AtomicUsize::new(1),
            calls: AtomicU32::default(),
            closed_reads: AtomicU32::default(),
        }
    }

    pub fn plan(&self, plan: Plan) {
        self.plans.lock().unwrap().push_back(plan);
    }

    pub fn meet(&self, readers: usize) {
        *self.meeting.lock().unwrap() = Some(Arc::new(Barrier::new(readers)));
    }

    pub fn before_reading(&self, happens: Box<dyn FnOnce() + Send>) {
        *self.before_reading.lock().unwrap() = Some(happens);
    }

    /// As over a network.
    pub fn overlap(&self) {
        self.at_once.store(8, Ordering::SeqCst);
    }

    pub fn go_down(&self, down: bool) {
        *self.down.lock().unwrap() = down;
    }

    pub fn refuse_cancels(&self) {
        *self.no_cancels.lock().unwrap() = true;
    }

    pub fn omit(&self, lists: u32) {
        *self.omissions.lock().unwrap() = lists;
    }

    pub fn embezzle(&self, sats: Sats) {
        *self.embezzled.lock().unwrap() = sats;
    }

    fn show(&self, mut running: Vec<Position>) -> Vec<Position> {
        let embezzled = *self.embezzled.lock().unwrap();
        for position in &mut running {
            position.margin = position.margin.checked_sub(embezzled).unwrap();
        }
        running
    }

    pub fn fail_closed(&self, down: bool) {
        *self.closed_is_down.lock().unwrap() = down;
    }

    /// How often the list of closed positions was read.
    pub fn closed_reads(&self) -> u32 {
        self.closed_reads.load(Ordering::SeqCst)
    }

    fn omits(&self) -> bool {
        let mut left = self.omissions.lock().unwrap();
        let omits = *left != 0;
        *left = left.saturating_sub(1);
        omits
    }

    /// A call that has not left yet, and what the plan makes of it.
    async fn as_planned(&self, call: impl Future<Output = Outcome<Position>> + Send) -> Outcome<Position> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let plan = self.plans.lock().unwrap().pop_front();
        match plan {
            None => call.await,
            Some(Plan::LoseRequest) => Outcome::Unknown(Silence::TimedOut),
            Some(Plan::LoseReply) => {
                let done = call.await;
                assert!(matches!(done, Outcome::Done(_)), "the exchange was meant to accept: {done:?}");
                Outcome::Unknown(Silence::TimedOut)
            }
            Some(Plan::Hold(answer)) => {
                let done = call.await;
                answer.notified().await;
                done
            }
            Some(Plan::Before(happens)) => {
                happens();
                call.await
            }
        }
    }

    /// How often something was sent that changes a position, whatever became of it.
    pub fn calls(&self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }

    fn check_up(&self) -> Result<(), ReadError> {
        let down = *self.down.lock().unwrap();
        if down { Err(ReadError::Unavailable("maintenance".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl Exchange for Between {
    async fn fetch_wallet(&self, priority: Priority) -> Result<Wallet, ReadError> {
        self.check_up()?;
        self.inner.fetch_wallet(priority).await
    }

    async fn fetch_running(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.check_up()?;
        let happens = self.before_reading.lock().unwrap().take();
        if let Some(happens) = happens {
            happens();
        }
        let running = self.inner.fetch_running(priority).await.map(|running| self.show(running));
        let meeting = self.meeting.lock().unwrap().clone();
        if let Some(meeting) = meeting {
            meeting.wait().await;
        }
        if self.omits() { running.map(|_| Vec::new()) } else { running }
    }

    async fn fetch_resting(&self, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.inner.fetch_resting(priority).await
    }

    async fn fetch_closed(&self, since: Timestamp, priority: Priority) -> Result<Vec<Position>, ReadError> {
        self.closed_reads.fetch_add(1, Ordering::SeqCst);
        if *self.closed_is_down.lock().unwrap() {
            return Err(ReadError::Unavailable("maintenance".to_owned()));
        }
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
        self.inner.fetch_funding_fees(position, since, priority).await
    }

    fn calls_at_once(&self) -> usize {
        self.at_once.load(Ordering::SeqCst)
    }

    async fn cancel_orders(&self) -> Outcome<Vec<Position>> {
        if *self.no_cancels.lock().unwrap() {
            return Outcome::Unknown(Silence::TimedOut);
        }
        self.inner.cancel_orders().await
    }

    async fn find_order(
        &self,
        name: ActionId,
        since: Timestamp,
        priority: Priority,
    ) -> Result<Option<Position>, ReadError> {
        self.check_up()?;
        self.inner.find_order(name, since, priority).await
    }

    async fn submit_order(&self, name: ActionId, order: NewOrder) -> Outcome<Position> {
        self.as_planned(self.inner.submit_order(name, order)).await
    }

    async fn cancel_order(&self, order: PositionId) -> Outcome<Position> {
        self.as_planned(self.inner.cancel_order(order)).await
    }

    async fn open_position(&self, order: NewPosition) -> Outcome<Position> {
        self.inner.open_position(order).await
    }

    async fn close_position(&self, position: PositionId) -> Outcome<Position> {
        self.as_planned(self.inner.close_position(position)).await
    }

    async fn add_margin(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.as_planned(self.inner.add_margin(position, amount)).await
    }

    async fn cash_in(&self, position: PositionId, amount: Sats) -> Outcome<Position> {
        self.as_planned(self.inner.cash_in(position, amount)).await
    }

    async fn set_stop_loss(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.as_planned(self.inner.set_stop_loss(position, price)).await
    }

    async fn set_take_profit(&self, position: PositionId, price: Option<Price>) -> Outcome<Position> {
        self.as_planned(self.inner.set_take_profit(position, price)).await
    }
}

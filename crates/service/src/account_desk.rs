//! One account while the program serves it: its ways to the exchange, and what was last read.

use crate::alarm::AlarmSink;
use crate::market_price::ReceivedTick;
use crate::runs::OpenRuns;
use domain::brake::Brakes;
use domain::guard_policy::Guard;
use domain::live::{Alarm, ComingFunding};
use domain::{KeyFault, Position, Sats, Timestamp};
use exchange::{Exchange, Market};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Account, PositionSpending};
use tokio::sync::{Notify, watch};

/// Shared between the account's guard, which writes the view, and the pages, which read it.
pub(crate) struct AccountDesk {
    pub account: Account,
    pub exchange: Arc<dyn Exchange>,
    pub market: Arc<dyn Market>,
    pub prices: watch::Receiver<Option<ReceivedTick>>,
    /// Asks the guard for a look.
    pub wake: Arc<Notify>,
    changes: AtomicU64,
    /// Counts positions that looks have found begun or ended by another hand.
    pub seen: watch::Sender<u64>,
    /// Decisions that each look repeats.
    pub runs: Arc<OpenRuns>,
    pub alarms: Arc<dyn AlarmSink>,
    view: Mutex<AccountView>,
}

/// The account as it was last read.
#[derive(Clone, Default)]
pub(crate) struct AccountView {
    pub wallet: Option<Sats>,
    pub positions: Vec<Position>,
    pub spending: Vec<PositionSpending>,
    pub added_today: Sats,
    pub guard: Option<Guard>,
    pub funding: Option<ComingFunding>,
    /// When the account was read, by our own clock.
    pub read_at: Option<Timestamp>,
    /// When the guard decided on every position, by our own clock.
    pub checked_at: Option<Timestamp>,
    /// A limit keeps the guard from doing what is needed.
    pub capped: bool,
    /// The key does not let the guard act.
    pub key_fault: Option<KeyFault>,
    pub alarm: Option<Alarm>,
    pub brakes: Brakes,
}

impl AccountDesk {
    pub fn new(
        account: Account,
        exchange: Arc<dyn Exchange>,
        market: Arc<dyn Market>,
        prices: watch::Receiver<Option<ReceivedTick>>,
        alarms: Arc<dyn AlarmSink>,
    ) -> AccountDesk {
        AccountDesk {
            account,
            exchange,
            market,
            prices,
            wake: Arc::default(),
            changes: AtomicU64::new(0),
            seen: watch::Sender::new(0),
            runs: Arc::default(),
            alarms,
            view: Mutex::default(),
        }
    }

    pub fn price(&self) -> Option<ReceivedTick> {
        *self.prices.borrow()
    }

    /// Something was written that the guard goes by: it looks again, and reads everything.
    pub fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.wake.notify_one();
    }

    /// Counts such changes.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    pub fn view(&self) -> AccountView {
        self.lock().clone()
    }

    pub fn change_view(&self, change: impl FnOnce(&mut AccountView)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, AccountView> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What people have asked for by hand and nobody has carried out yet: one queue an account, emptied by its guard's looks.

use domain::action::Change;
use domain::{ActionId, Hold, OrderFate, PositionId, Timestamp, UserId};
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// More can't be meant.
const MOST: usize = 64;

/// What is asked for. The key comes from the page and is the action's own id: however often it arrives, it is written
/// down, and so sent, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOrder {
    pub key: ActionId,
    /// `None` where a position is to be opened.
    pub position: Option<PositionId>,
    pub change: Change,
}

impl HandOrder {
    /// What the exchange knows it by.
    pub(crate) fn subject(&self) -> PositionId {
        self.position.unwrap_or(PositionId::from_uuid(self.key.uuid()))
    }
}

/// One that waits, and who waits for its answer.
pub(crate) struct Placed {
    pub order: HandOrder,
    pub by: UserId,
    /// By our own clock.
    pub asked_at: Timestamp,
    answer: oneshot::Sender<OrderFate>,
}

impl Placed {
    /// Whoever asked may have left; what was done is in the ledger all the same.
    pub fn answer(self, fate: OrderFate) {
        let _ = self.answer.send(fate);
    }
}

#[derive(Default)]
pub(crate) struct HandOrders(Mutex<Vec<Placed>>);

impl HandOrders {
    pub fn place(&self, order: HandOrder, by: UserId, asked_at: Timestamp) -> oneshot::Receiver<OrderFate> {
        let (answer, receiver) = oneshot::channel();
        let placed = Placed { order, by, asked_at, answer };
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST {
            waiting.push(placed);
        } else {
            placed.answer(OrderFate::HeldBack(Hold::Busy));
        }
        receiver
    }

    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// All that wait, the first that asked first.
    pub fn take(&self) -> Vec<Placed> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

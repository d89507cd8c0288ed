//! What a person asks for by hand: to open, to add margin, to cash in, to move a stop, to close, to cancel.

use super::{Desk, DeskError};
use crate::authority::Need;
use crate::hand_orders::HandOrder;
use domain::action::{Action, Change};
use domain::{AccountId, ActionId, ActionState, Hold, Leverage, OrderFate, Sats, UserId};
use std::time::Duration;

/// A look, a call and the exchange's patience end well before.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// No exchange would take it.
    #[error("this can't be meant: {0}")]
    Nonsense(&'static str),
    /// The same key was used for something else.
    #[error("this key stands for something else that was asked for")]
    KeyIsSpent,
}

impl Desk {
    /// Carries out what a person asks for, once: whoever asks again with the same key is told what became of it. Waits
    /// for the exchange's answer; where there is none that can be trusted, it is looked up and never sent again.
    pub async fn carry_out(&self, user: UserId, account: AccountId, order: HandOrder) -> Result<OrderFate, OrderError> {
        let desk = self.served(user, account, Need::Act).await?;
        check(&order)?;
        if let Some(known) = self.store.find_action(account, order.key).await.map_err(DeskError::from)? {
            return fate_of(&known, &order).ok_or(OrderError::KeyIsSpent);
        }
        let answered = desk.orders.place(order, user, self.clock.now());
        desk.changed();
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(fate)) => Ok(fate),
            // Whoever was to answer is gone, or stands still. What is not written down by now never will be.
            Ok(Err(_)) | Err(_) => {
                let known = self.store.find_action(account, order.key).await.map_err(DeskError::from)?;
                let late = OrderFate::HeldBack(Hold::Late);
                known.map_or(Ok(late), |known| fate_of(&known, &order).ok_or(OrderError::KeyIsSpent))
            }
        }
    }

    /// What became of something that was asked for; `None` where nothing was sent.
    pub async fn find_fate(
        &self,
        user: UserId,
        account: AccountId,
        key: ActionId,
    ) -> Result<Option<OrderFate>, DeskError> {
        self.check(user, account, Need::See).await?;
        Ok(self.store.find_action(account, key).await?.map(|action| fate(action.state)))
    }
}

/// What was asked for under a key that is known already; `None` where it was something else.
pub(crate) fn fate_of(known: &Action, order: &HandOrder) -> Option<OrderFate> {
    let is_it = (known.intent.position, known.intent.change) == (order.subject(), order.change);
    is_it.then(|| fate(known.state))
}

const fn fate(state: ActionState) -> OrderFate {
    match state {
        ActionState::Proved => OrderFate::Done,
        ActionState::Refuted => OrderFate::DidNotHappen,
        ActionState::Intent | ActionState::Unknown | ActionState::Frozen | ActionState::Counted => OrderFate::Unknown,
    }
}

/// Refuses what could not come from a page that is sound.
fn check(order: &HandOrder) -> Result<(), OrderError> {
    let is_opening = matches!(order.change, Change::Open { .. });
    if is_opening != order.position.is_none() {
        return Err(OrderError::Nonsense("a position is named where none is, or none where one is"));
    }
    match order.change {
        Change::AddMargin { amount } | Change::CashIn { amount } if amount <= Sats::ZERO => {
            Err(OrderError::Nonsense("an amount is at least 1 sat"))
        }
        Change::Open { order } => Leverage::for_order(order.position.leverage.millionths())
            .map(|_| ())
            .map_err(|_| OrderError::Nonsense("leverage is from 1 to 100")),
        _ => Ok(()),
    }
}

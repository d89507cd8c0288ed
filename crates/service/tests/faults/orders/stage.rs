//! Asks a bench's desk for something, and lets its guard look until there is an answer.

use crate::bench::Bench;
use domain::action::Change;
use domain::position::NewPosition;
use domain::{AccountId, ActionId, Leverage, Millis, NewOrder, OrderFate, PositionId, Quantity, Side, UserId};
use service::{Desk, HandOrder, MarginGuard};
use std::future::Future;
use std::pin::pin;
use uuid::Uuid;

pub fn key(number: u128) -> ActionId {
    ActionId::from_uuid(Uuid::from_u128(0xfeed_0000 + number))
}

pub fn order(number: u128, position: Option<PositionId>, change: Change) -> HandOrder {
    HandOrder { key: key(number), position, change }
}

/// A long at market, at 10x.
pub fn long(dollars: i64) -> NewOrder {
    NewOrder::from(NewPosition {
        side: Side::Long,
        quantity: Quantity::new(dollars).unwrap(),
        leverage: Leverage::for_order(10 * Leverage::ONE_X).unwrap(),
        stop_loss: None,
        take_profit: None,
    })
}

pub async fn ask(
    desk: &Desk,
    guard: &mut MarginGuard,
    user: UserId,
    account: AccountId,
    asked: HandOrder,
) -> OrderFate {
    let wake = guard.wake();
    let mut asking = pin!(desk.carry_out(user, account, asked));
    loop {
        tokio::select! {
            biased;
            answer = &mut asking => return answer.unwrap(),
            () = wake.notified() => { guard.look_again().await; }
        }
    }
}

pub trait Hands {
    fn ask(&mut self, asked: HandOrder) -> impl Future<Output = OrderFate>;
    /// With a guard that looks only after so much time.
    fn ask_after(&mut self, asked: HandOrder, time: Millis) -> impl Future<Output = OrderFate>;
}

impl Hands for Bench {
    async fn ask(&mut self, asked: HandOrder) -> OrderFate {
        self.ask_after(asked, Millis::ZERO).await
    }

    async fn ask_after(&mut self, asked: HandOrder, time: Millis) -> OrderFate {
        let Bench { desk, guard, clock, .. } = self;
        let wake = guard.wake();
        let mut asking = pin!(desk.carry_out(self.user, self.account, asked));
        loop {
            tokio::select! {
                biased;
                answer = &mut asking => return answer.unwrap(),
                () = wake.notified() => {
                    clock.pass(time);
                    guard.look_again().await;
                }
            }
        }
    }
}

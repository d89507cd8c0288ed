//! What an account is notified of.

use super::{Cashier, Deposit};
use crate::venue::cross::CrossOrder;
use crate::venue::trade::Trade;
use domain::{Sats, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: Uuid,
    pub at: Timestamp,
    pub notified: Notified,
    pub is_read: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notified {
    Deposit(Sats),
    Liquidation { trade: Uuid },
    CrossLiquidation { order: Uuid },
}

/// What tells the id of a notice from that of what it is about.
const NOTICE_MARK: u128 = 0x0000_0000_0000_0000_0000_2071_0000_0001;

impl Notice {
    fn new(about: Uuid, at: Timestamp, notified: Notified) -> Notice {
        Notice { id: Uuid::from_u128(about.as_u128() ^ NOTICE_MARK), at, notified, is_read: false }
    }

    pub(super) fn of_deposit(deposit: &Deposit, at: Timestamp) -> Notice {
        Notice::new(deposit.id, at, Notified::Deposit(deposit.amount))
    }
}

impl Cashier {
    pub fn notify_liquidation(&mut self, trade: &Trade, at: Timestamp) {
        let trade = trade.position.id.uuid();
        self.notices.push(Notice::new(trade, at, Notified::Liquidation { trade }));
    }

    pub fn notify_cross_liquidation(&mut self, order: &CrossOrder, at: Timestamp) {
        self.notices.push(Notice::new(order.id, at, Notified::CrossLiquidation { order: order.id }));
    }
}

//! Cross margin: one position an account with all of the cross margin behind it.

mod fills;
mod market;
mod orders;
mod transfers;

pub use orders::CrossOrderRequest;

use super::trade::Approach;
use domain::{AccountId, OrderSide, Price, Sats, Side, Timestamp};
use engine::contract::cross::{Contracts, CrossLeverage, CrossPosition, initial_margin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An order for the cross position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossOrder {
    pub id: Uuid,
    pub kind: CrossOrderKind,
    pub side: OrderSide,
    pub contracts: Contracts,
    /// The limit, or the price it was filled at.
    pub price: Price,
    /// Zero until it is filled.
    pub fee: Sats,
    pub created_at: Timestamp,
    pub state: CrossOrderState,
    pub client_id: Option<String>,
    pub(super) approach: Approach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CrossOrderKind {
    Market,
    Limit,
    /// The venue's own: the position was liquidated.
    Liquidation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CrossOrderState {
    Open,
    Filled { at: Timestamp },
    Canceled { at: Timestamp },
}

/// What moved between the wallet and the cross margin; positive is a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossTransfer {
    pub id: Uuid,
    pub amount: Sats,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossFundingRow {
    /// Positive was paid.
    pub fee: Sats,
    pub at: Timestamp,
    pub settlement: Uuid,
}

/// The cross account as the venue tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossView {
    pub id: Uuid,
    pub position: Option<CrossPosition>,
    pub leverage: CrossLeverage,
    pub margin: Sats,
    /// What the open orders would bind.
    pub initial_margin: Sats,
    pub running_margin: Sats,
    pub maintenance_margin: Sats,
    pub liquidation: Option<Price>,
    /// Unrealised, at the newest price.
    pub pnl: Sats,
    /// Booked over the account's life, before fees and funding.
    pub realised: Sats,
    /// Positive was paid.
    pub funding_fees: Sats,
    pub trading_fees: Sats,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CrossAccount {
    id: Uuid,
    pub leverage: CrossLeverage,
    pub margin: Sats,
    pub position: Option<CrossPosition>,
    /// In the order they were placed.
    pub open: Vec<CrossOrder>,
    /// In the order they were filled.
    pub filled: Vec<CrossOrder>,
    pub transfers: Vec<CrossTransfer>,
    pub funding: Vec<CrossFundingRow>,
    pub realised: Sats,
    pub funding_fees: Sats,
    pub trading_fees: Sats,
    pub updated_at: Timestamp,
}

/// What tells the id of the cross account from that of the account.
const CROSS_MARK: u128 = 0x0000_0000_0000_0000_0000_c405_5000_0001;

impl CrossAccount {
    pub fn of(account: AccountId) -> CrossAccount {
        CrossAccount {
            id: Uuid::from_u128(account.uuid().as_u128() ^ CROSS_MARK),
            leverage: CrossLeverage::MIN,
            margin: Sats::ZERO,
            position: None,
            open: Vec::new(),
            filled: Vec::new(),
            transfers: Vec::new(),
            funding: Vec::new(),
            realised: Sats::ZERO,
            funding_fees: Sats::ZERO,
            trading_fees: Sats::ZERO,
            updated_at: Timestamp::EPOCH,
        }
    }

    pub fn view(&self, market: impl Fn(Side, Contracts) -> Option<Price>) -> CrossView {
        let position = self.position;
        let price = position.and_then(|position| market(position.side, position.contracts));
        CrossView {
            id: self.id,
            position,
            leverage: self.leverage,
            margin: self.margin,
            initial_margin: self.initial_margin(),
            running_margin: position.map_or(Sats::ZERO, |position| position.running_margin(self.leverage)),
            maintenance_margin: position.map_or(Sats::ZERO, |position| position.maintenance_margin()),
            liquidation: position.and_then(|position| position.liquidation(self.margin)),
            pnl: position.zip(price).map_or(Sats::ZERO, |(position, price)| position.pnl(price)),
            realised: self.realised,
            funding_fees: self.funding_fees,
            trading_fees: self.trading_fees,
            updated_at: self.updated_at,
        }
    }

    /// What the open orders would bind; one that only reduces the position binds nothing.
    pub fn initial_margin(&self) -> Sats {
        let bound = self.open.iter().filter(|order| !self.reduces(order)).map(|order| {
            let bound = initial_margin(order.contracts, order.price, self.leverage);
            bound.get()
        });
        Sats::new(bound.fold(0, i64::saturating_add))
    }

    fn reduces(&self, order: &CrossOrder) -> bool {
        self.position.is_some_and(|held| held.side != order.side.opens() && order.contracts <= held.contracts)
    }

    /// What could be withdrawn at a price.
    fn free(&self, price: Option<Price>) -> Sats {
        let free = match self.position {
            Some(position) => position.free_margin(self.margin, self.leverage, price.unwrap_or(position.entry)),
            None => self.margin,
        };
        Sats::new(free.get().saturating_sub(self.initial_margin().get()))
    }
}

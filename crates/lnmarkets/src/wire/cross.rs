//! Cross margin: one position an account, and the orders that make it.

use crate::client_id::ClientId;
use crate::number::{Number, Time, Whole};
use domain::{Leverage, OrderSide, Price, Sats, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

/// The one position in cross margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossPosition {
    /// US dollars; positive is long, negative short, 0 flat.
    pub quantity: i64,
    pub leverage: Leverage,
    pub margin: Sats,
    pub initial_margin: Sats,
    pub running_margin: Sats,
    pub maintenance_margin: Sats,
    /// `None` while flat.
    pub entry: Option<Price>,
    pub liquidation: Option<Price>,
    pub pnl: Sats,
    pub delta_pnl: Sats,
    /// Positive was paid.
    pub funding_fees: Sats,
    pub trading_fees: Sats,
    pub updated_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossOrderKind {
    Limit,
    Market,
    Liquidation,
    /// A kind that is newer than this program.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrossOrderState {
    Open,
    Filled { at: Timestamp },
    Canceled { at: Timestamp },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossOrder {
    pub id: Uuid,
    pub kind: CrossOrderKind,
    pub side: OrderSide,
    /// US dollars.
    pub quantity: i64,
    pub price: Option<Price>,
    pub trading_fee: Sats,
    pub state: CrossOrderState,
    pub created_at: Timestamp,
    pub client_id: Option<ClientId>,
}

/// Between wallet and cross margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossTransfer {
    pub id: Uuid,
    /// Positive went into cross margin.
    pub amount: Sats,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossFundingFee {
    pub at: Timestamp,
    /// Positive was paid.
    pub fee: Sats,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CrossPositionWire {
    quantity: Whole,
    leverage: Number,
    margin: Whole,
    initial_margin: Option<Whole>,
    running_margin: Option<Whole>,
    maintenance_margin: Option<Whole>,
    entry_price: Option<Number>,
    liquidation: Option<Number>,
    total_pl: Option<Whole>,
    delta_pl: Option<Whole>,
    funding_fees: Option<Whole>,
    trading_fees: Option<Whole>,
    updated_at: Option<Time>,
}

impl CrossPositionWire {
    pub fn position(self) -> Result<CrossPosition, &'static str> {
        let sats = |whole: Option<Whole>| Sats::from(whole.unwrap_or_default());
        let price = |number: Option<Number>| number.map_or(Ok(None), Number::price_or_none);
        Ok(CrossPosition {
            quantity: self.quantity.0,
            leverage: self.leverage.leverage().ok_or("the leverage is no leverage")?,
            margin: self.margin.into(),
            initial_margin: sats(self.initial_margin),
            running_margin: sats(self.running_margin),
            maintenance_margin: sats(self.maintenance_margin),
            entry: price(self.entry_price).map_err(|_| "the entry is no price")?,
            liquidation: price(self.liquidation).map_err(|_| "the liquidation is no price")?,
            pnl: sats(self.total_pl),
            delta_pnl: sats(self.delta_pl),
            funding_fees: sats(self.funding_fees),
            trading_fees: sats(self.trading_fees),
            updated_at: self.updated_at.map(|time| time.0),
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CrossOrderWire {
    id: Uuid,
    r#type: Option<String>,
    side: OrderSide,
    quantity: Whole,
    price: Option<Number>,
    trading_fee: Option<Whole>,
    created_at: Time,
    filled_at: Option<Time>,
    canceled_at: Option<Time>,
    client_id: Option<String>,
}

impl CrossOrderWire {
    pub fn order(self) -> Result<CrossOrder, &'static str> {
        let kind = match self.r#type.as_deref() {
            Some("limit") => CrossOrderKind::Limit,
            Some("market") => CrossOrderKind::Market,
            Some("liquidation") => CrossOrderKind::Liquidation,
            _ => CrossOrderKind::Other,
        };
        let state = match (self.filled_at, self.canceled_at) {
            (Some(Time(at)), _) => CrossOrderState::Filled { at },
            (None, Some(Time(at))) => CrossOrderState::Canceled { at },
            (None, None) => CrossOrderState::Open,
        };
        let price = self.price.map_or(Ok(None), Number::price_or_none).map_err(|_| "the price is no price")?;
        Ok(CrossOrder {
            id: self.id,
            kind,
            side: self.side,
            quantity: self.quantity.0,
            price,
            trading_fee: self.trading_fee.unwrap_or_default().into(),
            state,
            created_at: self.created_at.0,
            client_id: ClientId::read(self.client_id),
        })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct CrossTransferWire {
    id: Uuid,
    amount: Whole,
    time: Time,
}

impl CrossTransferWire {
    pub fn transfer(self) -> Result<CrossTransfer, &'static str> {
        Ok(CrossTransfer { id: self.id, amount: self.amount.into(), at: self.time.0 })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct CrossFundingWire {
    fee: Whole,
    time: Time,
}

impl CrossFundingWire {
    pub fn fee(self) -> Result<CrossFundingFee, &'static str> {
        Ok(CrossFundingFee { at: self.time.0, fee: self.fee.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn order(value: Value) -> CrossOrder {
        serde_json::from_value::<CrossOrderWire>(value).unwrap().order().unwrap()
    }

    #[test]
    fn a_liquidation_is_an_order_of_its_own_kind() {
        let filled = json!({
            "id": "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e", "type": "liquidation", "side": "buy", "quantity": 10,
            "price": 77055, "tradingFee": 12, "createdAt": "2026-04-22T11:07:19.867Z",
            "filledAt": "2026-04-22T11:07:19.867Z", "canceledAt": null, "open": false, "filled": true,
            "canceled": false, "clientId": ""
        });
        let order = order(filled);
        assert_eq!(
            (order.kind, order.trading_fee, order.client_id),
            (CrossOrderKind::Liquidation, Sats::new(12), None)
        );
        assert!(matches!(order.state, CrossOrderState::Filled { .. }));
    }

    #[test]
    fn f07_an_order_of_a_new_kind_is_still_an_order() {
        let novel = json!({
            "id": "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e", "type": "iceberg", "side": "sell", "quantity": "10",
            "createdAt": "2026-04-22T11:07:19.867Z", "hidden": 9
        });
        let order = order(novel);
        assert_eq!((order.kind, order.state, order.price), (CrossOrderKind::Other, CrossOrderState::Open, None));
    }

    #[test]
    fn a_flat_position_has_neither_entry_nor_liquidation() {
        let flat = json!({"quantity": 0, "leverage": 10, "margin": 500000, "entryPrice": null, "liquidation": 0});
        let position = serde_json::from_value::<CrossPositionWire>(flat).unwrap().position().unwrap();
        assert_eq!((position.entry, position.liquidation, position.margin), (None, None, Sats::new(500_000)));
    }
}

//! An isolated trade as the venue tells of it.

use crate::client_id::ClientId;
use crate::number::{Number, Time, Whole};
use domain::position::PositionState;
use domain::{OrderSide, Position, PositionId, Price, Quantity, Sats};
use serde::Deserialize;

/// What a position can't be guarded without must be there; the rest may be missing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TradeWire {
    id: PositionId,
    side: OrderSide,
    quantity: Whole,
    margin: Whole,
    leverage: Number,
    price: Number,
    liquidation: Number,
    created_at: Time,
    filled_at: Option<Time>,
    closed_at: Option<Time>,
    exit_price: Option<Number>,
    stoploss: Option<Number>,
    takeprofit: Option<Number>,
    maintenance_margin: Option<Whole>,
    pl: Option<Whole>,
    opening_fee: Option<Whole>,
    closing_fee: Option<Whole>,
    sum_funding_fees: Option<Whole>,
    sum_cash_in_margin: Option<Whole>,
    sum_cash_in_pl: Option<Whole>,
    open: Option<bool>,
    running: Option<bool>,
    closed: Option<bool>,
    canceled: Option<bool>,
    client_id: Option<String>,
}

impl TradeWire {
    /// With the name that its client gave it.
    pub fn named(mut self) -> Result<(Option<ClientId>, Position), &'static str> {
        let name = ClientId::read(self.client_id.take());
        Ok((name, self.position()?))
    }

    pub fn position(self) -> Result<Position, &'static str> {
        let state = self.state()?;
        let side = self.side.opens();
        let sats = |whole: Option<Whole>| Sats::from(whole.unwrap_or_default());
        Ok(Position {
            id: self.id,
            side,
            quantity: Quantity::new(self.quantity.0).map_err(|_| "the quantity is out of range")?,
            margin: self.margin.into(),
            leverage: self.leverage.leverage().ok_or("the leverage is no leverage")?,
            entry: self.price.price().ok_or("the entry is no price")?,
            liquidation: self.liquidation.liquidation(side).ok_or("the liquidation is no price")?,
            stop_loss: stop(self.stoploss)?,
            take_profit: stop(self.takeprofit)?,
            fee_reserve: sats(self.maintenance_margin),
            pnl: sats(self.pl),
            opening_fee: sats(self.opening_fee),
            closing_fee: sats(self.closing_fee),
            funding: sats(self.sum_funding_fees),
            cashed_in_margin: sats(self.sum_cash_in_margin),
            cashed_in_pnl: sats(self.sum_cash_in_pl),
            state,
            created_at: self.created_at.0,
        })
    }

    /// `running` is asked first: the venue has been seen to leave `open` set on running trades.
    fn state(&self) -> Result<PositionState, &'static str> {
        let is = |flag: Option<bool>| flag == Some(true);
        let ended_at = self.closed_at.map(|time| time.0);
        if is(self.running) {
            return Ok(PositionState::Running { filled_at: self.filled_at.unwrap_or(self.created_at).0 });
        }
        if is(self.closed) {
            let closed_at = ended_at.ok_or("closed, but it is not said when")?;
            let exit = self.exit_price.and_then(Number::price).ok_or("closed, but it is not said where")?;
            return Ok(PositionState::Closed { closed_at, exit });
        }
        if is(self.canceled) {
            return Ok(PositionState::Canceled { canceled_at: ended_at.unwrap_or(self.created_at.0) });
        }
        if is(self.open) { Ok(PositionState::Resting) } else { Err("neither open, running, closed nor canceled") }
    }
}

fn stop(number: Option<Number>) -> Result<Option<Price>, &'static str> {
    number.map_or(Ok(None), Number::price_or_none).map_err(|_| "a stop is no price")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The shape that LN Markets' own Python SDK is tested with.
    fn running() -> Value {
        json!({
            "id": "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e", "type": "market", "side": "buy", "openingFee": 0,
            "closingFee": 0, "maintenanceMargin": 100, "quantity": 1, "margin": 1000, "leverage": 10, "price": 100000,
            "liquidation": 90000, "stoploss": 0, "stoplossTrailingDistance": 0.1, "takeprofit": 0, "exitPrice": null,
            "pl": 0, "createdAt": "2026-04-22T11:07:19.867Z", "filledAt": "2026-04-22T11:07:19.867Z", "closedAt": null,
            "entryPrice": 100000, "entryMargin": 1000, "open": false, "running": true, "canceled": false,
            "closed": false, "sumFundingFees": 0, "sumCashInPl": 0, "sumCashInMargin": 0, "clientId": null
        })
    }

    fn changed(changes: Value) -> Result<Position, String> {
        let mut trade = running();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::String(text) if text == "absent" => drop(trade.as_object_mut().unwrap().remove(name)),
                value => trade[name] = value.clone(),
            }
        }
        let wire: TradeWire = serde_json::from_value(trade).map_err(|error| error.to_string())?;
        wire.position().map_err(str::to_owned)
    }

    #[test]
    fn a_running_trade_is_read() {
        let position = changed(json!({})).unwrap();
        assert!(position.is_running());
        assert_eq!((position.margin, position.entry.ticks(), position.stop_loss), (Sats::new(1_000), 200_000, None));
    }

    #[test]
    fn f07_drift_that_costs_nothing_is_lived_with() {
        for changes in [
            json!({"uid": "x", "novelty": {"deep": [1]}, "type": "novel", "clientId": ""}),
            json!({"margin": "1000", "price": 100000.0, "leverage": "10.0", "quantity": "1"}),
            json!({"maintenanceMargin": "absent", "sumCashInPl": null, "pl": "absent", "stoploss": null}),
            json!({"open": true}),
            json!({"filledAt": null}),
        ] {
            let position = changed(changes.clone());
            assert!(
                position.is_ok_and(|position| position.is_running() && position.margin.get() == 1_000),
                "{changes}"
            );
        }
    }

    #[test]
    fn f07_a_trade_that_can_t_be_guarded_is_not_guessed_at() {
        for changes in [
            json!({"liquidation": null}),
            json!({"margin": "absent"}),
            json!({"side": "sideways"}),
            json!({"quantity": 0}),
            json!({"price": 0}),
            json!({"id": "1"}),
            json!({"running": false}),
            json!({"running": false, "closed": true, "closedAt": null}),
            json!({"stoploss": -1}),
            json!({"createdAt": "absent"}),
        ] {
            assert!(changed(changes.clone()).is_err(), "{changes}");
        }
    }

    #[test]
    fn a_closed_trade_says_where_and_when() {
        let closed =
            json!({"running": false, "closed": true, "closedAt": "2026-04-22T11:07:20.000Z", "exitPrice": 99000.5});
        let position = changed(closed).unwrap();
        assert!(matches!(position.state, PositionState::Closed { exit, .. } if exit.ticks() == 198_001));
    }
}

//! What clients send, checked before the venue hears of it.

use super::answer::ApiError;
use super::auth::Signed;
use crate::venue::{Order, Size};
use axum::extract::Query;
use domain::{Leverage, OrderSide, PositionId, Price, Quantity, Sats};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewTrade {
    side: OrderSide,
    r#type: OrderType,
    leverage: f64,
    quantity: Option<i64>,
    margin: Option<i64>,
    stoploss: Option<f64>,
    stoploss_mode: Option<StopMode>,
    takeprofit: Option<f64>,
    client_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OrderType {
    Market,
    Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StopMode {
    Fixed,
    Trailing,
}

#[derive(Deserialize)]
struct IdBody {
    id: String,
}

#[derive(Deserialize)]
struct AmountBody {
    id: String,
    amount: i64,
}

#[derive(Deserialize)]
struct StopBody {
    id: String,
    value: f64,
    mode: Option<StopMode>,
}

impl Signed {
    fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| ApiError::bad_request(format!("Body is not valid: {error}")))
    }

    pub fn new_trade(&self) -> Result<Order, ApiError> {
        let new: NewTrade = self.json()?;
        if new.r#type == OrderType::Limit {
            return Err(ApiError::bad_request("Limit orders are not offered by the paper venue"));
        }
        check_mode(new.stoploss_mode)?;
        let leverage =
            Leverage::try_from_times(new.leverage).map_err(|error| ApiError::bad_request(error.to_string()))?;
        Ok(Order {
            side: new.side.opens(),
            size: size(new.quantity, new.margin)?,
            leverage,
            stop_loss: stop(new.stoploss.unwrap_or(0.0))?,
            take_profit: stop(new.takeprofit.unwrap_or(0.0))?,
            client_id: new.client_id,
        })
    }

    pub fn id(&self) -> Result<PositionId, ApiError> {
        position(&self.json::<IdBody>()?.id)
    }

    pub fn amount(&self) -> Result<(PositionId, Sats), ApiError> {
        let AmountBody { id, amount } = self.json()?;
        Ok((position(&id)?, Sats::new(amount)))
    }

    /// A value of 0 removes the stop.
    pub fn stop(&self) -> Result<(PositionId, Option<Price>), ApiError> {
        let StopBody { id, value, mode } = self.json()?;
        check_mode(mode)?;
        Ok((position(&id)?, stop(value)?))
    }

    pub fn id_of_query(&self) -> Result<PositionId, ApiError> {
        let query = Query::<IdBody>::try_from_uri(&self.uri);
        let Query(IdBody { id }) = query.map_err(|_| ApiError::bad_request("id is missing"))?;
        position(&id)
    }
}

fn position(id: &str) -> Result<PositionId, ApiError> {
    id.parse().map_err(|_| ApiError::bad_request("id must be a UUID"))
}

fn check_mode(mode: Option<StopMode>) -> Result<(), ApiError> {
    match mode {
        Some(StopMode::Trailing) => Err(ApiError::bad_request("Trailing stops are not offered by the paper venue")),
        _ => Ok(()),
    }
}

fn size(quantity: Option<i64>, margin: Option<i64>) -> Result<Size, ApiError> {
    match (quantity, margin) {
        (Some(quantity), None) => Quantity::new(quantity)
            .map(Size::Quantity)
            .map_err(|_| ApiError::bad_request("quantity must be from 1 to 500000")),
        (None, Some(margin)) if 1 <= margin => Ok(Size::Margin(Sats::new(margin))),
        (None, Some(_)) => Err(ApiError::bad_request("margin must be positive")),
        _ => Err(ApiError::bad_request("Exactly one of quantity and margin is needed")),
    }
}

/// A price on the venue's grid of half dollars; 0 is none.
fn stop(value: f64) -> Result<Option<Price>, ApiError> {
    if value == 0.0 {
        return Ok(None);
    }
    let price = Price::try_from_dollars(value).ok().filter(|price| price.dollars() == value);
    price.map(Some).ok_or_else(|| ApiError::bad_request("A price must be a positive multiple of 0.5"))
}

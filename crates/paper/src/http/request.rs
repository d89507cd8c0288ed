//! What clients send, checked before the venue hears of it.

use super::answer::ApiError;
use super::auth::Signed;
use crate::venue::{AddressFormat, CrossOrderRequest, NewTrade, Order, Size, Sold, TrailingDistance};
use axum::extract::Query;
use domain::{Leverage, OrderSide, PositionId, Price, Quantity, Sats};
use engine::contract::cross::CrossLeverage;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewTradeBody {
    side: OrderSide,
    r#type: OrderType,
    leverage: f64,
    quantity: Option<i64>,
    margin: Option<i64>,
    price: Option<f64>,
    stoploss: Option<f64>,
    stoploss_mode: Option<StopMode>,
    takeprofit: Option<f64>,
    client_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CrossOrderBody {
    side: OrderSide,
    r#type: OrderType,
    quantity: i64,
    price: Option<f64>,
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
struct BareAmountBody {
    amount: i64,
}

#[derive(Deserialize)]
struct StopBody {
    id: String,
    value: f64,
    mode: Option<StopMode>,
}

#[derive(Deserialize)]
struct CrossLeverageBody {
    leverage: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DepositBody {
    amount: i64,
    comment: Option<String>,
    description_hash: Option<String>,
}

#[derive(Deserialize)]
struct InvoiceBody {
    invoice: String,
}

#[derive(Deserialize)]
struct OnChainBody {
    address: String,
    amount: i64,
}

#[derive(Default, Deserialize)]
struct AddressBody {
    format: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SwapBody {
    in_amount: f64,
    in_asset: Asset,
    out_asset: Asset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Asset {
    Btc,
    Usd,
}

impl Signed {
    fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| ApiError::bad_request(format!("Body is not valid: {error}")))
    }

    pub fn new_trade(&self) -> Result<NewTrade, ApiError> {
        let new: NewTradeBody = self.json()?;
        let leverage =
            Leverage::try_from_times(new.leverage).map_err(|error| ApiError::bad_request(error.to_string()))?;
        let (stop_loss, trailing) = stop_loss(new.stoploss.unwrap_or(0.0), new.stoploss_mode)?;
        let order = Order {
            side: new.side.opens(),
            size: size(new.quantity, new.margin)?,
            leverage,
            stop_loss,
            take_profit: price_or_none(new.takeprofit.unwrap_or(0.0))?,
            client_id: new.client_id,
        };
        Ok(NewTrade { order, limit: limit(new.r#type, new.price)?, trailing })
    }

    pub fn cross_order(&self) -> Result<CrossOrderRequest, ApiError> {
        let CrossOrderBody { side, r#type, quantity, price, client_id } = self.json()?;
        let quantity = quantity_of(quantity)?;
        Ok(CrossOrderRequest { side, quantity, limit: limit(r#type, price)?, client_id })
    }

    pub fn id(&self) -> Result<PositionId, ApiError> {
        position(&self.json::<IdBody>()?.id)
    }

    pub fn amount(&self) -> Result<(PositionId, Sats), ApiError> {
        let AmountBody { id, amount } = self.json()?;
        Ok((position(&id)?, Sats::new(amount)))
    }

    pub fn bare_amount(&self) -> Result<Sats, ApiError> {
        Ok(Sats::new(self.json::<BareAmountBody>()?.amount))
    }

    /// A price or a distance; a value of 0 removes the stop.
    pub fn stop_loss(&self) -> Result<(PositionId, Option<Price>, Option<TrailingDistance>), ApiError> {
        let StopBody { id, value, mode } = self.json()?;
        let (price, distance) = stop_loss(value, mode)?;
        Ok((position(&id)?, price, distance))
    }

    /// A value of 0 removes the stop.
    pub fn take_profit(&self) -> Result<(PositionId, Option<Price>), ApiError> {
        let StopBody { id, value, .. } = self.json()?;
        Ok((position(&id)?, price_or_none(value)?))
    }

    pub fn id_of_query(&self) -> Result<PositionId, ApiError> {
        let query = Query::<IdBody>::try_from_uri(&self.uri);
        let Query(IdBody { id }) = query.map_err(|_| ApiError::bad_request("id is missing"))?;
        position(&id)
    }

    pub fn cross_leverage(&self) -> Result<CrossLeverage, ApiError> {
        let times = self.json::<CrossLeverageBody>()?.leverage;
        let whole = (1..=100).find(|whole: &u8| f64::from(*whole) == times).and_then(CrossLeverage::new);
        whole.ok_or_else(|| ApiError::bad_request("leverage must be a whole number from 1 to 100"))
    }

    pub fn deposit(&self) -> Result<(Sats, Option<String>), ApiError> {
        let DepositBody { amount, comment, description_hash } = self.json()?;
        let is_hash =
            |text: &String| text.len() == 64 && text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'));
        if description_hash.is_some_and(|hash| !is_hash(&hash)) {
            return Err(ApiError::bad_request("descriptionHash must be 64 hex digits"));
        }
        Ok((Sats::new(amount), comment))
    }

    pub fn invoice(&self) -> Result<String, ApiError> {
        Ok(self.json::<InvoiceBody>()?.invoice)
    }

    pub fn on_chain_withdrawal(&self) -> Result<(String, Sats), ApiError> {
        let OnChainBody { address, amount } = self.json()?;
        Ok((address, Sats::new(amount)))
    }

    /// Without a body it is taproot.
    pub fn address_format(&self) -> Result<AddressFormat, ApiError> {
        let body = if self.body.is_empty() { AddressBody::default() } else { self.json()? };
        match body.format.as_deref() {
            None | Some("p2tr") => Ok(AddressFormat::Taproot),
            Some("p2wpkh") => Ok(AddressFormat::Segwit),
            Some(_) => Err(ApiError::bad_request("format must be p2tr or p2wpkh")),
        }
    }

    /// Bitcoin in sats, dollars with at most two decimals.
    pub fn swap(&self) -> Result<Sold, ApiError> {
        let SwapBody { in_amount, in_asset, out_asset } = self.json()?;
        let whole = |value: f64| {
            // Whole numbers up to here are exact.
            let is_whole = value.fract() == 0.0 && (0.0..=9e15).contains(&value);
            is_whole.then(|| format!("{value:.0}").parse::<i64>().ok()).flatten()
        };
        let sold = match (in_asset, out_asset) {
            (Asset::Btc, Asset::Usd) => whole(in_amount).map(Sold::Sats),
            (Asset::Usd, Asset::Btc) => whole((in_amount * 100.0 * 1e6).round() / 1e6).map(Sold::Cents),
            _ => return Err(ApiError::bad_request("inAsset and outAsset must differ")),
        };
        sold.ok_or_else(|| ApiError::bad_request("inAmount must be whole sats, or dollars with two decimals"))
    }
}

fn position(id: &str) -> Result<PositionId, ApiError> {
    id.parse().map_err(|_| ApiError::bad_request("id must be a UUID"))
}

fn quantity_of(quantity: i64) -> Result<Quantity, ApiError> {
    Quantity::new(quantity).map_err(|_| ApiError::bad_request("quantity must be from 1 to 500000"))
}

fn size(quantity: Option<i64>, margin: Option<i64>) -> Result<Size, ApiError> {
    match (quantity, margin) {
        (Some(quantity), None) => quantity_of(quantity).map(Size::Quantity),
        (None, Some(margin)) if 1 <= margin => Ok(Size::Margin(Sats::new(margin))),
        (None, Some(_)) => Err(ApiError::bad_request("margin must be positive")),
        _ => Err(ApiError::bad_request("Exactly one of quantity and margin is needed")),
    }
}

fn limit(kind: OrderType, price: Option<f64>) -> Result<Option<Price>, ApiError> {
    match (kind, price) {
        (OrderType::Market, None) => Ok(None),
        (OrderType::Market, Some(_)) => Err(ApiError::bad_request("A market order has no price")),
        (OrderType::Limit, None) => Err(ApiError::bad_request("A limit order needs a price")),
        (OrderType::Limit, Some(price)) => on_grid(price).map(Some),
    }
}

fn stop_loss(value: f64, mode: Option<StopMode>) -> Result<(Option<Price>, Option<TrailingDistance>), ApiError> {
    if mode != Some(StopMode::Trailing) || value == 0.0 {
        return Ok((price_or_none(value)?, None));
    }
    let millionths = (value * 1e6).round();
    let known = (1e3..=1e7).contains(&millionths).then(|| format!("{millionths:.0}").parse().ok()).flatten();
    let distance = known.and_then(TrailingDistance::from_millionths);
    let distance = distance.ok_or_else(|| ApiError::bad_request("A trailing distance must be from 0.001 to 10"))?;
    Ok((None, Some(distance)))
}

/// A price where 0 is none.
fn price_or_none(value: f64) -> Result<Option<Price>, ApiError> {
    if value == 0.0 { Ok(None) } else { on_grid(value).map(Some) }
}

/// A price on the venue's grid of half dollars.
fn on_grid(value: f64) -> Result<Price, ApiError> {
    let price = Price::try_from_dollars(value).ok().filter(|price| price.dollars() == value);
    price.ok_or_else(|| ApiError::bad_request("A price must be a positive multiple of 0.5"))
}

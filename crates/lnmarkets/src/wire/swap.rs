//! Synthetic dollars: bitcoin whose value in dollars stands still.

use crate::dollars::Dollars;
use crate::number::{Number, Time, Whole};
use domain::{Sats, Timestamp};
use serde::Deserialize;
use serde_json::Value;

/// What was given, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    pub id: Option<String>,
    pub at: Option<Timestamp>,
    pub given: Money,
    pub received: Money,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    Bitcoin(Sats),
    SyntheticUsd(Dollars),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Asset {
    #[serde(rename = "BTC")]
    Bitcoin,
    #[serde(rename = "USD")]
    Dollar,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SwapWire {
    id: Option<String>,
    created_at: Option<Time>,
    in_asset: Asset,
    in_amount: Value,
    out_asset: Asset,
    out_amount: Value,
}

impl SwapWire {
    pub fn swap(self) -> Result<Swap, &'static str> {
        let given = money(self.in_asset, self.in_amount).ok_or("what was given is no amount")?;
        let received = money(self.out_asset, self.out_amount).ok_or("what was received is no amount")?;
        Ok(Swap { id: self.id, at: self.created_at.map(|time| time.0), given, received })
    }
}

fn money(asset: Asset, amount: Value) -> Option<Money> {
    match asset {
        Asset::Bitcoin => serde_json::from_value(amount).ok().map(|whole: Whole| Money::Bitcoin(whole.into())),
        Asset::Dollar => {
            let number: Number = serde_json::from_value(amount).ok()?;
            number.dollars().map(Money::SyntheticUsd)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_have_decimals_and_sats_have_none() {
        let json = r#"{"inAmount":1000,"inAsset":"BTC","outAmount":0.55,"outAsset":"USD"}"#;
        let swap = serde_json::from_str::<SwapWire>(json).unwrap().swap().unwrap();
        assert_eq!(swap.given, Money::Bitcoin(Sats::new(1_000)));
        assert_eq!(swap.received, Money::SyntheticUsd(Dollars::from_millionths(550_000)));
    }
}

//! The account and its holder.

use crate::dollars::Dollars;
use crate::number::{Number, Time, Whole};
use domain::{Timestamp, Wallet};
use serde::Deserialize;
use serde_json::Value;

/// Whose account a key opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub id: String,
    pub username: String,
    pub wallet: Wallet,
    pub synthetic_usd: Dollars,
}

/// A note of the venue to the account's holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub id: String,
    pub created_at: Timestamp,
    /// What it is about, where the venue says: `deposit/lightning/success`.
    pub event: Option<String>,
    pub message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountWire {
    id: Option<String>,
    username: Option<String>,
    balance: Whole,
    fee_tier: Option<Whole>,
    synthetic_usd_balance: Option<Number>,
}

impl AccountWire {
    pub fn wallet(&self) -> Wallet {
        let tier = self.fee_tier.and_then(|tier| u8::try_from(tier.0).ok());
        Wallet { balance: self.balance.into(), fee_tier: tier.unwrap_or(0) }
    }

    pub fn profile(self) -> Profile {
        let wallet = self.wallet();
        let synthetic_usd = self.synthetic_usd_balance.and_then(Number::dollars).unwrap_or_default();
        Profile { id: self.id.unwrap_or_default(), username: self.username.unwrap_or_default(), wallet, synthetic_usd }
    }
}

/// The venue's clients disagree on its shape, so whatever there is is taken.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotificationWire {
    id: String,
    created_at: Time,
    event: Option<String>,
    r#type: Option<String>,
    message: Option<String>,
    #[serde(default)]
    data: Value,
}

impl NotificationWire {
    pub fn notification(self) -> Result<Notification, &'static str> {
        let described = self.data.get("description").and_then(Value::as_str).map(str::to_owned);
        Ok(Notification {
            id: self.id,
            created_at: self.created_at.0,
            event: self.event.or(self.r#type),
            message: self.message.or(described),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Sats;

    #[test]
    fn an_account_may_have_neither_mail_nor_key() {
        let json = r#"{"id":"a","username":"u","email":null,"balance":"7.0","syntheticUsdBalance":2.5,"feeTier":1,
            "linkingPublicKey":null,"uid":"x"}"#;
        let profile = serde_json::from_str::<AccountWire>(json).unwrap().profile();
        assert_eq!(profile.wallet, Wallet { balance: Sats::new(7), fee_tier: 1 });
        assert_eq!(profile.synthetic_usd.to_string(), "2.50");
    }

    #[test]
    fn a_notification_is_read_in_either_of_its_shapes() {
        let read = |json| serde_json::from_str::<NotificationWire>(json).unwrap().notification().unwrap();
        let old = r#"{"id":"1","createdAt":"2026-04-22T11:07:19.867Z","event":"deposit/lightning/success",
            "data":{"amount":1,"description":"hello"}}"#;
        let new = r#"{"id":"1","createdAt":"2026-04-22T11:07:19.867Z","message":"hello","read":false,
            "type":"deposit/lightning/success"}"#;
        assert_eq!(read(old), read(new));
    }
}

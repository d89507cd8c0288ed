//! The account, as far as its money is concerned.

use crate::number::Whole;
use domain::Wallet;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountWire {
    balance: Whole,
    fee_tier: Option<Whole>,
}

impl AccountWire {
    pub fn wallet(&self) -> Wallet {
        let tier = self.fee_tier.and_then(|tier| u8::try_from(tier.0).ok());
        Wallet { balance: self.balance.into(), fee_tier: tier.unwrap_or(0) }
    }
}

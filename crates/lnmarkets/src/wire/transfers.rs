//! Money that comes to the account and leaves it.

use crate::number::{Time, Whole};
use domain::{Sats, Timestamp};
use serde::Deserialize;

/// An invoice by which the account is paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepositInvoice {
    pub deposit_id: String,
    /// BOLT 11.
    pub payment_request: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightningDeposit {
    pub id: String,
    pub created_at: Timestamp,
    pub amount: Option<Sats>,
    pub payment_hash: Option<String>,
    /// `None` until it is paid.
    pub settled_at: Option<Timestamp>,
    pub comment: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightningWithdrawal {
    pub id: String,
    pub created_at: Timestamp,
    pub amount: Sats,
    pub fee: Option<Sats>,
    pub destination: Option<String>,
    pub payment_hash: Option<String>,
    /// In the venue's words: `processing`, `processed`, `failed`.
    pub status: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnChainDeposit {
    pub id: String,
    pub created_at: Timestamp,
    pub amount: Sats,
    pub confirmations: i64,
    pub block_height: Option<i64>,
    /// In the venue's words: `MEMPOOL`, `CONFIRMED`, `IRREVERSIBLE`, `under_review`, `not_credited`, `on_hold`.
    pub status: String,
    pub transaction: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnChainWithdrawal {
    pub id: String,
    pub created_at: Timestamp,
    pub address: String,
    pub amount: Sats,
    pub fee: Option<Sats>,
    /// In the venue's words: `pending`, `processing`, `processed`, `canceled`, `rejected`.
    pub status: String,
    pub transaction: Option<String>,
}

/// What the venue promises to pay, and what it may cost on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedWithdrawal {
    pub id: String,
    pub amount: Sats,
    pub most_fees: Sats,
    pub payment_hash: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LightningDepositWire {
    id: String,
    created_at: Time,
    amount: Option<Whole>,
    payment_hash: Option<String>,
    settled_at: Option<Time>,
    comment: Option<String>,
}

impl LightningDepositWire {
    pub fn deposit(self) -> Result<LightningDeposit, &'static str> {
        let LightningDepositWire { id, created_at, amount, payment_hash, settled_at, comment } = self;
        let (amount, settled_at) = (amount.map(Sats::from), settled_at.map(|time| time.0));
        Ok(LightningDeposit { id, created_at: created_at.0, amount, payment_hash, settled_at, comment })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LightningWithdrawalWire {
    id: String,
    created_at: Time,
    amount: Whole,
    fee: Option<Whole>,
    destination: Option<String>,
    payment_hash: Option<String>,
    status: String,
}

impl LightningWithdrawalWire {
    pub fn withdrawal(self) -> Result<LightningWithdrawal, &'static str> {
        let LightningWithdrawalWire { id, created_at, amount, fee, destination, payment_hash, status } = self;
        let (amount, fee) = (amount.into(), fee.map(Sats::from));
        Ok(LightningWithdrawal { id, created_at: created_at.0, amount, fee, destination, payment_hash, status })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OnChainDepositWire {
    id: String,
    created_at: Time,
    amount: Whole,
    confirmations: Option<Whole>,
    block_height: Option<Whole>,
    status: String,
    tx_id: Option<String>,
}

impl OnChainDepositWire {
    pub fn deposit(self) -> Result<OnChainDeposit, &'static str> {
        Ok(OnChainDeposit {
            id: self.id,
            created_at: self.created_at.0,
            amount: self.amount.into(),
            confirmations: self.confirmations.unwrap_or_default().0,
            block_height: self.block_height.map(|height| height.0),
            status: self.status,
            transaction: self.tx_id,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OnChainWithdrawalWire {
    id: String,
    created_at: Time,
    address: String,
    amount: Whole,
    fee: Option<Whole>,
    status: String,
    tx_id: Option<String>,
}

impl OnChainWithdrawalWire {
    pub fn withdrawal(self) -> Result<OnChainWithdrawal, &'static str> {
        Ok(OnChainWithdrawal {
            id: self.id,
            created_at: self.created_at.0,
            address: self.address,
            amount: self.amount.into(),
            fee: self.fee.map(Sats::from),
            status: self.status,
            transaction: self.tx_id,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AcceptedWithdrawalWire {
    id: String,
    amount: Whole,
    max_fees: Whole,
    payment_hash: Option<String>,
}

impl AcceptedWithdrawalWire {
    pub fn accepted(self) -> AcceptedWithdrawal {
        let AcceptedWithdrawalWire { id, amount, max_fees, payment_hash } = self;
        AcceptedWithdrawal { id, amount: amount.into(), most_fees: max_fees.into(), payment_hash }
    }
}

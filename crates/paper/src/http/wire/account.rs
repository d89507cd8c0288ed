//! The wallet: what it holds, what came in and what went out.

use super::dollars;
use super::market::username;
use crate::venue::{Deposit, Notice, Notified, Sold, Swap, Withdrawal};
use domain::{AccountId, Wallet, iso8601};
use serde::Serialize;
use serde_json::{Number, Value, json};
use uuid::Uuid;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AccountJson {
    id: Uuid,
    username: String,
    email: Option<()>,
    balance: i64,
    synthetic_usd_balance: Number,
    fee_tier: u8,
    linking_public_key: Option<()>,
}

impl AccountJson {
    pub fn of(account: AccountId, wallet: Wallet, cents: i64) -> AccountJson {
        AccountJson {
            id: account.uuid(),
            username: username(account),
            email: None,
            balance: wallet.balance.get(),
            synthetic_usd_balance: dollars(cents),
            fee_tier: wallet.fee_tier,
            linking_public_key: None,
        }
    }
}

pub(in crate::http) fn lightning_deposit(deposit: Deposit) -> Value {
    json!({
        "id": deposit.id,
        "createdAt": iso8601::write(deposit.created_at),
        "amount": deposit.amount,
        "paymentHash": deposit.reference,
        "settledAt": deposit.settled_at.map(iso8601::write),
        "comment": deposit.comment,
    })
}

/// Play money that was put into a wallet counts as final.
pub(in crate::http) fn on_chain_deposit(deposit: Deposit) -> Value {
    json!({
        "id": deposit.id,
        "createdAt": iso8601::write(deposit.created_at),
        "amount": deposit.amount,
        "txId": deposit.reference,
        "blockHeight": 1,
        "confirmations": 6,
        "status": "IRREVERSIBLE",
    })
}

pub(in crate::http) fn lightning_withdrawal(withdrawal: Withdrawal) -> Value {
    json!({
        "id": withdrawal.id,
        "createdAt": iso8601::write(withdrawal.created_at),
        "amount": withdrawal.amount,
        "fee": 0,
        "destination": null,
        "paymentHash": withdrawal.reference,
        "status": "processed",
    })
}

/// At the venue people process these; here nobody does.
pub(in crate::http) fn on_chain_withdrawal(owner: AccountId, withdrawal: Withdrawal) -> Value {
    let created_at = iso8601::write(withdrawal.created_at);
    json!({
        "id": withdrawal.id,
        "uid": owner,
        "createdAt": created_at,
        "updatedAt": created_at,
        "amount": withdrawal.amount,
        "address": withdrawal.destination,
        "fee": null,
        "status": "pending",
        "txId": null,
    })
}

/// One official client reads event and data, the other message, read and type.
pub(in crate::http) fn notice(notice: Notice) -> Value {
    let (event, data, message) = match notice.notified {
        Notified::Deposit(amount) => {
            let data = json!({ "amount": amount, "description": null });
            ("deposit/lightning/success", data, format!("Your deposit of {amount} sats has arrived"))
        }
        Notified::Liquidation { trade } => {
            ("futures/isolated/liquidation", json!({ "id": trade }), "A trade was liquidated".to_owned())
        }
        Notified::CrossLiquidation { order } => {
            ("futures/cross/liquidation", json!({ "id": order }), "Your cross position was liquidated".to_owned())
        }
    };
    json!({
        "id": notice.id,
        "createdAt": iso8601::write(notice.at),
        "event": event,
        "data": data,
        "message": message,
        "read": notice.is_read,
        "type": event,
    })
}

pub(in crate::http) fn swap(swap: Swap) -> Value {
    let (sold, bought) = match swap.sold {
        Sold::Sats(sats) => ((Number::from(sats), "BTC"), (dollars(swap.bought), "USD")),
        Sold::Cents(cents) => ((dollars(cents), "USD"), (Number::from(swap.bought), "BTC")),
    };
    json!({
        "id": swap.id,
        "createdAt": iso8601::write(swap.at),
        "inAmount": sold.0,
        "inAsset": sold.1,
        "outAmount": bought.0,
        "outAsset": bought.1,
    })
}

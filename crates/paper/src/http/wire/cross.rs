//! The cross position and its orders.

use super::{leverage, price, side};
use crate::venue::{CrossOrder, CrossOrderKind, CrossOrderState, CrossTransfer, CrossView};
use domain::{AccountId, Side, iso8601};
use serde_json::{Value, json};

/// Long is positive, short negative, nothing zero.
pub(in crate::http) fn signed_quantity(view: &CrossView) -> i64 {
    view.position.map_or(0, |held| match held.side {
        Side::Long => held.contracts.get(),
        Side::Short => held.contracts.get().saturating_neg(),
    })
}

/// No source has a formula for `totalPl` and `deltaPl`: here what was booked, and what is not booked yet.
pub(in crate::http) fn position(owner: AccountId, view: &CrossView) -> Value {
    json!({
        "id": view.id,
        "uid": owner,
        "quantity": signed_quantity(view),
        "leverage": leverage(view.leverage.leverage()),
        "margin": view.margin,
        "initialMargin": view.initial_margin,
        "runningMargin": view.running_margin,
        "maintenanceMargin": view.maintenance_margin,
        "entryPrice": view.position.map(|held| price(held.entry)),
        "liquidation": view.liquidation.map(price),
        "totalPl": view.realised,
        "deltaPl": view.pnl,
        "fundingFees": view.funding_fees,
        "tradingFees": view.trading_fees,
        "updatedAt": iso8601::write(view.updated_at),
    })
}

pub(in crate::http) const fn kind(kind: CrossOrderKind) -> &'static str {
    match kind {
        CrossOrderKind::Market => "market",
        CrossOrderKind::Limit => "limit",
        CrossOrderKind::Liquidation => "liquidation",
    }
}

pub(in crate::http) fn order(owner: AccountId, order: CrossOrder) -> Value {
    let (filled_at, canceled_at) = match order.state {
        CrossOrderState::Open => (None, None),
        CrossOrderState::Filled { at } => (Some(at), None),
        CrossOrderState::Canceled { at } => (None, Some(at)),
    };
    json!({
        "id": order.id,
        "uid": owner,
        "type": kind(order.kind),
        "side": side(order.side),
        "quantity": order.contracts.get(),
        "price": price(order.price),
        "tradingFee": order.fee,
        "createdAt": iso8601::write(order.created_at),
        "filledAt": filled_at.map(iso8601::write),
        "canceledAt": canceled_at.map(iso8601::write),
        "open": order.state == CrossOrderState::Open,
        "filled": filled_at.is_some(),
        "canceled": canceled_at.is_some(),
        "clientId": order.client_id,
    })
}

pub(in crate::http) fn transfer(owner: AccountId, transfer: CrossTransfer) -> Value {
    json!({ "id": transfer.id, "uid": owner, "amount": transfer.amount, "time": iso8601::write(transfer.at) })
}

//! What happens to an account, in the words of the stream.

use super::topic::Topic;
use crate::http::wire::{cross, leverage, price, price_or_zero, side, trade::kind};
use crate::venue::{
    CloseReason, CrossOrder, CrossOrderEvent, CrossOrderState, CrossPositionEvent, CrossView, Deposit, Event, Network,
    Trade, TradeEvent, Withdrawal,
};
use domain::{Sats, Timestamp};
use serde_json::{Value, json};

/// The topic of an event and what is told on it.
pub(super) fn told(event: &Event) -> (Topic, Value) {
    match event {
        Event::Trade { happened, trade } => {
            let (event, trade) = trade_event(*happened, trade);
            (Topic::IsolatedTrades, json!({ "pair": "btc_usd", "event": event, "trade": trade }))
        }
        Event::CrossOrder { happened, order } => {
            let event = match happened {
                CrossOrderEvent::New => "new",
                CrossOrderEvent::Limit => "limit",
                CrossOrderEvent::Canceled => "canceled",
            };
            (Topic::CrossOrders, json!({ "pair": "btc_usd", "event": event, "order": cross_order(order) }))
        }
        Event::CrossPosition { happened, position } => {
            let event = position_event(*happened);
            (Topic::CrossPosition, json!({ "pair": "btc_usd", "event": event, "position": cross_position(position) }))
        }
        Event::Deposit { deposit, balance } => (Topic::Deposits, wallet_deposit(deposit, *balance)),
        Event::Withdrawal { withdrawal, balance } => (Topic::Withdrawals, wallet_withdrawal(withdrawal, *balance)),
    }
}

fn ms(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::unix_ms)
}

fn trade_event(happened: TradeEvent, trade: &Trade) -> (&'static str, Value) {
    let event = match happened {
        TradeEvent::Open => "open",
        TradeEvent::Filled => "filled",
        TradeEvent::Canceled => "canceled",
        TradeEvent::Ended(CloseReason::Manual | CloseReason::Funding) => "closed",
        TradeEvent::Ended(CloseReason::StopLoss) => "stoploss",
        TradeEvent::Ended(CloseReason::TakeProfit) => "takeprofit",
        TradeEvent::Ended(CloseReason::Liquidation) => "liquidation",
        TradeEvent::Funding { .. } => "funding",
    };
    (event, trade_payload(happened, trade))
}

fn trade_payload(happened: TradeEvent, trade: &Trade) -> Value {
    let (position, id, client_id) = (&trade.position, trade.position.id, &trade.client_id);
    match happened {
        TradeEvent::Open | TradeEvent::Filled => json!({
            "id": id, "side": side(position.side.opening()), "type": kind(trade.kind), "quantity": position.quantity,
            "margin": position.margin, "leverage": leverage(position.leverage), "price": price(position.entry),
            "openingFee": position.opening_fee, "createdAt": position.created_at, "clientId": client_id,
        }),
        TradeEvent::Canceled => json!({ "id": id, "closedAt": ms(trade.closed_at()), "clientId": client_id }),
        TradeEvent::Funding { fee, at } => json!({
            "id": id, "margin": position.margin, "liquidationPrice": price(position.liquidation), "fundingFee": fee,
            "fundedAt": at, "clientId": client_id,
        }),
        TradeEvent::Ended(reason) => {
            let mut told = json!({
                "id": id, "closedAt": ms(trade.closed_at()), "closingFee": position.closing_fee,
                "exitPrice": price_or_zero(trade.exit_price()), "clientId": client_id,
            });
            if reason != CloseReason::Liquidation {
                told["pl"] = json!(position.pnl);
            }
            told
        }
    }
}

fn cross_order(order: &CrossOrder) -> Value {
    let mut told = json!({
        "id": order.id, "side": side(order.side), "type": cross::kind(order.kind),
        "quantity": order.contracts.get(), "price": price(order.price), "clientId": order.client_id,
        "createdAt": order.created_at,
    });
    match order.state {
        CrossOrderState::Open => told["tradingFee"] = json!(order.fee),
        CrossOrderState::Filled { at } => {
            told["tradingFee"] = json!(order.fee);
            told["filledAt"] = json!(at);
        }
        CrossOrderState::Canceled { at } => told["canceledAt"] = json!(at),
    }
    told
}

const fn position_event(happened: CrossPositionEvent) -> &'static str {
    match happened {
        CrossPositionEvent::New => "new",
        CrossPositionEvent::Limit => "limit",
        CrossPositionEvent::Cancel => "cancel",
        CrossPositionEvent::Leverage => "leverage",
        CrossPositionEvent::Deposit => "deposit",
        CrossPositionEvent::Withdraw => "withdraw",
        CrossPositionEvent::Liquidation => "liquidation",
        CrossPositionEvent::Funding => "funding",
    }
}

fn cross_position(view: &CrossView) -> Value {
    json!({
        "quantity": cross::signed_quantity(view), "leverage": leverage(view.leverage.leverage()),
        "margin": view.margin, "entryPrice": view.position.map(|held| price(held.entry)),
        "liquidation": view.liquidation.map(price), "totalPl": view.realised, "fundingFees": view.funding_fees,
        "tradingFees": view.trading_fees, "initialMargin": view.initial_margin,
        "maintenanceMargin": view.maintenance_margin, "runningMargin": view.running_margin, "deltaPl": view.pnl,
        "updatedAt": view.updated_at,
    })
}

const fn network(network: Network) -> &'static str {
    match network {
        Network::Lightning => "lightning",
        Network::Bitcoin => "bitcoin",
    }
}

fn wallet_deposit(deposit: &Deposit, balance: Sats) -> Value {
    json!({
        "currency": "btc", "network": network(deposit.network), "id": deposit.id, "amount": deposit.amount,
        "balance": balance, "status": "success", "txId": deposit.reference,
    })
}

fn wallet_withdrawal(withdrawal: &Withdrawal, balance: Sats) -> Value {
    let status = if withdrawal.network == Network::Lightning { "processed" } else { "pending" };
    json!({
        "currency": "btc", "network": network(withdrawal.network), "id": withdrawal.id, "amount": withdrawal.amount,
        "fee": 0, "balance": balance, "status": status, "txId": withdrawal.reference,
    })
}

//! The cross position, as the wire tells it.

use crate::client::Exchange;
use serde_json::{Value, json};

const CROSS: &str = "/v3/futures/cross";

async fn deposited() -> Exchange {
    let exchange = Exchange::open().await;
    exchange.post(&format!("{CROSS}/deposit"), r#"{"amount":500000}"#).await.ok();
    exchange.put(&format!("{CROSS}/leverage"), r#"{"leverage":10}"#).await.ok();
    exchange
}

fn assert_told(told: &Value, expected: Value) {
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&told[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_flat_account_has_a_position_of_nothing() {
    let exchange = Exchange::open().await;
    let position = exchange.get(&format!("{CROSS}/position")).await.ok();
    let nothing = json!({ "quantity": 0, "leverage": 1, "margin": 0, "initialMargin": 0, "runningMargin": 0,
        "maintenanceMargin": 0, "entryPrice": null, "liquidation": null, "totalPl": 0, "deltaPl": 0, "fundingFees": 0,
        "tradingFees": 0 });
    assert_told(&position, nothing);
    assert!(position["id"].is_string() && position["updatedAt"].is_string());
}

#[tokio::test]
async fn a_position_is_opened_turned_and_closed() {
    let exchange = deposited().await;
    let order = |side: &str, quantity: i64| format!(r#"{{"type":"market","side":"{side}","quantity":{quantity}}}"#);
    let bought = exchange.post(&format!("{CROSS}/order"), &order("buy", 1_000)).await.ok();
    let filled = json!({ "type": "market", "side": "buy", "quantity": 1_000, "price": 100_000, "tradingFee": 1_000,
        "open": false, "filled": true, "canceled": false, "canceledAt": null, "clientId": null });
    assert_told(&bought, filled);
    assert!(bought["filledAt"].is_string());
    let held = json!({ "quantity": 1_000, "leverage": 10, "margin": 499_000, "runningMargin": 100_000,
        "maintenanceMargin": 1_500, "entryPrice": 100_000, "liquidation": 66_778, "tradingFees": 1_000 });
    assert_told(&exchange.get(&format!("{CROSS}/position")).await.ok(), held);
    exchange.price(1, 90_000);
    assert_eq!(exchange.get(&format!("{CROSS}/position")).await.ok()["deltaPl"], json!(-111_112));
    exchange.post(&format!("{CROSS}/order"), &order("sell", 1_500)).await.ok();
    let turned =
        json!({ "quantity": -500, "margin": 386_222, "entryPrice": 90_000, "totalPl": -111_112, "deltaPl": 0 });
    assert_told(&exchange.get(&format!("{CROSS}/position")).await.ok(), turned);
    let closed = exchange.post(&format!("{CROSS}/position/close"), "").await.ok();
    assert_told(&closed, json!({ "side": "buy", "quantity": 500, "filled": true }));
    assert_eq!(exchange.get(&format!("{CROSS}/position")).await.ok()["entryPrice"], Value::Null);
    let list = exchange.get(&format!("{CROSS}/orders/filled?limit=2")).await.ok();
    assert_eq!(list["data"][0]["id"], closed["id"]);
    exchange.check_books();
}

#[tokio::test]
async fn orders_rest_are_listed_and_canceled() {
    let exchange = deposited().await;
    let limit = r#"{"type":"limit","side":"buy","quantity":100,"price":90000.5,"clientId":"mine"}"#;
    let placed = exchange.post(&format!("{CROSS}/order"), limit).await.ok();
    let open = json!({ "type": "limit", "price": 90_000.5, "tradingFee": 0, "open": true, "filled": false,
        "filledAt": null, "clientId": "mine" });
    assert_told(&placed, open);
    assert_eq!(exchange.get(&format!("{CROSS}/orders/open")).await.ok(), json!([placed]));
    let id = placed["id"].as_str().unwrap();
    let canceled = exchange.post(&format!("{CROSS}/order/cancel"), &format!(r#"{{"id":"{id}"}}"#)).await.ok();
    assert_told(&canceled, json!({ "id": id, "open": false, "canceled": true, "filledAt": null }));
    exchange.post(&format!("{CROSS}/order/cancel"), &format!(r#"{{"id":"{id}"}}"#)).await.refused(400);
    exchange.post(&format!("{CROSS}/order"), limit).await.ok();
    let all = exchange.post(&format!("{CROSS}/orders/cancel-all"), "").await.ok();
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(exchange.get(&format!("{CROSS}/orders/open")).await.ok(), json!([]));
}

#[tokio::test]
async fn transfers_and_funding_are_listed() {
    let exchange = deposited().await;
    exchange.post(&format!("{CROSS}/withdraw"), r#"{"amount":1000}"#).await.ok();
    let transfers = exchange.get(&format!("{CROSS}/transfers")).await.ok();
    let amounts: Vec<i64> =
        transfers["data"].as_array().unwrap().iter().map(|row| row["amount"].as_i64().unwrap()).collect();
    assert_eq!(amounts, [-1_000, 500_000]);
    exchange.post(&format!("{CROSS}/order"), r#"{"type":"market","side":"buy","quantity":1000}"#).await.ok();
    exchange.price(8 * 3_600 + 120, 100_000);
    let fees = exchange.get(&format!("{CROSS}/funding-fees")).await.ok();
    assert_told(&fees["data"][0], json!({ "fee": 100, "tradeId": null, "time": "2023-11-14T08:00:00.000Z" }));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let exchange = deposited().await;
    for body in [r#"{"leverage":0}"#, r#"{"leverage":101}"#, r#"{"leverage":1.5}"#, r#"{"leverage":"5"}"#] {
        exchange.put(&format!("{CROSS}/leverage"), body).await.refused(400);
    }
    for body in [
        r#"{"type":"market","side":"buy","quantity":0}"#,
        r#"{"type":"market","side":"buy","quantity":500001}"#,
        r#"{"type":"market","side":"buy","quantity":1,"price":1}"#,
        r#"{"type":"limit","side":"buy","quantity":1}"#,
        r#"{"type":"market","side":"buy","quantity":100000}"#,
    ] {
        exchange.post(&format!("{CROSS}/order"), body).await.refused(400);
    }
    for amount in ["0", "-5", "9999999999", "1.5"] {
        exchange.post(&format!("{CROSS}/deposit"), &format!(r#"{{"amount":{amount}}}"#)).await.refused(400);
        exchange.post(&format!("{CROSS}/withdraw"), &format!(r#"{{"amount":{amount}}}"#)).await.refused(400);
    }
    exchange.post(&format!("{CROSS}/position/close"), "").await.refused(400);
    exchange.check_books();
}

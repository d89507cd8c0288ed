//! The life of an isolated trade, as the wire tells it.

use crate::client::Exchange;
use serde_json::{Value, json};

const TRADE: &str = "/v3/futures/isolated/trade";

/// The fields of a trade in the official fixtures.
const FIELDS: [&str; 28] = [
    "id",
    "type",
    "side",
    "openingFee",
    "closingFee",
    "maintenanceMargin",
    "quantity",
    "margin",
    "leverage",
    "price",
    "liquidation",
    "stoploss",
    "stoplossTrailingDistance",
    "takeprofit",
    "exitPrice",
    "pl",
    "createdAt",
    "filledAt",
    "closedAt",
    "entryPrice",
    "entryMargin",
    "open",
    "running",
    "canceled",
    "closed",
    "sumFundingFees",
    "sumCashInPl",
    "sumCashInMargin",
];

fn assert_shape(trade: &Value) {
    for field in FIELDS {
        assert!(trade.get(field).is_some(), "{field} is missing in {trade}");
    }
    assert!(trade.get("clientId").is_some());
    let flags = ["open", "running", "canceled", "closed"].map(|flag| trade[flag].as_bool().unwrap());
    assert_eq!(flags.into_iter().filter(|flag| *flag).count(), 1, "{trade}");
}

#[tokio::test]
async fn an_account_has_the_shape_that_the_official_clients_read() {
    let exchange = Exchange::open().await;
    let account = exchange.get("/v3/account").await.ok();
    assert_eq!(account["balance"], json!(1_000_000));
    assert_eq!((&account["feeTier"], &account["syntheticUsdBalance"]), (&json!(0), &json!(0)));
    assert!(account["username"].is_string() && account["id"].is_string());
    assert_eq!((&account["email"], &account["linkingPublicKey"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_trade_is_opened_changed_and_closed() {
    let exchange = Exchange::open().await;
    let body = r#"{"side":"buy","type":"market","leverage":10,"quantity":1000,"stoploss":95000,"clientId":"mine"}"#;
    let opened = exchange.post(TRADE, body).await.ok();
    assert_shape(&opened);
    let told = json!({ "running": true, "type": "market", "side": "buy", "quantity": 1000, "margin": 100_000,
        "leverage": 10, "price": 100_000, "entryPrice": 100_000, "entryMargin": 100_000, "liquidation": 90_909,
        "stoploss": 95_000, "takeprofit": 0, "stoplossTrailingDistance": 0, "maintenanceMargin": 1_100,
        "openingFee": 1_000, "closingFee": 0, "pl": 0, "exitPrice": null, "closedAt": null, "clientId": "mine" });
    for (field, value) in told.as_object().unwrap() {
        assert_eq!(&opened[field], value, "{field}");
    }
    let id = opened["id"].as_str().unwrap();

    let added = exchange.post(&format!("{TRADE}/add-margin"), &format!(r#"{{"amount":50000,"id":"{id}"}}"#)).await.ok();
    assert_eq!((&added["margin"], &added["liquidation"]), (&json!(150_000), &json!(86_956.5)));
    assert_eq!(added["leverage"], json!(6.666_667));
    let target =
        exchange.put(&format!("{TRADE}/takeprofit"), &format!(r#"{{"id":"{id}","value":120000.5}}"#)).await.ok();
    assert_eq!(target["takeprofit"], json!(120_000.5));
    let removed = exchange.put(&format!("{TRADE}/takeprofit"), &format!(r#"{{"id":"{id}","value":0}}"#)).await.ok();
    assert_eq!(removed["takeprofit"], json!(0));
    let dropped = exchange.delete(&format!("{TRADE}/stoploss?id={id}")).await.ok();
    assert_eq!(dropped["stoploss"], json!(0));
    let cashed = exchange.post(&format!("{TRADE}/cash-in"), &format!(r#"{{"amount":20000,"id":"{id}"}}"#)).await.ok();
    assert_eq!((&cashed["margin"], &cashed["sumCashInMargin"]), (&json!(130_000), &json!(20_000)));

    let running = exchange.get("/v3/futures/isolated/trades/running").await.ok();
    assert_eq!((running.as_array().unwrap().len(), &running[0]["id"]), (1, &opened["id"]));
    let closed = exchange.post(&format!("{TRADE}/close"), &format!(r#"{{"id":"{id}"}}"#)).await.ok();
    assert_shape(&closed);
    assert_eq!((&closed["closed"], &closed["exitPrice"]), (&json!(true), &json!(100_000)));
    assert_eq!(closed["closingFee"], json!(1_000));
    assert_eq!(exchange.balance(), 1_000_000 - 2_000);
    exchange.check_books();
}

#[tokio::test]
async fn a_refusal_names_its_reason_and_changes_nothing() {
    let exchange = Exchange::open().await;
    let order = |rest: &str| format!(r#"{{"side":"buy","type":"market",{rest}}}"#);
    for (rest, reason) in [
        (r#""leverage":10"#, "Exactly one of quantity and margin is needed"),
        (r#""leverage":10,"quantity":1,"margin":1"#, "Exactly one of quantity and margin is needed"),
        (r#""leverage":10,"quantity":0"#, "quantity must be from 1 to 500000"),
        (r#""leverage":10,"quantity":500001"#, "quantity must be from 1 to 500000"),
        (r#""leverage":10,"margin":0"#, "margin must be positive"),
        (r#""leverage":0.5,"quantity":1"#, "leverage must be from 1 to 100"),
        (r#""leverage":101,"quantity":1"#, "leverage must be from 1 to 100"),
        (r#""leverage":10,"quantity":1,"stoploss":95000.25"#, "A price must be a positive multiple of 0.5"),
        (r#""leverage":10,"quantity":1,"takeprofit":-1"#, "A price must be a positive multiple of 0.5"),
        (r#""leverage":1,"quantity":10000"#, "Insufficient balance"),
        (r#""leverage":10,"quantity":1,"clientId":"""#, "clientId must have 1 to 64 characters"),
    ] {
        assert_eq!(exchange.post(TRADE, &order(rest)).await.refused(400), reason, "{rest}");
    }
    for rest in
        [r#""leverage":10,"quantity":1.5"#, r#""leverage":"10","quantity":1"#, r#""leverage":null,"quantity":1"#]
    {
        exchange.post(TRADE, &order(rest)).await.refused(400);
    }
    let foreign = r#"{"id":"d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a1e"}"#;
    assert_eq!(exchange.post(&format!("{TRADE}/close"), foreign).await.refused(400), "You do not own this trade");
    assert_eq!(exchange.post(&format!("{TRADE}/close"), r#"{"id":"1"}"#).await.refused(400), "id must be a UUID");
    assert_eq!(exchange.delete(&format!("{TRADE}/stoploss")).await.refused(400), "id is missing");
    assert_eq!((exchange.accepted(), exchange.balance()), (0, 1_000_000));
}

#[tokio::test]
async fn a_running_trade_tells_its_profit_at_the_newest_price() {
    let exchange = Exchange::open().await;
    exchange.open_long().await;
    exchange.price(1, 110_000);
    let running = exchange.get("/v3/futures/isolated/trades/running").await.ok();
    assert_eq!((&running[0]["pl"], &running[0]["margin"]), (&json!(90_909), &json!(100_000)));
}

#[tokio::test]
async fn a_limit_order_is_placed_listed_filled_and_another_canceled() {
    let exchange = Exchange::open().await;
    let order = |price: i64| {
        format!(r#"{{"side":"buy","type":"limit","price":{price},"leverage":10,"quantity":1000,"clientId":"{price}"}}"#)
    };
    let placed = exchange.post(TRADE, &order(90_000)).await.ok();
    assert_shape(&placed);
    let told = json!({ "open": true, "type": "limit", "price": 90_000, "openingFee": 0, "closingFee": 0,
        "filledAt": null, "closedAt": null, "exitPrice": null, "entryPrice": null, "clientId": "90000" });
    for (field, value) in told.as_object().unwrap() {
        assert_eq!(&placed[field], value, "{field}");
    }
    let other = exchange.post(TRADE, &order(80_000)).await.ok();
    assert_eq!(exchange.get("/v3/futures/isolated/trades/open").await.ok(), json!([other, placed]));
    exchange.price(1, 90_000);
    let running = exchange.get("/v3/futures/isolated/trades/running").await.ok();
    assert_eq!((&running[0]["id"], &running[0]["entryPrice"]), (&placed["id"], &json!(90_000)));
    let id = other["id"].as_str().unwrap();
    let canceled = exchange.post(&format!("{TRADE}/cancel"), &format!(r#"{{"id":"{id}"}}"#)).await.ok();
    assert_shape(&canceled);
    assert_eq!((&canceled["canceled"], canceled["closedAt"].is_string()), (&json!(true), true));
    let list = exchange.get("/v3/futures/isolated/trades/canceled").await.ok();
    assert_eq!(list["data"], json!([canceled]));
    let third = exchange.post(TRADE, &order(70_000)).await.ok();
    let all = exchange.post("/v3/futures/isolated/trades/cancel-all", "").await.ok();
    assert_eq!((&all[0]["id"], all.as_array().unwrap().len()), (&third["id"], 1));
    exchange.check_books();
}

#[tokio::test]
async fn a_trailing_stop_is_told_with_its_distance_and_where_it_stands() {
    let exchange = Exchange::open().await;
    let id = exchange.open_long().await;
    let body = format!(r#"{{"id":"{id}","value":0.05,"mode":"trailing"}}"#);
    let set = exchange.put(&format!("{TRADE}/stoploss"), &body).await.ok();
    assert_eq!((&set["stoploss"], &set["stoplossTrailingDistance"]), (&json!(95_000), &json!(0.05)));
    exchange.price(1, 110_000);
    let running = exchange.get("/v3/futures/isolated/trades/running").await.ok();
    assert_eq!(running[0]["stoploss"], json!(104_500));
    let fixed = exchange.put(&format!("{TRADE}/stoploss"), &format!(r#"{{"id":"{id}","value":99000}}"#)).await.ok();
    assert_eq!((&fixed["stoploss"], &fixed["stoplossTrailingDistance"]), (&json!(99_000), &json!(0)));
}

//! Deposits, withdrawals, addresses, notifications, swaps and the leaderboard, as the wire tells them.

use crate::client::{Exchange, KEY};
use paper::http::Permission;
use serde_json::{Value, json};

#[tokio::test]
async fn a_lightning_deposit_is_listed_settles_and_is_notified() {
    let exchange = Exchange::open().await;
    let asked = exchange.post("/v3/account/deposit/lightning", r#"{"amount":1000,"comment":"tea"}"#).await.ok();
    assert!(asked["paymentRequest"].as_str().unwrap().starts_with("lnbcrt10000n1"));
    let list = |settled: bool| format!("/v3/account/deposits/lightning?settled={settled}");
    let pending = exchange.get(&list(false)).await.ok();
    assert_eq!((&pending["data"][0]["id"], &pending["data"][0]["settledAt"]), (&asked["depositId"], &Value::Null));
    assert_eq!(exchange.get(&list(true)).await.ok()["data"], json!([]));
    exchange.price(60, 100_000);
    assert_eq!(exchange.get(&list(false)).await.ok()["data"], json!([]));
    let settled = exchange.get(&list(true)).await.ok();
    assert_eq!((&settled["data"][0]["amount"], &settled["data"][0]["comment"]), (&json!(1_000), &json!("tea")));
    assert_eq!(exchange.balance(), 1_001_000);
    let unread = exchange.get("/v3/account/notifications").await.ok();
    assert_eq!(unread["data"][0]["event"], json!("deposit/lightning/success"));
    assert_eq!(unread["data"][0]["data"]["amount"], json!(1_000));
    exchange.put("/v3/account/notifications", "").await.ok();
    assert_eq!(exchange.get("/v3/account/notifications").await.ok()["data"], json!([]));
    assert_eq!(exchange.get("/v3/account/notifications?read=true").await.ok()["data"].as_array().unwrap().len(), 1);
    for body in ["{}", r#"{"amount":0}"#, r#"{"amount":1,"descriptionHash":"xyz"}"#] {
        exchange.post("/v3/account/deposit/lightning", body).await.refused(400);
    }
    exchange.get("/v3/account/deposits/lightning?settled=maybe").await.refused(400);
}

#[tokio::test]
async fn withdrawals_need_their_own_permission_and_leave_a_row() {
    let exchange = Exchange::open().await;
    exchange.scopes.grant(KEY, Permission::ALL);
    let address = exchange.get("/v3/account/address/bitcoin").await.ok()["address"].as_str().unwrap().to_owned();
    let body = format!(r#"{{"address":"{address}","amount":30000}}"#);
    let sent = exchange.post("/v3/account/withdraw/on-chain", &body).await.ok();
    assert_eq!((&sent["status"], &sent["fee"], &sent["txId"]), (&json!("pending"), &Value::Null, &Value::Null));
    let listed = exchange.get("/v3/account/withdrawals/on-chain?status=pending").await.ok();
    assert_eq!(listed["data"][0]["id"], sent["id"]);
    assert_eq!(exchange.get("/v3/account/withdrawals/on-chain?status=rejected").await.ok()["data"], json!([]));
    exchange.get("/v3/account/withdrawals/on-chain?status=lost").await.refused(400);
    let invoice = format!("lnbc100u1{}", "q".repeat(110));
    let paid = exchange.post("/v3/account/withdraw/lightning", &format!(r#"{{"invoice":"{invoice}"}}"#)).await.ok();
    assert_eq!((&paid["amount"], &paid["maxFees"]), (&json!(10_000), &json!(50)));
    let listed = exchange.get("/v3/account/withdrawals/lightning").await.ok();
    assert_eq!(
        (&listed["data"][0]["paymentHash"], &listed["data"][0]["status"]),
        (&paid["paymentHash"], &json!("processed"))
    );
    assert_eq!(exchange.balance(), 960_000);
    let refused = exchange.post("/v3/account/withdraw/lightning", r#"{"invoice":"lnbc"}"#).await;
    assert_eq!(refused.refused(400), "Send a correct BOLT 11 invoice");
    exchange.check_books();
}

#[tokio::test]
async fn addresses_are_made_in_both_formats() {
    let exchange = Exchange::open().await;
    let made = exchange.post("/v3/account/address/bitcoin", r#"{"format":"p2wpkh"}"#).await.ok();
    assert!(made["address"].as_str().unwrap().starts_with("bcrt1q") && made["createdAt"].is_string());
    let newer = exchange.post("/v3/account/address/bitcoin", "").await.ok();
    assert!(newer["address"].as_str().unwrap().starts_with("bcrt1p"));
    assert_eq!(exchange.get("/v3/account/address/bitcoin").await.ok(), json!({ "address": newer["address"] }));
    exchange.post("/v3/account/address/bitcoin", r#"{"format":"p2pkh"}"#).await.refused(400);
}

#[tokio::test]
async fn play_money_is_an_on_chain_deposit_that_is_final() {
    let exchange = Exchange::open().await;
    exchange.market.venue().lock().deposit(exchange.owner, domain::Sats::new(7_000)).unwrap();
    let listed = exchange.get("/v3/account/deposits/on-chain?status=IRREVERSIBLE").await.ok();
    assert_eq!((&listed["data"][0]["amount"], &listed["data"][0]["status"]), (&json!(7_000), &json!("IRREVERSIBLE")));
    assert_eq!(exchange.get("/v3/account/deposits/on-chain?status=MEMPOOL").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn dollars_are_bought_and_sold() {
    let exchange = Exchange::open().await;
    let best = exchange.unsigned("/v3/synthetic-usd/best-price").await.ok();
    assert_eq!(best, json!({ "askPrice": 100_000, "bidPrice": 100_000 }));
    let swap =
        |amount: &str, from: &str, to: &str| format!(r#"{{"inAmount":{amount},"inAsset":"{from}","outAsset":"{to}"}}"#);
    let bought = exchange.post("/v3/synthetic-usd/swap", &swap("1337", "BTC", "USD")).await.ok();
    assert_eq!(
        (&bought["outAmount"], &bought["outAsset"], &bought["inAmount"]),
        (&json!(1.33), &json!("USD"), &json!(1_337))
    );
    assert_eq!(exchange.get("/v3/account").await.ok()["syntheticUsdBalance"], json!(1.33));
    let sold = exchange.post("/v3/synthetic-usd/swap", &swap("1.33", "USD", "BTC")).await.ok();
    assert_eq!((&sold["inAmount"], &sold["outAmount"]), (&json!(1.33), &json!(1_330)));
    let listed = exchange.get("/v3/synthetic-usd/swaps").await.ok();
    assert_eq!((&listed["data"][0]["id"], &listed["data"][1]["id"]), (&sold["id"], &bought["id"]));
    for (amount, from, to) in [
        ("999", "BTC", "USD"),
        ("1", "USD", "USD"),
        ("0.001", "USD", "BTC"),
        ("1", "USD", "BTC"),
        ("1e300", "BTC", "USD"),
        ("-5000", "BTC", "USD"),
    ] {
        exchange.post("/v3/synthetic-usd/swap", &swap(amount, from, to)).await.refused(400);
    }
    exchange.check_books();
}

#[tokio::test]
async fn the_leaderboard_counts_closed_trades() {
    let exchange = Exchange::open().await;
    assert_eq!(exchange.unsigned("/v3/futures/leaderboard").await.ok()["all-time"], json!([]));
    let id = exchange.open_long().await;
    exchange.price(1, 110_000);
    exchange.post("/v3/futures/isolated/trade/close", &format!(r#"{{"id":"{id}"}}"#)).await.ok();
    exchange.price(2 * 86_400, 110_000);
    let board = exchange.unsigned("/v3/futures/leaderboard").await.ok();
    assert_eq!((&board["daily"], &board["weekly"][0]["pl"]), (&json!([]), &json!(90_909)));
    assert!(board["monthly"][0]["username"].as_str().unwrap().starts_with("paper-"));
}

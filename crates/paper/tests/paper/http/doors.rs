//! What is no path, no method, too large or too much.

use crate::client::{Call, Exchange, NOW};
use paper::http::{Permission, RatePolicy};

#[tokio::test]
async fn a_path_that_is_none_and_a_method_that_is_none_are_said_in_json() {
    let exchange = Exchange::open().await;
    for path in ["/", "/v2/user", "/v3", "/v3/futures/nothing", "/v3/futures/isolated/trades"] {
        assert_eq!(exchange.get(path).await.refused(404), "Not found");
    }
    for (method, path) in [("POST", "/v3/ping"), ("GET", "/v3/futures/isolated/trade"), ("DELETE", "/v3/account")] {
        let answer = exchange.call(&exchange.signed(method, path, "")).await;
        assert_eq!(answer.refused(405), "Method not allowed", "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_or_no_json_changes_nothing() {
    let exchange = Exchange::open().await;
    let trade = "/v3/futures/isolated/trade";
    let large = format!(r#"{{"side":"buy","clientId":"{}"}}"#, "x".repeat(64 * 1024));
    assert!(exchange.post(trade, &large).await.refused(400).contains("too large"));
    let deep = "[".repeat(10_000);
    for body in ["", "{", "null", "[]", "\u{feff}{}", r#"{"side":"buy"}"#, deep.as_str()] {
        assert!(exchange.post(trade, body).await.refused(400).starts_with("Body is not valid"), "{body:.20}");
    }
    assert_eq!(exchange.accepted(), 0);
    exchange.check_books();
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let policy = RatePolicy { private_per_second: 3, public_per_second: 1 };
    let exchange = Exchange::limited(Some(policy)).await;
    for left in ["2", "1", "0"] {
        let answer = exchange.get("/v3/account").await;
        answer.ok();
        assert_eq!(answer.header("ratelimit-policy"), Some(r#""default";q=3;w=1"#));
        assert_eq!(answer.header("ratelimit"), Some(format!(r#""default";r={left};t=1"#).as_str()));
    }
    let answer = exchange.get("/v3/account").await;
    assert_eq!(answer.refused(429), "Too many requests");
    assert_eq!(answer.json()["code"], "TOO_MANY_REQUESTS");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.header("ratelimit"), Some(r#""default";r=0;t=1"#));
    exchange.unsigned("/v3/time").await.ok();
    exchange.unsigned("/v3/time").await.refused(429);
    exchange.set_clock(NOW + 1_000);
    exchange.get("/v3/account").await.ok();
    exchange.unsigned("/v3/time").await.ok();
}

#[tokio::test]
async fn a_wrong_signature_does_not_use_up_the_owners_requests() {
    let policy = RatePolicy { private_per_second: 1, public_per_second: 1 };
    let exchange = Exchange::limited(Some(policy)).await;
    let forged = Call::to("GET", "/v3/account", "").headers(&NOW.to_string(), "bm8=");
    for _ in 0..5 {
        exchange.call(&forged).await.refused(401);
    }
    exchange.get("/v3/account").await.ok();
}

#[tokio::test]
async fn a_key_may_do_what_it_was_granted_and_nothing_else() {
    let exchange = Exchange::open().await;
    let withdrawal = exchange.post("/v3/account/withdraw/on-chain", r#"{"address":"x","amount":1}"#).await;
    assert_eq!(withdrawal.refused(403), "This key lacks the permission account:withdrawals:write");
    exchange.scopes.grant("test-key", [Permission::IsolatedRead]);
    exchange.get("/v3/futures/isolated/trades/running").await.ok();
    for path in ["/v3/account", "/v3/futures/cross/position", "/v3/synthetic-usd/swaps"] {
        exchange.get(path).await.refused(403);
    }
    let order = r#"{"side":"buy","type":"market","leverage":10,"quantity":1}"#;
    let refused = exchange.post("/v3/futures/isolated/trade", order).await;
    assert_eq!(
        (refused.refused(403).as_str(), exchange.accepted()),
        ("This key lacks the permission futures:isolated:write", 0)
    );
    exchange.scopes.revoke("test-key");
    let revoked = exchange.get("/v3/futures/isolated/trades/running").await;
    assert_eq!(revoked.refused(401), "Api key does not exist");
    exchange.scopes.grant("test-key", Permission::ALL);
    exchange.get("/v3/account").await.ok();
}

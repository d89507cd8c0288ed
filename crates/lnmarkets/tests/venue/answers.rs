//! Reads, while answers are late, torn, drifted or enormous.

use crate::support::{client, key, stage};
use axum::Router;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::{Sats, Timestamp};
use exchange::{Exchange, Market, Outcome, Priority, ReadError, Silence};
use flate2::Compression;
use flate2::write::GzEncoder;
use paper::http::Fault;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

const RUNNING: &str = "/v3/futures/isolated/trades/running";

/// A server that answers everything in the same way, and how often it was asked.
async fn server_of<R: IntoResponse + Clone + Send + Sync + 'static>(answer: R) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let respond = move |uri: axum::http::Uri| {
        count.fetch_add(usize::from(uri.path() != "/v3/time"), Ordering::SeqCst);
        std::future::ready(answer.clone())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(respond)).await });
    (endpoint, asked)
}

async fn running_of(list: Value) -> Result<Vec<domain::Position>, ReadError> {
    let (endpoint, _) = server_of(([(CONTENT_TYPE, "application/json")], list.to_string())).await;
    client(&endpoint).account(key()).fetch_running(Priority::GuardRead).await
}

fn trade(number: u8) -> Value {
    json!({
        "id": format!("d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a{number:02}"), "side": "buy", "quantity": 1, "margin": 1000,
        "leverage": 10, "price": 100000, "liquidation": 90000, "createdAt": "2026-04-22T11:07:19.867Z", "running": true
    })
}

#[tokio::test]
async fn f05_a_read_that_fails_is_repeated() {
    let stage = stage().await;
    let html = Fault::Status { code: 502, body: "<html>".to_owned(), headers: Vec::new() };
    for fault in [html, Fault::TruncateJson, Fault::ResetConnection, Fault::LoseRequest] {
        stage.faults.plan_times(2, "GET", RUNNING, fault.clone());
        assert!(stage.account.fetch_running(Priority::GuardRead).await.is_ok(), "{fault:?}");
        assert_eq!(stage.faults.pending(), 0);
    }
}

#[tokio::test]
async fn f06_a_venue_that_stays_broken_is_unavailable_and_never_empty() {
    let stage = stage().await;
    let broken = Fault::Status { code: 503, body: "maintenance".to_owned(), headers: Vec::new() };
    stage.faults.plan_times(3, "GET", RUNNING, broken);
    let read = stage.account.fetch_running(Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Unavailable(_))), "{read:?}");
    assert_eq!(stage.faults.pending(), 0);
}

#[tokio::test]
async fn f05_a_body_without_end_is_not_read_to_its_end() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let megabyte = vec![b' '; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&megabyte).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let headers = [(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, "gzip")];
    let (endpoint, asked) = server_of((headers, bomb)).await;
    let account = client(&endpoint).account(key());
    let read = account.fetch_running(Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Malformed(_))), "{read:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    let id = domain::PositionId::from_uuid(uuid::Uuid::nil());
    assert_eq!(account.add_margin(id, Sats::new(1)).await, Outcome::Unknown(Silence::Unreadable));
    assert_eq!(asked.load(Ordering::SeqCst), 4, "the call that changes something was sent once");
}

#[tokio::test]
async fn f05_json_under_another_name_is_not_trusted() {
    let (endpoint, _) = server_of(([(CONTENT_TYPE, "text/html")], "[]")).await;
    let read = client(&endpoint).account(key()).fetch_running(Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Malformed(_))), "{read:?}");
}

#[tokio::test]
async fn f07_an_item_that_can_t_be_read_is_set_aside_and_the_others_go_on() {
    let mut odd = trade(2);
    odd["liquidation"] = json!("unknown");
    let read = running_of(json!([trade(1), odd, 7, null, trade(3)])).await.unwrap();
    assert_eq!(read.len(), 2);
    let mut drifted = trade(4);
    drifted["margin"] = json!("1000.0");
    drifted["novelty"] = json!({"x": [1, 2]});
    assert_eq!(running_of(json!([drifted])).await.unwrap()[0].margin, Sats::new(1_000));
}

#[tokio::test]
async fn f07_a_list_of_which_nothing_can_be_read_is_not_empty() {
    let mut renamed = trade(1);
    renamed["collateral"] = renamed["margin"].take();
    for list in [json!([renamed]), json!({"trades": []}), json!("[]"), json!(null)] {
        let read = running_of(list.clone()).await;
        assert!(matches!(read, Err(ReadError::Malformed(_))), "{list}: {read:?}");
    }
    assert_eq!(running_of(json!([])).await.unwrap(), vec![]);
}

#[tokio::test]
async fn f82_json_that_is_nested_without_end_is_only_malformed() {
    let deep = "[".repeat(500_000);
    let (endpoint, _) = server_of(([(CONTENT_TYPE, "application/json")], deep)).await;
    let read = client(&endpoint).account(key()).fetch_running(Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Malformed(_))), "{read:?}");
}

#[tokio::test]
async fn a_list_that_leads_in_circles_is_left() {
    let page = json!({"data": [], "nextCursor": "2026-04-22T11:07:19.867Z"});
    let (endpoint, asked) = server_of(([(CONTENT_TYPE, "application/json")], page.to_string())).await;
    let account = client(&endpoint).account(key());
    let id = domain::PositionId::from_uuid(uuid::Uuid::nil());
    let read = account.fetch_funding_fees(id, Timestamp::EPOCH, Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Malformed(_))), "{read:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn f19_a_ticker_without_a_price_is_no_price() {
    for price in ["0", "-1", "1e308", "null"] {
        let body = format!(r#"{{"lastPrice":{price},"index":60000,"fundingRate":0,"prices":[]}}"#);
        let (endpoint, _) = server_of(([(CONTENT_TYPE, "application/json")], body)).await;
        let read = client(&endpoint).market().fetch_ticker().await;
        assert!(matches!(read, Err(ReadError::Malformed(_))), "{price}: {read:?}");
    }
}

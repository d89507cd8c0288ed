//! Each fault does what it says, and the books still balance.

use crate::client::{Call, Exchange};
use paper::http::{Fault, Hold};
use serde_json::Value;
use std::time::Duration;

const ADD: &str = "/v3/futures/isolated/trade/add-margin";
const RUNNING: &str = "/v3/futures/isolated/trades/running";

/// An exchange with a position, and a call that adds 5,000 sats to it.
async fn stage() -> (Exchange, Call) {
    let exchange = Exchange::open().await;
    let id = exchange.open_long().await;
    let call = exchange.signed("POST", ADD, &format!(r#"{{"amount":5000,"id":"{id}"}}"#));
    (exchange, call)
}

async fn margin(exchange: &Exchange) -> i64 {
    exchange.get(RUNNING).await.ok()[0]["margin"].as_i64().unwrap()
}

async fn assert_done_times(exchange: &Exchange, times: i64) {
    assert_eq!(margin(exchange).await, 100_000 + 5_000 * times);
    assert_eq!(exchange.accepted(), 1 + usize::try_from(times).unwrap());
    assert_eq!(exchange.balance(), 1_000_000 - 102_100 - 5_000 * times);
    exchange.check_books();
}

#[tokio::test]
async fn a_lost_reply_is_a_call_that_was_done() {
    let (exchange, call) = stage().await;
    exchange.faults.plan("POST", ADD, Fault::LoseReplyAfterAccept);
    assert!(exchange.try_call(&call).await.is_err());
    assert_done_times(&exchange, 1).await;
}

#[tokio::test]
async fn a_lost_request_is_a_call_that_was_not_done() {
    let (exchange, call) = stage().await;
    exchange.faults.plan("POST", ADD, Fault::LoseRequest);
    assert!(exchange.try_call(&call).await.is_err());
    assert_done_times(&exchange, 0).await;
}

#[tokio::test]
async fn a_reset_connection_is_a_call_that_was_not_done() {
    let (exchange, call) = stage().await;
    exchange.faults.plan("POST", ADD, Fault::ResetConnection);
    let error = exchange.try_call(&call).await.unwrap_err();
    let cause = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    assert_eq!(cause.map(std::io::Error::kind), Some(std::io::ErrorKind::ConnectionReset), "{error:?}");
    assert_done_times(&exchange, 0).await;
}

#[tokio::test]
async fn a_held_reply_is_done_before_it_is_answered() {
    let (exchange, call) = stage().await;
    let hold = Hold::default();
    exchange.faults.plan("POST", ADD, Fault::HoldReply(hold.clone()));
    let watching = async {
        hold.reached().await;
        assert_done_times(&exchange, 1).await;
        hold.release();
    };
    let (answer, ()) = tokio::join!(exchange.call(&call), watching);
    assert_eq!(answer.ok()["margin"], 105_000);
}

#[tokio::test]
async fn a_held_request_is_done_when_it_is_released_even_if_the_client_has_gone() {
    let (exchange, call) = stage().await;
    let hold = Hold::default();
    exchange.faults.plan("POST", ADD, Fault::HoldRequest(hold.clone()));
    tokio::select! {
        answer = exchange.try_call(&call) => panic!("answered too early: {answer:?}"),
        () = hold.reached() => {}
    }
    assert_done_times(&exchange, 0).await;
    hold.release();
    while exchange.accepted() < 2 {
        tokio::task::yield_now().await;
    }
    assert_done_times(&exchange, 1).await;
}

#[tokio::test]
async fn an_answer_from_something_in_between_leaves_the_venue_untouched() {
    let (exchange, call) = stage().await;
    let html = "<html><body>502 Bad Gateway</body></html>";
    let headers = vec![("content-type".to_owned(), "text/html".to_owned()), ("retry-after".to_owned(), "7".to_owned())];
    exchange.faults.plan("POST", ADD, Fault::Status { code: 502, body: html.to_owned(), headers });
    let answer = exchange.call(&call).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (502, html.as_bytes()));
    assert_eq!((answer.header("content-type"), answer.header("retry-after")), (Some("text/html"), Some("7")));
    assert_done_times(&exchange, 0).await;
}

#[tokio::test]
async fn a_truncated_answer_is_no_json_and_the_call_was_done() {
    let (exchange, call) = stage().await;
    exchange.faults.plan("POST", ADD, Fault::TruncateJson);
    let answer = exchange.call(&call).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.is_empty() && serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_done_times(&exchange, 1).await;
}

#[tokio::test]
async fn a_delayed_call_is_done_in_the_end() {
    let (exchange, call) = stage().await;
    let delay = Duration::from_millis(30);
    exchange.faults.plan("POST", ADD, Fault::Delay(delay));
    let before = tokio::time::Instant::now();
    assert_eq!(exchange.call(&call).await.ok()["margin"], 105_000);
    assert!(delay <= before.elapsed());
    assert_done_times(&exchange, 1).await;
}

#[tokio::test]
async fn plans_are_met_in_order_by_their_own_path_only() {
    let (exchange, call) = stage().await;
    let status = |code| Fault::Status { code, body: String::new(), headers: Vec::new() };
    exchange.faults.plan("POST", ADD, status(500));
    exchange.faults.plan_times(2, "POST", ADD, status(503));
    assert_eq!(exchange.faults.pending(), 3);
    exchange.get(RUNNING).await.ok();
    assert_eq!(exchange.faults.pending(), 3);
    for code in [500, 503, 503, 200] {
        assert_eq!(exchange.call(&call).await.status.as_u16(), code);
    }
    assert_eq!(exchange.faults.pending(), 0);
    assert_done_times(&exchange, 1).await;
}

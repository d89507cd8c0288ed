//! Faults that come by time and seed, over REST and the stream.

use crate::client::{Call, Exchange, NOW};
use crate::stream::Stream;
use domain::Timestamp;
use paper::http::Forecast;
use serde_json::{Value, json};

const ADD: &str = "/v3/futures/isolated/trade/add-margin";
const RUNNING: &str = "/v3/futures/isolated/trades/running";
const LAST: &str = "futures/inverse/btc_usd/lastPrice";

/// An exchange with one trouble from ten to twenty seconds after the beginning, a position, and a call that adds 5,000
/// sats to it.
async fn stage(trouble: Value, only: &str) -> (Exchange, Call) {
    let exchange = Exchange::open().await;
    let id = exchange.open_long().await;
    let window = json!({ "from": 10, "until": 20, "trouble": trouble, "only": only });
    let forecast = json!({ "seed": 7, "windows": [window] }).to_string();
    exchange.faults.follow(Forecast::read(&forecast).unwrap(), Timestamp::from_unix_ms(NOW));
    exchange.set_clock(NOW + 10_000);
    let call = exchange.signed("POST", ADD, &format!(r#"{{"amount":5000,"id":"{id}"}}"#));
    (exchange, call)
}

/// Whether the call was done, once the trouble is over.
fn was_done(exchange: &Exchange) -> bool {
    exchange.set_clock(NOW + 20_000);
    exchange.check_books();
    exchange.accepted() == 2
}

#[tokio::test]
async fn what_is_lost_in_its_time_passes_before_and_after() {
    for (trouble, done) in [("lost-reply", true), ("lost-request", false), ("reset", false)] {
        let (exchange, call) = stage(json!(trouble), "POST /v3/futures").await;
        assert!(exchange.try_call(&call).await.is_err(), "{trouble}");
        exchange.get(RUNNING).await.ok();
        assert_eq!(was_done(&exchange), done, "{trouble}");
        exchange.call(&call).await.ok();
    }
}

#[tokio::test]
async fn something_in_between_answers_for_the_venue() {
    for (trouble, codes) in [
        (json!("server-errors"), vec![500, 502, 503, 504]),
        (json!("html"), vec![200]),
        (json!("maintenance"), vec![503]),
        (json!({ "too-many-requests": 3 }), vec![429]),
        (json!({ "too-many-requests": null }), vec![429]),
    ] {
        let (exchange, call) = stage(trouble.clone(), "/v3").await;
        let mut met = Vec::new();
        for _ in 0..12 {
            let answer = exchange.call(&call).await;
            assert!(codes.contains(&answer.status.as_u16()), "{trouble}: {answer:?}");
            let wait = trouble.get("too-many-requests").and_then(Value::as_u64).map(|seconds| seconds.to_string());
            assert_eq!(answer.header("retry-after"), wait.as_deref(), "{trouble}");
            met.push(answer.status.as_u16());
        }
        met.sort_unstable();
        met.dedup();
        assert_eq!(met, codes, "{trouble}");
        assert!(!was_done(&exchange), "{trouble}");
    }
}

#[tokio::test]
async fn answers_are_cut_or_drift_and_the_call_is_done() {
    let (exchange, call) = stage(json!("truncated-json"), "POST /v3").await;
    assert!(serde_json::from_slice::<Value>(&exchange.call(&call).await.body).is_err());
    assert!(was_done(&exchange));
    let (exchange, _) = stage(json!("drifted-json"), "GET /v3").await;
    let as_it_was = exchange.market.venue().lock().running(exchange.owner).len();
    let drifted = exchange.get(RUNNING).await.ok();
    exchange.set_clock(NOW + 20_000);
    assert_eq!(drifted.as_array().unwrap().len(), as_it_was);
    assert_ne!(drifted, exchange.get(RUNNING).await.ok());
}

#[tokio::test]
async fn two_lists_in_a_hundred_lack_a_row() {
    let exchange = Exchange::open().await;
    exchange.open_long().await;
    let window = json!({ "from": 0, "until": 1, "trouble": "incomplete-lists", "percent": 2 });
    let forecast = json!({ "seed": 5, "windows": [window] }).to_string();
    exchange.faults.follow(Forecast::read(&forecast).unwrap(), Timestamp::from_unix_ms(NOW));
    let mut lacking = 0;
    for _ in 0..500 {
        lacking += usize::from(exchange.get(RUNNING).await.ok() == json!([]));
    }
    assert!((3..=25).contains(&lacking), "{lacking} of 500");
}

#[tokio::test]
async fn a_late_call_is_done_after_its_client_has_gone() {
    let (exchange, call) = stage(json!({ "late-execution": 25 }), "POST /v3").await;
    let gone = tokio::time::timeout(std::time::Duration::from_millis(100), exchange.try_call(&call)).await;
    assert!(gone.is_err() && exchange.accepted() == 1);
    tokio::time::pause();
    tokio::time::sleep(std::time::Duration::from_secs(26)).await;
    while exchange.accepted() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(was_done(&exchange));
}

#[tokio::test]
async fn a_revoked_key_is_unknown_where_and_while_it_is_revoked() {
    let (exchange, call) = stage(json!("revoked-key"), "POST /v3").await;
    assert_eq!(exchange.call(&call).await.refused(401), "Api key does not exist");
    exchange.get(RUNNING).await.ok();
    assert!(!was_done(&exchange));
    exchange.call(&call).await.ok();
}

#[tokio::test]
async fn prices_are_told_wrongly_and_trades_are_not() {
    for (told, last) in [("zero", 0.0), ("absurd", 10_000_000.0), ("wick", 70_000.0)] {
        let (exchange, _) = stage(json!({ "price": told }), "/v3").await;
        let mut stream = Stream::open(&exchange).await;
        stream.subscribe(&[LAST]).await;
        assert_eq!(stream.data(LAST).await["lastPrice"], json!(last), "{told}");
        let ticker = exchange.unsigned("/v3/futures/ticker").await.ok();
        assert_eq!((&ticker["lastPrice"], &ticker["fundingRate"]), (&json!(last), &json!(0.0001)), "{told}");
        assert_eq!(exchange.get(RUNNING).await.ok()[0]["price"], json!(100_000));
        exchange.set_clock(NOW + 20_000);
        assert_eq!(exchange.unsigned("/v3/futures/ticker").await.ok()["lastPrice"], json!(100_000));
    }
}

/// A stream of the last price that is in the trouble from now on.
async fn troubled(trouble: &str) -> (Exchange, Stream) {
    let (exchange, _) = stage(json!(trouble), "/v3").await;
    exchange.set_clock(NOW);
    let mut stream = Stream::open(&exchange).await;
    stream.subscribe(&[LAST]).await;
    stream.data(LAST).await;
    exchange.set_clock(NOW + 10_000);
    (exchange, stream)
}

async fn next(stream: &mut Stream) -> i64 {
    stream.data(LAST).await["lastPrice"].as_i64().unwrap()
}

#[tokio::test]
async fn a_frozen_stream_says_nothing_until_it_thaws() {
    let (exchange, mut stream) = troubled("frozen-stream").await;
    exchange.price(1, 100_001);
    let silence = tokio::time::timeout(std::time::Duration::from_millis(100), next(&mut stream)).await;
    assert!(silence.is_err());
    exchange.set_clock(NOW + 20_000);
    exchange.price(2, 100_002);
    assert_eq!(next(&mut stream).await, 100_002);
}

#[tokio::test]
async fn a_stream_repeats_itself() {
    let (exchange, mut stream) = troubled("duplicated-stream").await;
    for (seconds, price) in [(1, 100_001), (2, 100_002)] {
        exchange.price(seconds, price);
        assert_eq!([next(&mut stream).await, next(&mut stream).await], [price, price]);
    }
}

#[tokio::test]
async fn a_stream_loses_its_order() {
    let (exchange, mut stream) = troubled("out-of-order-stream").await;
    for (seconds, price) in [(1, 100_001), (3, 100_003)] {
        exchange.price(seconds, price);
        exchange.price(seconds + 1, price + 1);
        assert_eq!([next(&mut stream).await, next(&mut stream).await], [price + 1, price]);
    }
}

#[tokio::test]
async fn maintenance_ends_the_stream_and_refuses_new_ones() {
    let (exchange, _) = stage(json!("maintenance"), "/").await;
    exchange.set_clock(NOW);
    let mut stream = Stream::open(&exchange).await;
    stream.subscribe(&[LAST]).await;
    stream.data(LAST).await;
    exchange.set_clock(NOW + 10_000);
    exchange.price(1, 100_001);
    stream.is_closed().await;
    let refused = tokio_tungstenite::connect_async(format!("ws://{}/v1", exchange.address)).await;
    assert!(refused.is_err());
}

//! The market port over a local server that answers as Binance does.
#![cfg(test)]

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use binance::{BinanceEndpoint, BinanceMarket, NAME};
use domain::{Bps, Candle, Interval, Millis, Timestamp};
use exchange::{BreakerState, CandleQuery, GuardedMarket, Market, Opinion, ReadError, second_opinion};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const MINUTE: i64 = 60_000;
/// The server's bars; the last of them still forms.
const BARS: i64 = 2_501;

#[derive(Clone, Default)]
struct Script {
    /// Answers that come before the right ones.
    answers: Arc<Mutex<Vec<Response>>>,
    asked: Arc<AtomicUsize>,
}

impl Script {
    fn first(&self, times: usize, answer: fn() -> Response) {
        self.answers.lock().unwrap().extend(std::iter::repeat_with(answer).take(times));
    }

    fn planned(&self) -> Option<Response> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.answers.lock().unwrap().pop()
    }
}

async fn klines(State(script): State<Script>, Query(query): Query<HashMap<String, String>>) -> Response {
    if let Some(answer) = script.planned() {
        return answer;
    }
    assert_eq!((query["symbol"].as_str(), query["interval"].as_str()), ("BTCUSDT", "1m"));
    let number = |name: &str| query[name].parse::<i64>().unwrap();
    let asked = (0..BARS).filter(|bar| (number("startTime")..=number("endTime")).contains(&(bar * MINUTE)));
    let limit = usize::try_from(number("limit")).unwrap();
    axum::Json(asked.take(limit).map(kline).collect::<Vec<Value>>()).into_response()
}

fn kline(bar: i64) -> Value {
    let at = bar * MINUTE;
    json!([
        at,
        "60000.24",
        "60001.00000000",
        "59999.5",
        "60000.26",
        "1.5",
        at + MINUTE - 1,
        "90000.75",
        7,
        "1",
        "2",
        "0"
    ])
}

async fn day(State(script): State<Script>) -> Response {
    if let Some(answer) = script.planned() {
        return answer;
    }
    let day = json!({"symbol": "BTCUSDT", "lastPrice": "60000.26", "bidPrice": "60000.25", "askPrice": "60001.00",
        "openTime": 0, "closeTime": 1_800_000_000_000_i64, "count": 9});
    axum::Json(day).into_response()
}

async fn open() -> (Script, BinanceMarket) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let script = Script::default();
    let router = Router::new()
        .route("/api/v3/klines", get(klines))
        .route("/api/v3/ticker/24hr", get(day))
        .route("/api/v3/time", get(async || axum::Json(json!({"serverTime": 5}))))
        .with_state(script.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let now = Timestamp::from_unix_ms((BARS - 1) * MINUTE + 30_000);
    (script, BinanceMarket::new(BinanceEndpoint::new(&url).unwrap(), Arc::new(move || now)).unwrap())
}

async fn bars(market: &impl Market, from: i64, to: i64, limit: u32) -> Result<Vec<Candle>, ReadError> {
    let at = |bar: i64| Timestamp::from_unix_ms(bar * MINUTE);
    market.fetch_candles(CandleQuery { interval: Interval::MINUTE, from: at(from), to: at(to), limit }).await
}

fn numbers(bars: &[Candle]) -> Vec<i64> {
    bars.iter().map(|bar| bar.at.unix_ms() / MINUTE).collect()
}

#[tokio::test]
async fn bars_come_whole_over_many_pages_and_without_the_one_that_forms() {
    let (_, market) = open().await;
    let all = bars(&market, 0, 10_000, u32::MAX).await.unwrap();
    assert_eq!(numbers(&all), (0..BARS - 1).collect::<Vec<_>>());
    assert_eq!((all[0].open.ticks(), all[0].close.ticks(), all[0].volume), (120_000, 120_001, 90_000));
    assert_eq!(numbers(&bars(&market, 0, 10_000, 3).await.unwrap()), [2_497, 2_498, 2_499]);
    assert_eq!(numbers(&bars(&market, 10, 13, 100).await.unwrap()), [10, 11, 12]);
    assert_eq!(bars(&market, 10, 10, 100).await, Ok(vec![]));
    assert_eq!(bars(&market, 10, 13, 0).await, Ok(vec![]));
    let odd = Interval::new(Millis::new(7)).unwrap();
    let query = CandleQuery { interval: odd, from: Timestamp::EPOCH, to: Timestamp::EPOCH, limit: 1 };
    assert!(matches!(market.fetch_candles(query).await, Err(ReadError::Malformed(_))));
}

#[tokio::test]
async fn the_price_is_a_second_opinion() {
    let (_, market) = open().await;
    let ticker = market.fetch_ticker().await.unwrap();
    assert_eq!((ticker.tick.last.ticks(), ticker.tick.bid.unwrap().ticks()), (120_001, 120_001));
    assert_eq!(market.fetch_time().await, Ok(Timestamp::from_unix_ms(5)));
    let own = domain::Tick::of(ticker.tick.at, domain::Price::from_ticks(16_400).unwrap());
    assert!(matches!(second_opinion(&own, &ticker.tick, Bps::new(200)), Opinion::Doubts { .. }));
}

#[tokio::test]
async fn answers_that_are_none_are_errors() {
    for (answer, is_limit) in [
        ((|| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response()) as fn() -> Response, true),
        (|| (StatusCode::IM_A_TEAPOT, [("retry-after", "999999999")]).into_response(), true),
        (|| (StatusCode::FORBIDDEN, "<html>").into_response(), false),
        (|| StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS.into_response(), false),
        (|| (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response(), false),
        (|| "<html>".into_response(), false),
        (|| axum::Json(json!({"code": -1121, "msg": "Invalid symbol."})).into_response(), false),
        (|| axum::Json(json!([[1, "0", "0", "0", "0"]])).into_response(), false),
    ] {
        let (script, market) = open().await;
        script.first(1, answer);
        let error = bars(&market, 0, 1, 1).await.unwrap_err();
        assert_eq!(matches!(error, ReadError::RateLimited { .. }), is_limit, "{error}");
    }
}

#[tokio::test]
async fn f06_a_market_that_keeps_failing_is_left_alone_and_probed() {
    let (script, market) = open().await;
    let now = Arc::new(AtomicI64::new(0));
    let clock = now.clone();
    let clock = Arc::new(move || Timestamp::from_unix_ms(clock.load(Ordering::SeqCst)));
    let market = GuardedMarket::new(NAME, market, clock);
    script.first(4, || StatusCode::BAD_GATEWAY.into_response());
    for _ in 0..3 {
        assert!(market.fetch_ticker().await.is_err());
    }
    let BreakerState::Open { until, reason } = market.state() else { panic!("open") };
    assert!(reason.contains("502"), "{reason}");
    assert!(market.fetch_ticker().await.is_err());
    assert_eq!(script.asked.load(Ordering::SeqCst), 3, "left alone");
    now.store(until.unix_ms(), Ordering::SeqCst);
    assert!(market.fetch_ticker().await.is_err(), "the probe fails");
    let BreakerState::Open { until, .. } = market.state() else { panic!("open") };
    now.store(until.unix_ms(), Ordering::SeqCst);
    assert!(market.fetch_ticker().await.is_ok());
    assert_eq!(market.state(), BreakerState::Closed { failures: 0 });
    assert_eq!(market.name(), "Binance spot BTC/USDT");
}

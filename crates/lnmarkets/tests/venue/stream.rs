//! The stream: proved, subscribed, rebuilt, and every topic read.

use crate::stream_venue::StreamVenue;
use crate::support::{client_with_stream, key, stage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{OrderSide, Price, Rate, Sats, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use lnmarkets::{Connection, CrossOrderKind, IsolatedEventKind, StreamEvent, Topic};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;
use tokio::time::timeout;

const MARKET: &str = "futures/inverse/btc_usd";
const ID: &str = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e";

async fn next(stream: &mut Connection) -> StreamEvent {
    timeout(Duration::from_secs(5), stream.next()).await.unwrap()
}

async fn open(topics: &[Topic]) -> (StreamVenue, Connection) {
    let venue = StreamVenue::open().await;
    let stage = stage().await;
    let client = client_with_stream(&stage.endpoint, &venue.url);
    (venue, client.stream(Some(key()), topics.to_vec()))
}

#[tokio::test]
async fn a_key_is_proved_as_the_official_sdks_prove_it() {
    let (venue, mut stream) = open(&[Topic::IsolatedTrades]).await;
    venue.grant(&["futures:isolated:read"]);
    assert_eq!(next(&mut stream).await, StreamEvent::Rebuilt);
    assert_eq!(stream.permissions(), ["futures:isolated:read"]);
    let received = venue.received();
    let params = &received[0]["params"];
    assert_eq!((&received[0]["jsonrpc"], &received[0]["method"]), (&json!("2.0"), &json!("authenticate")));
    let text = format!("{}{}", params["timestamp"].as_i64().unwrap(), params["nonce"].as_str().unwrap());
    let mac = Hmac::<Sha256>::new_from_slice(b"c2VjcmV0").unwrap().chain_update(text.as_bytes());
    assert_eq!(params["signature"], STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!((&params["key"], &params["passphrase"]), (&json!("key"), &json!("passphrase")));
    assert_eq!(params["nonce"].as_str().unwrap().len(), 32);
    assert_eq!(params.as_object().unwrap().len(), 5);
    assert!(!received[0].to_string().contains("c2VjcmV0"), "the secret stays here");
    assert_eq!(received[1]["method"], "subscribe");
    assert_eq!(received[1]["params"], json!({"topics": [format!("{MARKET}/isolated/trades")]}));
}

#[tokio::test]
async fn a_socket_that_breaks_is_rebuilt_proved_and_subscribed_again() {
    let (venue, mut stream) = open(&[Topic::LastPrice]).await;
    for round in 1..=2 {
        assert_eq!(next(&mut stream).await, StreamEvent::Rebuilt);
        assert_eq!(venue.sockets(), round);
        venue.cut();
        assert!(matches!(next(&mut stream).await, StreamEvent::Lost(_)));
        assert!(!stream.is_up());
    }
    let methods: Vec<Value> = venue.received().iter().map(|request| request["method"].clone()).collect();
    assert_eq!(methods, ["authenticate", "subscribe", "authenticate", "subscribe"]);
}

#[tokio::test]
async fn a_key_that_the_venue_refuses_opens_no_stream() {
    let (venue, mut stream) = open(&[Topic::LastPrice]).await;
    venue.refuse_keys("Api key does not exist");
    let StreamEvent::Lost(reason) = next(&mut stream).await else { panic!("refused") };
    assert!(reason.contains("Api key does not exist"), "{reason}");
    assert_eq!(venue.sockets(), 0);
}

#[tokio::test]
async fn a_topic_that_is_not_told_is_not_taken_for_silence() {
    let (venue, mut stream) = open(&[Topic::LastPrice, Topic::CrossPosition]).await;
    venue.forget(&format!("{MARKET}/cross/position"));
    let StreamEvent::Lost(reason) = next(&mut stream).await else { panic!("not subscribed") };
    assert!(reason.contains("cross/position"), "{reason}");
}

#[tokio::test]
async fn f07_a_frame_that_can_t_be_read_is_passed_over() {
    let (venue, mut stream) = open(&[Topic::LastPrice]).await;
    assert_eq!(next(&mut stream).await, StreamEvent::Rebuilt);
    venue.tell_nonsense("<html>");
    venue.tell("futures/inverse/eth_usd/lastPrice", json!({"time": 1, "lastPrice": 1}));
    for price in [json!(0), json!(-1), json!(1e308), json!("NaN"), json!("6e4"), json!(null), json!([])] {
        venue.tell(&format!("{MARKET}/lastPrice"), json!({"time": 1, "lastPrice": price}));
    }
    venue.tell(&format!("{MARKET}/lastPrice"), json!({"time": 7, "lastPrice": 60000.5, "index": 1, "novelty": {}}));
    let price = Price::from_ticks(120_001).unwrap();
    let expected = StreamEvent::LastPrice { at: Timestamp::from_unix_ms(7), price };
    assert_eq!(next(&mut stream).await, expected, "f19: and what is no price is no event");
    assert_eq!(stream.unreadable(), 9);
}

#[tokio::test]
async fn every_topic_of_the_market_is_read() {
    let (venue, mut stream) = open(&[Topic::Ticker]).await;
    next(&mut stream).await;
    let at = Timestamp::from_unix_ms(5);
    let price = |ticks| Price::from_ticks(ticks).ok();
    venue.tell("announcements", json!({"id": "a", "title": "t", "message": "m", "link": null}));
    assert!(matches!(next(&mut stream).await, StreamEvent::Announcement(note) if note.title.as_deref() == Some("t")));
    let ticker = json!({"time": 5, "lastPrice": 60000, "index": 0, "funding": {"rate": 0.0001, "time": 9}});
    venue.tell(&format!("{MARKET}/ticker"), ticker);
    let StreamEvent::Ticker(ticker) = next(&mut stream).await else { panic!("a ticker") };
    assert_eq!((ticker.at, ticker.last, ticker.index), (at, price(120_000), None));
    assert_eq!(ticker.funding_rate, Some(Rate::from_hundred_millionths(10_000)));
    venue.tell(&format!("{MARKET}/index"), json!({"time": 5, "index": 60001}));
    assert_eq!(next(&mut stream).await, StreamEvent::Index { at, price: price(120_002).unwrap() });
    let buckets = json!({"time": 5, "buckets": [
        {"minSize": 100, "maxSize": 200, "askPrice": 3, "bidPrice": 1}, {"minSize": 0, "maxSize": 100, "bidPrice": 2}
    ]});
    venue.tell(&format!("{MARKET}/buckets"), buckets);
    assert_eq!(next(&mut stream).await, StreamEvent::BestPrices { at, bid: price(4), ask: None });
    let funding = json!({"pair": "btc_usd", "current": {"rate": null, "time": 5}});
    venue.tell(&format!("{MARKET}/funding"), funding);
    assert_eq!(next(&mut stream).await, StreamEvent::Funding { rate: None, at: Some(at) });
    let bar = json!({"time": 5, "open": 1, "high": 2, "low": 0.5, "close": 1, "volume": 7});
    venue.tell(&format!("{MARKET}/ohlc/1m"), bar);
    let StreamEvent::Candle { range, candle } = next(&mut stream).await else { panic!("a bar") };
    assert_eq!((range.as_str(), candle.at, candle.volume), ("1m", at, 7));
}

#[tokio::test]
async fn every_topic_of_an_account_is_read() {
    let (venue, mut stream) = open(&Topic::ACCOUNT).await;
    next(&mut stream).await;
    let deposit = json!({
        "currency": "btc", "network": "lightning", "id": "d", "amount": 7, "balance": 9, "status": "settled", "txId": null
    });
    venue.tell("wallet/deposit", deposit);
    let StreamEvent::Deposit(deposit) = next(&mut stream).await else { panic!("a deposit") };
    assert_eq!((deposit.amount, deposit.balance, deposit.fee), (Sats::new(7), Some(Sats::new(9)), None));
    let withdrawal = json!({
        "currency": "btc", "network": "bitcoin", "id": "w", "amount": 7, "balance": 2, "fee": 1, "status": "processed"
    });
    venue.tell("wallet/withdrawal", withdrawal);
    assert!(matches!(next(&mut stream).await, StreamEvent::Withdrawal(gone) if gone.fee == Some(Sats::new(1))));
    for (event, kind) in [
        ("open", IsolatedEventKind::Opened),
        ("filled", IsolatedEventKind::Filled),
        ("closed", IsolatedEventKind::Closed),
        ("stoploss", IsolatedEventKind::StopLoss),
        ("takeprofit", IsolatedEventKind::TakeProfit),
        ("liquidation", IsolatedEventKind::Liquidated),
        ("canceled", IsolatedEventKind::Canceled),
        ("funding", IsolatedEventKind::Funding),
        ("teleported", IsolatedEventKind::Other),
    ] {
        let trade = json!({"id": ID, "closedAt": 5, "closingFee": 1, "exitPrice": 60000, "clientId": ""});
        venue.tell(&format!("{MARKET}/isolated/trades"), json!({"pair": "btc_usd", "event": event, "trade": trade}));
        let StreamEvent::Isolated(told) = next(&mut stream).await else { panic!("{event}") };
        assert_eq!((told.kind, told.pnl, told.at), (kind, None, Some(Timestamp::from_unix_ms(5))), "{event}");
        assert_eq!(told.client_id, None);
    }
    let order = json!({
        "id": ID, "side": "sell", "type": "market", "quantity": 1, "price": 5, "tradingFee": 1, "createdAt": 5,
        "filledAt": 5, "clientId": null
    });
    venue.tell(&format!("{MARKET}/cross/orders"), json!({"pair": "btc_usd", "event": "new", "order": order}));
    let StreamEvent::CrossOrder { event, order } = next(&mut stream).await else { panic!("an order") };
    assert_eq!((event.as_str(), order.side, order.kind), ("new", OrderSide::Sell, CrossOrderKind::Market));
    let position = json!({"quantity": -5, "leverage": 2, "margin": 9, "entryPrice": 5, "updatedAt": 5});
    venue.tell(&format!("{MARKET}/cross/position"), json!({"pair": "btc_usd", "event": "limit", "position": position}));
    let StreamEvent::CrossPosition { position, .. } = next(&mut stream).await else { panic!("a position") };
    assert_eq!((position.quantity, position.margin), (-5, Sats::new(9)));
}

#[tokio::test]
async fn waiting_for_an_event_can_be_given_up_at_any_time() {
    let (venue, mut stream) = open(&[Topic::LastPrice]).await;
    let mut first = None;
    while first.is_none() {
        first = timeout(Duration::from_millis(1), stream.next()).await.ok();
    }
    assert_eq!(first, Some(StreamEvent::Rebuilt));
    assert_eq!(venue.sockets(), 1, "the half-open socket was not thrown away");
}

//! Prices from the stream, while it tells, falls silent, freezes and breaks.

use crate::stream_venue::{INDEX, LAST_PRICE, StreamVenue};
use crate::support::{NOON, Stage, client_with_stream, price, stage, tick};
use domain::{Tick, Timestamp};
use exchange::PriceFeed;
use lnmarkets::StreamFeed;
use paper::http::Fault;
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout};

const TICKER: &str = "/v3/futures/ticker";

/// A market of which REST and the stream can be told different things.
async fn open() -> (Stage, StreamVenue, StreamFeed) {
    let (stage, venue) = (stage().await, StreamVenue::open().await);
    let feed = client_with_stream(&stage.endpoint, &venue.url).feed();
    (stage, venue, feed)
}

fn at(seconds: i64) -> Timestamp {
    tick(seconds, 1).at
}

fn tell(venue: &StreamVenue, seconds: i64, dollars: i64) {
    venue.tell(LAST_PRICE, json!({"time": at(seconds).unix_ms(), "lastPrice": dollars}));
}

async fn next(feed: &mut StreamFeed) -> Tick {
    timeout(Duration::from_secs(5), feed.next_tick()).await.unwrap().unwrap()
}

/// Reads on until a price comes that is not the one before.
async fn until(feed: &mut StreamFeed, dollars: i64) -> Tick {
    let found = async {
        loop {
            match feed.next_tick().await {
                Ok(tick) if tick.last == price(dollars) => return tick,
                _ => {}
            }
        }
    };
    timeout(Duration::from_secs(8), found).await.unwrap()
}

/// Reads until the stream is subscribed and REST has filled the gap.
async fn until_streaming(feed: &mut StreamFeed, venue: &StreamVenue, sockets: usize) {
    let health = feed.health();
    let streaming = async {
        while !health().is_streaming || venue.sockets() < sockets {
            let _ = feed.next_tick().await;
        }
    };
    timeout(Duration::from_secs(8), streaming).await.unwrap();
}

#[tokio::test]
async fn the_first_price_comes_by_rest_and_the_next_from_the_stream() {
    let (_stage, venue, mut feed) = open().await;
    assert_eq!(next(&mut feed).await, tick(0, 100_000));
    until_streaming(&mut feed, &venue, 1).await;
    tell(&venue, 1, 100_001);
    let told = until(&mut feed, 100_001).await;
    assert_eq!(told.at, at(1));
    tell(&venue, 2, 100_002);
    let asked = Instant::now();
    until(&mut feed, 100_002).await;
    assert!(asked.elapsed() < Duration::from_millis(200), "not by REST");
}

#[tokio::test]
async fn f16_a_frozen_stream_is_given_up_within_three_seconds_while_rest_stands_in() {
    let (stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    tell(&venue, 1, 100_010);
    until(&mut feed, 100_010).await;
    // The stream says no more, and the market moves on.
    let frozen_at = Instant::now();
    stage.market.push(tick(2, 100_020));
    assert_eq!(until(&mut feed, 100_020).await.at, at(2), "REST stands in");
    assert!(frozen_at.elapsed() < Duration::from_millis(1_800));
    let health = feed.health();
    while health().frozen == 0 {
        let _ = feed.next_tick().await;
    }
    assert!(frozen_at.elapsed() < Duration::from_secs(3), "{:?}", frozen_at.elapsed());
    until_streaming(&mut feed, &venue, 2).await;
    assert_eq!(health().frozen, 1);
}

#[tokio::test]
async fn f16_a_last_price_that_is_frozen_while_the_rest_flows_is_found_too() {
    let (stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    tell(&venue, 1, 100_010);
    until(&mut feed, 100_010).await;
    stage.market.push(tick(2, 100_020));
    let (health, telling) = (feed.health(), venue.clone());
    let index = tokio::spawn(async move {
        for hundredth in 0_i64.. {
            let at = at(2).unix_ms() + hundredth * 100;
            telling.tell(INDEX, json!({"time": at, "index": 100_000 + hundredth}));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let frozen_at = Instant::now();
    assert_eq!(until(&mut feed, 100_020).await.last, price(100_020), "REST stands in");
    let found = async {
        while health().frozen == 0 {
            let _ = feed.next_tick().await;
        }
    };
    timeout(Duration::from_secs(4), found).await.unwrap();
    index.abort();
    assert!(frozen_at.elapsed() < Duration::from_secs(3), "{:?}", frozen_at.elapsed());
}

#[tokio::test]
async fn f17_a_quiet_market_causes_no_reconnect() {
    let (stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    tell(&venue, 1, 100_010);
    stage.market.push(tick(1, 100_010));
    until(&mut feed, 100_010).await;
    let quiet = Instant::now();
    let mut confirmed = 0;
    while quiet.elapsed() < Duration::from_secs(4) {
        assert_eq!(next(&mut feed).await.last, price(100_010));
        confirmed += 1;
    }
    assert!(2 <= confirmed, "the old price is confirmed again and again");
    assert_eq!((venue.sockets(), feed.health()().frozen), (1, 0));
}

#[tokio::test]
async fn f18_duplicates_and_old_prices_of_the_stream_are_dropped_and_counted() {
    let (_stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    tell(&venue, 5, 100_005);
    until(&mut feed, 100_005).await;
    let before = feed.health()();
    tell(&venue, 5, 100_005);
    tell(&venue, 4, 100_004);
    tell(&venue, 6, 100_006);
    assert_eq!(next(&mut feed).await.last, price(100_006));
    let health = feed.health()();
    assert_eq!(health.duplicates, before.duplicates + 1);
    assert_eq!(health.dropped.old, before.dropped.old + 1);
}

#[tokio::test]
async fn f19_a_wick_in_the_stream_waits_for_a_second_price() {
    let (_stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    tell(&venue, 1, 100_001);
    until(&mut feed, 100_001).await;
    tell(&venue, 2, 13_000);
    venue.tell(INDEX, json!({"time": at(2).unix_ms() + 1, "index": 100_000}));
    tell(&venue, 3, 100_003);
    assert_eq!(next(&mut feed).await.last, price(100_003), "the index does not carry the wick in");
    tell(&venue, 4, 13_000);
    tell(&venue, 5, 12_990);
    assert_eq!(next(&mut feed).await.last, price(12_990));
}

#[tokio::test]
async fn prices_go_on_while_the_stream_is_rebuilt() {
    let (stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    venue.cut();
    stage.market.push(tick(3, 99_000));
    until(&mut feed, 99_000).await;
    until_streaming(&mut feed, &venue, 2).await;
    tell(&venue, 4, 99_001);
    assert_eq!(until(&mut feed, 99_001).await.at, at(4));
}

#[tokio::test]
async fn a_stream_that_tells_is_not_disturbed_by_a_venue_without_rest() {
    let (stage, venue, mut feed) = open().await;
    until_streaming(&mut feed, &venue, 1).await;
    let broken = Fault::Status { code: 503, body: "maintenance".to_owned(), headers: Vec::new() };
    stage.faults.plan_times(1_000, "GET", TICKER, broken);
    for second in 1..=20 {
        tell(&venue, second, 100_000 + second);
        until(&mut feed, 100_000 + second).await;
    }
    assert_eq!(venue.sockets(), 1);
    let left = stage.faults.pending();
    assert!(997 <= left, "a stream that tells is not checked: {left}");
    assert!(NOON < at(1));
}

//! What the stream tells of an account, and how its silence is found out.

use crate::stream_venue::StreamVenue;
use crate::support::{NOON, Stage, client_with_stream, key, stage};
use exchange::{AccountCall, AccountFeed};
use lnmarkets::StreamAccountFeed;
use paper::http::{Forecast, Trouble, Window};
use serde_json::json;
use std::time::Duration;
use tokio::time::{Instant, timeout};

const TRADES: &str = "futures/inverse/btc_usd/isolated/trades";
const ID: &str = "d0b9f9a0-4f6e-4a5a-8b7a-7f0f5f9a8a7e";

async fn next(feed: &mut StreamAccountFeed) -> AccountCall {
    timeout(Duration::from_secs(5), feed.next_call()).await.unwrap()
}

async fn is_quiet(feed: &mut StreamAccountFeed, ms: u64) -> bool {
    timeout(Duration::from_millis(ms), feed.next_call()).await.is_err()
}

/// A feed that has just begun, on a venue that tells what a test tells it to.
async fn scripted() -> (Stage, StreamVenue, StreamAccountFeed) {
    let (stage, venue) = (stage().await, StreamVenue::open().await);
    let mut feed = client_with_stream(&stage.endpoint, &venue.url).account_feed(key());
    assert_eq!(next(&mut feed).await, AccountCall::Rebuilt);
    (stage, venue, feed)
}

/// A feed that has just begun, on the paper exchange itself.
async fn on_paper() -> (Stage, StreamAccountFeed) {
    let stage = stage().await;
    let stream = format!("{}/v1", stage.endpoint.replacen("http", "ws", 1));
    let mut feed = client_with_stream(&stage.endpoint, &stream).account_feed(key());
    assert_eq!(next(&mut feed).await, AccountCall::Rebuilt);
    (stage, feed)
}

fn tell(venue: &StreamVenue, event: &str) {
    venue.tell(TRADES, json!({"pair": "btc_usd", "event": event, "trade": {"id": ID, "closedAt": 5}}));
}

#[tokio::test]
async fn what_begins_and_ends_at_the_venue_calls_for_a_look() {
    let (stage, mut feed) = on_paper().await;
    let id = stage.open_position().position.id;
    assert_eq!(next(&mut feed).await, AccountCall::Changed);
    stage.venue.lock().close(stage.owner, id).unwrap();
    assert_eq!(next(&mut feed).await, AccountCall::Changed);
}

#[tokio::test]
async fn a_socket_that_broke_calls_for_a_look_once_it_is_built_again() {
    let (_stage, venue, mut feed) = scripted().await;
    venue.cut();
    assert!(matches!(next(&mut feed).await, AccountCall::Lost(_)));
    assert_eq!(next(&mut feed).await, AccountCall::Rebuilt);
    tell(&venue, "filled");
    assert_eq!(next(&mut feed).await, AccountCall::Changed);
}

#[tokio::test]
async fn f16_a_frozen_account_stream_is_given_up_within_three_seconds_though_pongs_flow() {
    let (stage, mut feed) = on_paper().await;
    let trouble = Trouble::FrozenStream;
    let window = Window { from: 0, until: 3_600, trouble, percent: 100, only: None };
    stage.faults.follow(Forecast { seed: 1, windows: vec![window] }, NOON);
    let frozen_at = Instant::now();
    stage.open_position();
    assert!(matches!(next(&mut feed).await, AccountCall::Lost(_)), "the position was told to nobody");
    assert!(frozen_at.elapsed() < Duration::from_secs(3), "{:?}", frozen_at.elapsed());
    assert!(!feed.is_streaming());
    stage.faults.follow(Forecast::default(), NOON);
    assert_eq!(next(&mut feed).await, AccountCall::Rebuilt, "and what was missed is read");
}

#[tokio::test]
async fn f16_a_stream_that_does_not_tell_what_rest_saw_is_given_up_though_it_answers() {
    let (_stage, venue, mut feed) = scripted().await;
    feed.note_seen();
    assert!(is_quiet(&mut feed, 5_100).await, "what was seen began before the stream");
    let seen_at = Instant::now();
    feed.note_seen();
    assert!(matches!(next(&mut feed).await, AccountCall::Lost(_)));
    assert!(seen_at.elapsed() < Duration::from_secs(1), "{:?}", seen_at.elapsed());
    assert_eq!(next(&mut feed).await, AccountCall::Rebuilt);
    assert_eq!(venue.sockets(), 2);
}

#[tokio::test]
async fn f17_an_account_to_which_nothing_happens_causes_no_reconnect() {
    let (_stage, venue, mut feed) = scripted().await;
    assert!(is_quiet(&mut feed, 4_000).await);
    assert_eq!(venue.sockets(), 1);
    let asked = venue.received().iter().filter(|request| request["method"] == "ping").count();
    assert!((2..=4).contains(&asked), "the venue is asked about once a second whether it is heard: {asked}");
    tell(&venue, "closed");
    assert_eq!(next(&mut feed).await, AccountCall::Changed);
    feed.note_seen();
    assert!(is_quiet(&mut feed, 1_000).await, "what was told and then seen is no contradiction");
    assert_eq!(venue.sockets(), 1);
}

#[tokio::test]
async fn f18_events_that_are_repeated_or_old_call_again_and_break_nothing() {
    let (_stage, venue, mut feed) = scripted().await;
    for event in ["closed", "filled", "closed", "closed", "teleported"] {
        tell(&venue, event);
        assert_eq!(next(&mut feed).await, AccountCall::Changed, "{event}");
    }
    assert_eq!(venue.sockets(), 1);
}

#[tokio::test]
async fn f09_a_key_that_the_stream_refuses_is_not_shown_again_at_once() {
    let (_stage, venue, mut feed) = scripted().await;
    venue.refuse_keys("Api key does not exist");
    venue.cut();
    assert!(matches!(next(&mut feed).await, AccountCall::Lost(_)));
    let AccountCall::Lost(reason) = next(&mut feed).await else { panic!("refused") };
    assert!(reason.contains("Api key does not exist"), "{reason}");
    assert!(is_quiet(&mut feed, 3_000).await, "whoever knocks too often is locked out");
    let shown = venue.received().iter().filter(|request| request["method"] == "authenticate").count();
    assert_eq!(shown, 2);
}

#[tokio::test]
async fn topics_that_a_key_may_not_hear_are_not_asked_for() {
    let (stage, venue) = (stage().await, StreamVenue::open().await);
    venue.grant(&["account:read", "futures:isolated:read", "futures:isolated:write"]);
    let mut feed = client_with_stream(&stage.endpoint, &venue.url).account_feed(key());
    assert_eq!(next(&mut feed).await, AccountCall::Rebuilt);
    assert_eq!(venue.received()[1]["params"], json!({"topics": [TRADES]}));
}

//! The public side, and the prices that are polled from it.

use crate::support::{NOON, Setting, price, stage, tick};
use domain::{Candle, Interval, Millis, Timestamp};
use exchange::{CandleQuery, Market, PriceFeed, ReadError};
use paper::http::Fault;

const TICKER: &str = "/v3/futures/ticker";

fn minute(number: i64) -> Timestamp {
    NOON.minus(Millis::DAY).minus(Millis::DAY).plus(Millis::new(number * 60_000))
}

fn bar(number: i64) -> Candle {
    let open = price(90_000 + number);
    Candle { at: minute(number), open, high: open, low: open, close: open, volume: number }
}

#[tokio::test]
async fn the_ticker_is_the_venues() {
    let stage = stage().await;
    let market = stage.client.market();
    assert_eq!(Some(market.fetch_ticker().await.unwrap()), stage.venue.lock().ticker());
    assert!(market.fetch_time().await.unwrap().since(NOON) < Millis::MINUTE);
    assert!(market.clock_offset().is_some());
}

#[tokio::test]
async fn candles_come_whole_over_many_pages() {
    let history: Vec<Candle> = (0..2_500).map(bar).collect();
    let stage = Setting { history: history.clone(), ..Setting::default() }.open().await;
    let market = stage.client.market();
    let ask = |from, to, limit| market.fetch_candles(CandleQuery { interval: Interval::MINUTE, from, to, limit });
    assert_eq!(ask(minute(0), minute(2_500), u32::MAX).await.unwrap(), history);
    assert_eq!(ask(minute(0), minute(2_500), 1_700).await.unwrap(), history[800..]);
    assert_eq!(ask(minute(10), minute(20), 1_000).await.unwrap(), history[10..20]);
    assert_eq!(ask(minute(10), minute(20), 3).await.unwrap(), history[17..20]);
    assert_eq!(ask(minute(10), minute(20), 0).await.unwrap(), vec![]);
    assert_eq!(ask(minute(-20), minute(-10), 10).await.unwrap(), vec![]);
}

#[tokio::test]
async fn bars_of_a_length_that_the_venue_does_not_have_are_refused() {
    let stage = stage().await;
    let interval = Interval::new(Millis::new(7)).unwrap();
    let query = CandleQuery { interval, from: minute(0), to: minute(1), limit: 1 };
    assert!(matches!(stage.client.market().fetch_candles(query).await, Err(ReadError::Malformed(_))));
}

#[tokio::test]
async fn prices_follow_the_venue_and_a_quiet_market_is_confirmed() {
    let stage = stage().await;
    let mut feed = stage.client.feed();
    let first = feed.next_tick().await.unwrap();
    assert_eq!(first, tick(0, 100_000));
    assert_eq!(feed.next_tick().await.unwrap(), first, "f17: the same price again, confirmed");
    stage.market.push(tick(1, 99_000));
    assert_eq!(feed.next_tick().await.unwrap(), tick(1, 99_000));
}

#[tokio::test]
async fn f19_a_feed_says_that_there_is_no_price_and_goes_on() {
    let stage = stage().await;
    let mut feed = stage.client.feed();
    let zero = r#"{"time":"2027-01-15T08:00:00.000Z","lastPrice":0,"index":0,"fundingRate":0,"prices":[]}"#;
    let json = vec![("content-type".to_owned(), "application/json".to_owned())];
    stage.faults.plan("GET", TICKER, Fault::Status { code: 200, body: zero.to_owned(), headers: json });
    assert!(matches!(feed.next_tick().await, Err(ReadError::Malformed(_))));
    assert_eq!(feed.next_tick().await.unwrap(), tick(0, 100_000));
}

#[tokio::test]
async fn f18_a_price_older_than_the_last_is_dropped() {
    let stage = stage().await;
    stage.market.push(tick(10, 100_000));
    let mut feed = stage.client.feed();
    assert_eq!(feed.next_tick().await.unwrap(), tick(10, 100_000));
    let old = r#"{"time":"2027-01-15T08:00:09.000Z","lastPrice":99000,"prices":[]}"#;
    let json = vec![("content-type".to_owned(), "application/json".to_owned())];
    stage.faults.plan("GET", TICKER, Fault::Status { code: 200, body: old.to_owned(), headers: json });
    assert_eq!(feed.next_tick().await.unwrap(), tick(10, 100_000));
    assert_eq!(stage.faults.pending(), 0);
}

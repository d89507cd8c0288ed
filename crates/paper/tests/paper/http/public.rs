//! What needs no key.

use crate::client::{Call, Exchange};
use serde_json::json;

#[tokio::test]
async fn the_venue_answers_a_ping_and_tells_its_wall_time() {
    let exchange = Exchange::open().await;
    assert_eq!(exchange.unsigned("/v3/ping").await.ok(), json!("pong"));
    assert_eq!(exchange.unsigned("/v3/time").await.ok(), json!({ "time": "2023-11-14T22:13:20.000Z" }));
}

#[tokio::test]
async fn the_ticker_has_the_shape_that_the_official_clients_read() {
    let exchange = Exchange::open().await;
    let ticker = exchange.unsigned("/v3/futures/ticker").await.ok();
    assert_eq!(ticker["lastPrice"], json!(100_000), "a whole price is written without a point");
    assert_eq!(ticker["index"], json!(100_000));
    assert_eq!(ticker["fundingRate"], json!(0.0001));
    assert_eq!(ticker["fundingTime"], json!("2023-11-14T08:00:00.000Z"));
    assert_eq!(ticker["time"], json!("2023-11-14T00:01:00.000Z"));
    let first = &ticker["prices"][0];
    assert_eq!(
        (&first["minSize"], &first["askPrice"], &first["bidPrice"]),
        (&json!(0), &json!(100_000), &json!(100_000))
    );
    assert!(first["maxSize"].as_i64().is_some_and(|size| 0 < size));
    for exchange in ["bybit", "binance", "okx"] {
        assert!(ticker["exchangesWeights"][exchange].is_number());
    }
}

#[tokio::test]
async fn candles_are_closed_ones_and_newest_first() {
    let exchange = Exchange::open().await;
    for (seconds, price) in [(10, 100_100), (50, 99_900), (59, 100_050), (60, 100_000), (120, 100_000)] {
        exchange.price(seconds, price);
    }
    let page = exchange.unsigned("/v3/futures/candles?range=1m").await.ok();
    assert_eq!(page["nextCursor"], json!(null));
    let first = json!({
        "time": "2023-11-14T00:01:00.000Z", "open": 100_000, "high": 100_100, "low": 99_900, "close": 100_050, "volume": 0
    });
    assert_eq!(page["data"][1], first);
    assert_eq!(page["data"].as_array().unwrap().len(), 2, "the forming one is not told");
    let part = exchange.unsigned("/v3/futures/candles?from=2023-11-14T00:02:00.000Z&limit=1").await.ok();
    assert_eq!(part["data"].as_array().unwrap().len(), 1);
    assert_eq!(exchange.unsigned("/v3/futures/candles?range=7m").await.refused(400), "range is not valid");
    exchange.unsigned("/v3/futures/candles?limit=0").await.refused(400);
    exchange.unsigned("/v3/futures/candles?from=yesterday").await.refused(400);
}

#[tokio::test]
async fn weeks_months_and_quarters_begin_where_the_calendar_says() {
    let exchange = Exchange::open().await;
    // The market begins on Tuesday, 14 November 2023, and moves once a day.
    (1..=140).for_each(|day| exchange.price(day * 86_400, 100_000 + day));
    let times = async |range: &str| -> Vec<String> {
        let page = exchange.unsigned(&format!("/v3/futures/candles?range={range}&limit=2")).await.ok();
        let rows = page["data"].as_array().unwrap();
        rows.iter().map(|row| row["time"].as_str().unwrap().chars().take(10).collect()).collect()
    };
    assert_eq!(times("1w").await, ["2024-03-25", "2024-03-18"]);
    assert_eq!(times("1month").await, ["2024-03-01", "2024-02-01"]);
    assert_eq!(times("3months").await, ["2024-01-01"]);
}

#[tokio::test]
async fn a_settlement_is_listed_two_minutes_after_it_fell_due() {
    let exchange = Exchange::open().await;
    exchange.price(8 * 3_600 - 60, 100_000);
    let list = "/v3/futures/funding-settlements";
    assert_eq!(exchange.unsigned(list).await.ok()["data"], json!([]));
    exchange.price(8 * 3_600 + 60, 100_500);
    let row = &exchange.unsigned(list).await.ok()["data"][0];
    assert_eq!(row["time"], json!("2023-11-14T08:00:00.000Z"));
    assert_eq!((&row["fundingRate"], &row["fixingPrice"]), (&json!(0.0001), &json!(100_000)));
    assert!(row["id"].as_str().is_some_and(|id| id.len() == 36));
}

#[tokio::test]
async fn what_is_public_needs_no_signature_and_what_is_private_does() {
    let exchange = Exchange::open().await;
    for path in ["/v3/account", "/v3/futures/isolated/trades/running", "/v3/futures/isolated/funding-fees"] {
        exchange.call(&Call::to("GET", path, "")).await.refused(401);
    }
}

//! Lists that come in pages.

use crate::client::Exchange;
use serde_json::{Value, json};

async fn closed_trades(exchange: &Exchange, count: i64) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let id = exchange.open_long().await;
        exchange.price(1 + number, 100_000);
        exchange.post("/v3/futures/isolated/trade/close", &format!(r#"{{"id":"{id}"}}"#)).await.ok();
        ids.push(id);
    }
    ids.reverse();
    ids
}

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_read_whole_by_following_its_cursor() {
    let exchange = Exchange::open().await;
    let closed = closed_trades(&exchange, 7).await;
    let mut read = Vec::new();
    let mut target = "/v3/futures/isolated/trades/closed?limit=3".to_owned();
    for pages in 1.. {
        let page = exchange.get(&target).await.ok();
        read.extend(ids(&page));
        let Some(cursor) = page["nextCursor"].as_str() else {
            assert_eq!(pages, 3);
            break;
        };
        target = format!("/v3/futures/isolated/trades/closed?limit=3&cursor={cursor}");
    }
    assert_eq!(read, closed);
}

#[tokio::test]
async fn from_and_to_cut_a_list() {
    let exchange = Exchange::open().await;
    let closed = closed_trades(&exchange, 4).await;
    let window = "from=2023-11-14T00:01:02.000Z&to=2023-11-14T00:01:03.000Z";
    let page = exchange.get(&format!("/v3/futures/isolated/trades/closed?{window}")).await.ok();
    assert_eq!(ids(&page), closed[1..3]);
    let escaped = window.replace(':', "%3A");
    let same = exchange.get(&format!("/v3/futures/isolated/trades/closed?{escaped}")).await.ok();
    assert_eq!(same, page);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused_by_every_list() {
    let exchange = Exchange::open().await;
    for list in ["trades/closed", "trades/canceled", "funding-fees"] {
        for query in ["limit=0", "limit=1001", "limit=x", "cursor=x", "from=x", "to=x"] {
            exchange.get(&format!("/v3/futures/isolated/{list}?{query}")).await.refused(400);
        }
    }
    exchange.get("/v3/futures/isolated/funding-fees?tradeId=1").await.refused(400);
}

#[tokio::test]
async fn funding_fees_are_told_by_trade_once_their_rows_are_out() {
    let exchange = Exchange::open().await;
    let (first, _) = (exchange.open_long().await, exchange.open_long().await);
    exchange.price(8 * 3_600 - 60, 100_000);
    let list = "/v3/futures/isolated/funding-fees";
    assert_eq!(exchange.get(list).await.ok(), json!({ "data": [], "nextCursor": null }));
    exchange.price(8 * 3_600 + 60, 100_000);
    assert_eq!(exchange.get(list).await.ok()["data"].as_array().unwrap().len(), 2);
    let of_first = exchange.get(&format!("{list}?tradeId={first}")).await.ok();
    let row = &of_first["data"][0];
    assert_eq!(of_first["data"].as_array().unwrap().len(), 1);
    assert_eq!((&row["fee"], &row["tradeId"]), (&json!(100), &json!(first)));
    assert_eq!(row["time"], json!("2023-11-14T08:00:00.000Z"));
    assert!(row["settlementId"].is_string());
}

#[tokio::test]
async fn an_empty_list_is_an_empty_page() {
    let exchange = Exchange::open().await;
    for list in ["trades/closed", "trades/canceled", "funding-fees"] {
        let page = exchange.get(&format!("/v3/futures/isolated/{list}")).await.ok();
        assert_eq!(page, json!({ "data": [], "nextCursor": null }));
    }
    for list in ["trades/open", "trades/running"] {
        assert_eq!(exchange.get(&format!("/v3/futures/isolated/{list}")).await.ok(), json!([]));
    }
}

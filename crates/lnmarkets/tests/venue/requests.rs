//! What is sent equals what the exchange's official SDKs send for the same call.
//!
//! `sdk_requests.jsonl` was recorded from `@ln-markets/sdk` 2.0.2 and `lnmarkets-sdk` 0.2.0: method, path with query,
//! body and signed string.

use crate::recorder::{Recorder, Sent};
use crate::support::{client, key};
use domain::position::NewPosition;
use domain::{Bps, Leverage, OrderSide, PositionId, Price, Quantity, Sats, Side, iso8601};
use exchange::{Exchange, Market, Priority};
use lnmarkets::{Client, ClientId, IsolatedOrder, ListQuery, LnMarketsAccount, NewCrossOrder, OrderSize, StopLoss};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

const RECORDED: &str = include_str!("sdk_requests.jsonl");
const SECRET: &str = "c2VjcmV0";
/// The calls that the two SDKs were recorded with.
const CALLS: usize = 78;

#[derive(Debug, Deserialize)]
struct Recorded {
    client: String,
    method: String,
    url: String,
    body: Option<String>,
    signed: Option<String>,
}

impl Recorded {
    fn path(&self) -> &str {
        self.url.split('?').next().unwrap()
    }

    fn arguments(&self) -> HashMap<String, String> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.replace("%3A", ":"))).collect()
    }

    fn json(&self) -> Value {
        self.body.as_deref().map_or(Value::Null, |body| serde_json::from_str(body).unwrap())
    }

    fn list(&self) -> ListQuery {
        let arguments = self.arguments();
        let limit = arguments.get("limit").map(|limit| limit.parse().unwrap());
        ListQuery { limit, ..ListQuery::default() }
    }

    fn position(&self) -> PositionId {
        let json = self.json();
        let arguments = self.arguments();
        let id = json["id"].as_str().or(arguments.get("id").map(String::as_str)).unwrap();
        id.parse().unwrap()
    }
}

fn sats(json: &Value) -> Sats {
    Sats::new(json.as_i64().unwrap())
}

fn price(json: &Value) -> Option<Price> {
    json.as_f64().map(|dollars| Price::try_from_dollars(dollars).unwrap())
}

fn side(json: &Value) -> OrderSide {
    serde_json::from_value(json.clone()).unwrap()
}

fn client_id(json: &Value) -> Option<ClientId> {
    json.as_str().map(|id| ClientId::new(id).unwrap())
}

fn isolated_order(json: &Value) -> IsolatedOrder {
    let quantity = json["quantity"].as_i64().map(|quantity| OrderSize::Quantity(Quantity::new(quantity).unwrap()));
    IsolatedOrder {
        side: side(&json["side"]),
        size: quantity.unwrap_or_else(|| OrderSize::Margin(sats(&json["margin"]))),
        leverage: Leverage::try_from_times(json["leverage"].as_f64().unwrap()).unwrap(),
        price: price(&json["price"]),
        stop_loss: None,
        take_profit: None,
        client_id: client_id(&json["clientId"]),
    }
}

fn cross_order(json: &Value) -> NewCrossOrder {
    NewCrossOrder {
        side: side(&json["side"]),
        quantity: u32::try_from(json["quantity"].as_u64().unwrap()).unwrap(),
        price: price(&json["price"]),
        client_id: client_id(&json["clientId"]),
    }
}

/// Makes the call that the SDK made. What the answer means is another test's affair.
async fn call(client: &Client, account: &LnMarketsAccount, recorded: &Recorded) {
    let (json, list, idle) = (recorded.json(), recorded.list(), Priority::Interface);
    let id = || recorded.position();
    let path = recorded.path().strip_prefix("/v3").unwrap();
    match (recorded.method.as_str(), path) {
        ("GET", _) if read_public(client, recorded, path).await => {}
        ("GET", "/account") => drop(account.fetch_wallet(idle).await),
        ("GET", "/futures/isolated/trades/open") => drop(account.fetch_resting(idle).await),
        ("GET", "/futures/isolated/trades/running") => drop(account.fetch_running(idle).await),
        ("GET", "/futures/isolated/trades/closed") => drop(account.fetch_closed_page(&list, idle).await),
        ("GET", "/futures/isolated/funding-fees") => drop(account.fetch_funding_fee_page(&list, idle).await),
        ("GET", "/futures/cross/orders/open") => drop(account.fetch_cross_open_orders(idle).await),
        ("GET", "/futures/cross/orders/filled") => drop(account.fetch_cross_filled_orders(&list, idle).await),
        ("GET", "/futures/cross/position") => drop(account.fetch_cross_position(idle).await),
        ("GET", "/futures/cross/transfers") => drop(account.fetch_cross_transfers(&list, idle).await),
        ("GET", "/futures/cross/funding-fees") => drop(account.fetch_cross_funding_fees(&list, idle).await),
        ("GET", "/account/deposits/lightning") => {
            drop(account.fetch_lightning_deposits(&list, Some(false)).await);
        }
        ("GET", "/account/notifications") => drop(account.fetch_notifications(&list).await),
        ("GET", "/synthetic-usd/swaps") => drop(account.fetch_swaps(&list).await),
        ("POST", "/futures/isolated/trade") => _ = account.submit_isolated(&isolated_order(&json)).await,
        ("POST", "/futures/isolated/trade/cancel") => _ = account.cancel_order(id()).await,
        ("POST", "/futures/isolated/trades/cancel-all") => _ = account.cancel_all_orders().await,
        ("POST", "/futures/isolated/trade/add-margin") => _ = account.add_margin(id(), sats(&json["amount"])).await,
        ("POST", "/futures/isolated/trade/cash-in") => _ = account.cash_in(id(), sats(&json["amount"])).await,
        ("POST", "/futures/isolated/trade/close") => _ = account.close_position(id()).await,
        ("PUT", "/futures/isolated/trade/takeprofit") => {
            _ = account.set_take_profit(id(), price(&json["value"])).await;
        }
        ("PUT", "/futures/isolated/trade/stoploss") if json["mode"] == "trailing" => {
            assert_eq!(json["value"], 0.05);
            _ = account.set_trailing_stop(id(), Bps::new(500)).await;
        }
        ("PUT", "/futures/isolated/trade/stoploss") => _ = account.set_stop_loss(id(), price(&json["value"])).await,
        ("DELETE", "/futures/isolated/trade/takeprofit") => _ = account.set_take_profit(id(), None).await,
        ("DELETE", "/futures/isolated/trade/stoploss") => _ = account.set_stop_loss(id(), None).await,
        ("POST", "/futures/cross/deposit") => _ = account.deposit_to_cross(sats(&json["amount"])).await,
        ("POST", "/futures/cross/withdraw") => _ = account.withdraw_from_cross(sats(&json["amount"])).await,
        ("PUT", "/futures/cross/leverage") => {
            _ = account.set_cross_leverage(u8::try_from(json["leverage"].as_u64().unwrap()).unwrap()).await;
        }
        ("POST", "/futures/cross/order") => _ = account.submit_cross_order(&cross_order(&json)).await,
        ("POST", "/futures/cross/order/cancel") => _ = account.cancel_cross_order(id().uuid()).await,
        ("POST", "/futures/cross/orders/cancel-all") => _ = account.cancel_all_cross_orders().await,
        ("POST", "/futures/cross/position/close") => _ = account.close_cross_position().await,
        ("POST", "/account/deposit/lightning") => _ = account.make_deposit_invoice(sats(&json["amount"])).await,
        ("POST", "/synthetic-usd/swap") => _ = account.swap_into_dollars(sats(&json["inAmount"])).await,
        other => panic!("there is no such call: {other:?}"),
    }
}

/// Whether it was one of the calls that need no key.
async fn read_public(client: &Client, recorded: &Recorded, path: &str) -> bool {
    let market = client.market();
    match path {
        "/ping" => drop(market.ping().await),
        "/futures/ticker" => drop(market.fetch_ticker().await),
        "/futures/candles" => {
            let arguments = recorded.arguments();
            let time = |name: &str| arguments.get(name).map(|time| iso8601::read(time).unwrap());
            let query = ListQuery { from: time("from"), to: time("to"), ..recorded.list() };
            drop(market.fetch_candle_page("1m", &query).await);
        }
        "/futures/funding-settlements" => drop(market.fetch_funding_settlements(&recorded.list()).await),
        "/futures/leaderboard" => drop(market.fetch_leaderboard().await),
        "/synthetic-usd/best-price" => drop(market.fetch_best_price().await),
        _ => return false,
    }
    true
}

/// The Python SDK's order of keys and its default mode of a stop mean the same.
fn meaning(body: Option<&str>) -> Value {
    let mut json = body.map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
    if json["mode"] == "fixed" {
        json.as_object_mut().unwrap().remove("mode");
    }
    json
}

fn sorted(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    format!("{path}?{}", pairs.join("&"))
}

fn compare(sent: &Sent, recorded: &Recorded) {
    assert_eq!(sent.method, recorded.method);
    assert_eq!(meaning(sent.body.as_deref()), meaning(recorded.body.as_deref()), "{recorded:?}");
    assert_eq!(sorted(&sent.url), sorted(&recorded.url));
    assert_eq!(sent.content_type.is_some(), recorded.body.is_some(), "{recorded:?}");
    assert_eq!(sent.is_signed(), recorded.signed.is_some(), "{recorded:?}");
    let signed = recorded.signed.as_deref().map(|text| text.trim_start_matches(|char: char| char.is_ascii_digit()));
    if recorded.client == "typescript" {
        assert_eq!((&sent.url, &sent.body), (&recorded.url, &recorded.body), "to the byte");
        assert!(signed.is_none_or(|signed| sent.signs(SECRET, signed)), "{recorded:?}");
    }
}

#[tokio::test]
async fn every_request_equals_what_the_official_sdks_send() {
    let (recorder, endpoint) = Recorder::open().await;
    let client = client(&endpoint);
    let account = client.account(key());
    // Enough of an answer for most reads, so that they are not repeated.
    recorder.answer(json!({
        "data": [], "balance": 1, "lastPrice": 1, "askPrice": 1, "bidPrice": 1, "quantity": 0, "leverage": 1, "margin": 0
    }));
    let mut count = 0;
    for line in RECORDED.lines() {
        let recorded: Recorded = serde_json::from_str(line).unwrap();
        count += 1;
        if recorded.path() == "/v3/time" {
            continue;
        }
        call(&client, &account, &recorded).await;
        // A read may have been repeated; all are the same.
        let sent = recorder.take();
        assert!(!sent.is_empty(), "{recorded:?}");
        sent.iter().for_each(|sent| compare(sent, &recorded));
        assert!(recorded.method == "GET" || sent.len() == 1, "sent once: {recorded:?}");
    }
    assert_eq!(count, CALLS);
}

#[tokio::test]
async fn an_order_of_the_port_is_sent_as_the_venue_spells_it() {
    let (recorder, endpoint) = Recorder::open().await;
    let account = client(&endpoint).account(key());
    let order = NewPosition {
        side: Side::Short,
        quantity: Quantity::new(7).unwrap(),
        leverage: Leverage::for_order(12_500_000).unwrap(),
        stop_loss: Price::from_ticks(200_001).ok(),
        take_profit: Price::from_ticks(120_000).ok(),
    };
    _ = account.open_position(order).await;
    let body = r#"{"leverage":12.5,"quantity":7,"side":"sell","stoploss":100000.5,"takeprofit":60000,"type":"market"}"#;
    assert_eq!(recorder.take()[0].body.as_deref(), Some(body));
    let trailing = IsolatedOrder {
        side: OrderSide::Buy,
        size: OrderSize::Margin(Sats::new(9)),
        leverage: Leverage::MIN,
        price: None,
        stop_loss: Some(StopLoss::Trailing(Bps::new(10))),
        take_profit: None,
        client_id: None,
    };
    _ = account.submit_isolated(&trailing).await;
    let body = r#"{"leverage":1,"margin":9,"side":"buy","stoploss":0.001,"stoplossMode":"trailing","type":"market"}"#;
    assert_eq!(recorder.take()[0].body.as_deref(), Some(body));
}

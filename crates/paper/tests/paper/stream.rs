//! Stream v1 over a WebSocket.

use crate::client::{Exchange, KEY, NOW, PASSPHRASE, SECRET, sign};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const MARKET: &str = "futures/inverse/btc_usd";

pub struct Stream {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    calls: u64,
}

impl Stream {
    pub async fn open(exchange: &Exchange) -> Stream {
        let (socket, _) = connect_async(format!("ws://{}/v1", exchange.address)).await.unwrap();
        Stream { socket, calls: 0 }
    }

    async fn signed_in(exchange: &Exchange) -> Stream {
        let mut stream = Stream::open(exchange).await;
        let answer = stream.call("authenticate", credentials(NOW, SECRET)).await;
        assert_eq!(answer["result"]["authenticated"], json!(true), "{answer}");
        stream
    }

    async fn send(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    async fn next(&mut self) -> Value {
        loop {
            match self.socket.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits for the end of the connection.
    pub async fn is_closed(&mut self) {
        while let Some(Ok(message)) = self.socket.next().await {
            assert!(!matches!(message, Message::Text(_)), "{message:?}");
        }
    }

    async fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let id = format!("{:x}", self.calls);
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()).await;
        let answer = self.next().await;
        assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(id)), "{answer}");
        answer
    }

    pub async fn subscribe(&mut self, topics: &[&str]) {
        let answer = self.call("subscribe", json!({ "topics": topics })).await;
        assert_eq!(answer["result"]["subscribed"], json!(topics));
    }

    /// The next push, which has to be on this topic.
    pub async fn data(&mut self, topic: &str) -> Value {
        let push = self.next().await;
        assert_eq!((&push["method"], &push["params"]["topic"]), (&json!("subscription"), &json!(topic)), "{push}");
        assert!(push.get("id").is_none());
        push["params"]["data"].clone()
    }
}

fn credentials(timestamp: i64, secret: &str) -> Value {
    let signature = sign(secret, &format!("{timestamp}abcd"));
    json!({ "key": KEY, "signature": signature, "timestamp": timestamp, "passphrase": PASSPHRASE, "nonce": "abcd" })
}

#[tokio::test]
async fn a_client_says_hello_and_is_told_the_time() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::open(&exchange).await;
    let hello = stream.call("hello", json!({ "clientName": "test", "clientVersion": "1" })).await;
    assert_eq!(hello["result"], json!({ "version": "1.0.0" }));
    assert_eq!(stream.call("ping", Value::Null).await["result"], json!("pong"));
    assert_eq!(stream.call("time", Value::Null).await["result"], json!({ "time": NOW }));
    let answer = stream.call("nonsense", Value::Null).await;
    assert_eq!(answer["error"]["code"], json!(-32_601));
    assert!(answer["usIn"].is_number() && answer["usDiff"].is_number());
    stream.send("{".to_owned()).await;
    assert_eq!(stream.next().await["error"]["code"], json!(-32_600));
}

#[tokio::test]
async fn the_published_signature_opens_the_stream_and_no_other_does() {
    assert_eq!(credentials(NOW, SECRET)["signature"], json!("df9wqmJSl9eTil7athz+sBRDtLJ/0DhJNgsTwiEoPvM="));
    let exchange = Exchange::open().await;
    let mut stream = Stream::open(&exchange).await;
    for wrong in [credentials(NOW, "guess"), credentials(NOW - 30_001, SECRET), json!({ "key": KEY }), Value::Null] {
        assert!(stream.call("authenticate", wrong).await.get("result").is_none());
    }
    assert_eq!(stream.call("whoami", Value::Null).await["error"]["message"], json!("Not authenticated"));
    let answer = stream.call("authenticate", credentials(NOW, SECRET)).await;
    assert_eq!(answer["result"]["authenticated"], json!(true));
    let who = stream.call("whoami", Value::Null).await;
    assert_eq!((&who["result"]["apiKey"], &who["result"]["userId"]), (&json!(KEY), &json!(exchange.owner)));
    let permissions: Vec<String> = serde_json::from_value(who["result"]["permissions"].clone()).unwrap();
    assert!(permissions.contains(&"futures:isolated:write".to_owned()));
    assert!(!permissions.contains(&"account:withdrawals:write".to_owned()));
}

#[tokio::test]
async fn market_topics_tell_what_is_known_and_then_every_change() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::open(&exchange).await;
    let topic = |name: &str| format!("{MARKET}/{name}");
    for (name, data) in [
        ("lastPrice", json!({ "time": 1_699_920_060_000_i64, "lastPrice": 100_000 })),
        ("index", json!({ "time": 1_699_920_060_000_i64, "index": 100_000 })),
        ("funding", json!({ "pair": "btc_usd", "current": { "rate": 0.000_1, "time": 1_699_948_800_000_i64 } })),
        (
            "ohlc/1m",
            json!({ "time": 1_699_920_060_000_i64, "open": 100_000, "high": 100_000, "low": 100_000, "close": 100_000,
                "volume": 0 }),
        ),
    ] {
        stream.subscribe(&[&topic(name)]).await;
        assert_eq!(stream.data(&topic(name)).await, data);
        let answer = stream.call("unsubscribe", json!({ "topics": [topic(name)] })).await;
        assert_eq!(answer["result"]["unsubscribed"], json!([topic(name)]));
    }
    exchange.set_clock(NOW + 5_000);
    stream.subscribe(&[&topic("ticker")]).await;
    stream.data(&topic("ticker")).await;
    exchange.price(5, 101_000);
    let ticker = stream.data(&topic("ticker")).await;
    assert_eq!((&ticker["lastPrice"], &ticker["index"]), (&json!(101_000), &json!(101_000)));
    assert_eq!(ticker["funding"]["rate"], json!(0.000_1));
    stream.subscribe(&[&topic("buckets")]).await;
    let buckets = stream.data(&topic("buckets")).await;
    assert_eq!((&buckets["buckets"][0]["minSize"], &buckets["buckets"][0]["bidPrice"]), (&json!(0), &json!(101_000)));
    let all = stream.call("unsubscribeAll", Value::Null).await;
    assert_eq!(all["result"]["unsubscribed"], json!([topic("ticker"), topic("buckets")]));
    exchange.price(6, 102_000);
    assert_eq!(stream.call("ping", Value::Null).await["result"], json!("pong"), "nothing was told in between");
}

#[tokio::test]
async fn a_topic_that_is_none_or_private_without_a_key_is_refused_whole() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::open(&exchange).await;
    let last = format!("{MARKET}/lastPrice");
    for topics in [json!([]), json!(["nonsense"]), json!([last, "nonsense"]), json!([last, "wallet/deposit"])] {
        assert!(stream.call("subscribe", json!({ "topics": topics })).await["error"].is_object());
    }
    exchange.price(1, 101_000);
    assert_eq!(stream.call("ping", Value::Null).await["result"], json!("pong"), "nothing was subscribed");
}

#[tokio::test]
async fn the_life_of_a_trade_is_told_event_by_event() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::signed_in(&exchange).await;
    let topic = format!("{MARKET}/isolated/trades");
    stream.subscribe(&[&topic]).await;
    let trade = "/v3/futures/isolated/trade";
    let limit = r#"{"side":"buy","type":"limit","price":95000,"leverage":10,"quantity":1000,"clientId":"c"}"#;
    let placed = exchange.post(trade, limit).await.ok();
    let open = stream.data(&topic).await;
    assert_eq!(
        (&open["event"], &open["trade"]["id"], &open["trade"]["type"]),
        (&json!("open"), &placed["id"], &json!("limit"))
    );
    assert_eq!((&open["pair"], &open["trade"]["clientId"]), (&json!("btc_usd"), &json!("c")));
    exchange.price(1, 95_000);
    let filled = stream.data(&topic).await;
    assert_eq!((&filled["event"], &filled["trade"]["openingFee"]), (&json!("filled"), &json!(1_052)));
    exchange.price(8 * 3_600, 95_000);
    let funding = stream.data(&topic).await;
    assert_eq!((&funding["event"], &funding["trade"]["fundingFee"]), (&json!("funding"), &json!(105)));
    assert!(funding["trade"]["liquidationPrice"].is_number() && funding["trade"]["margin"].is_number());
    exchange.price(8 * 3_600 + 1, 80_000);
    let gone = stream.data(&topic).await;
    assert_eq!((&gone["event"], gone["trade"].get("pl")), (&json!("liquidation"), None));
    let id = exchange.open_long().await;
    assert_eq!(stream.data(&topic).await["event"], json!("filled"));
    exchange.post(&format!("{trade}/close"), &format!(r#"{{"id":"{id}"}}"#)).await.ok();
    let closed = stream.data(&topic).await;
    assert_eq!((&closed["event"], closed["trade"]["pl"].is_number()), (&json!("closed"), true));
    let other = exchange.post(trade, &limit.replace("95000", "70000")).await.ok();
    stream.data(&topic).await;
    exchange.post(&format!("{trade}/cancel"), &format!(r#"{{"id":{}}}"#, other["id"])).await.ok();
    let canceled = stream.data(&topic).await;
    assert_eq!((&canceled["event"], canceled["trade"]["closedAt"].is_number()), (&json!("canceled"), true));
}

#[tokio::test]
async fn cross_and_wallet_are_told_on_their_own_topics() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::signed_in(&exchange).await;
    let (orders, position) = (format!("{MARKET}/cross/orders"), format!("{MARKET}/cross/position"));
    stream.subscribe(&[&orders, &position, "wallet/deposit"]).await;
    exchange.post("/v3/futures/cross/deposit", r#"{"amount":500000}"#).await.ok();
    let deposit = stream.data(&position).await;
    assert_eq!((&deposit["event"], &deposit["position"]["margin"]), (&json!("deposit"), &json!(500_000)));
    exchange.post("/v3/futures/cross/order", r#"{"type":"market","side":"sell","quantity":100}"#).await.ok();
    let order = stream.data(&orders).await;
    assert_eq!(
        (&order["event"], &order["order"]["type"], &order["order"]["tradingFee"]),
        (&json!("new"), &json!("market"), &json!(100))
    );
    assert!(order["order"]["filledAt"].is_number());
    let held = stream.data(&position).await;
    assert_eq!((&held["event"], &held["position"]["quantity"]), (&json!("new"), &json!(-100)));
    exchange.post("/v3/account/deposit/lightning", r#"{"amount":1000}"#).await.ok();
    exchange.price(20, 100_000);
    let arrived = stream.data("wallet/deposit").await;
    assert_eq!(
        (&arrived["amount"], &arrived["balance"], &arrived["network"]),
        (&json!(1_000), &json!(501_000), &json!("lightning"))
    );
}

#[tokio::test]
async fn a_revoked_key_hears_no_more() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::signed_in(&exchange).await;
    stream.subscribe(&[&format!("{MARKET}/isolated/trades")]).await;
    exchange.scopes.revoke(KEY);
    let limit = paper::NewTrade {
        limit: Some(crate::support::dollars(90_000)),
        ..crate::support::order(domain::Side::Long, 1_000, 10).into()
    };
    exchange.market.venue().lock().submit(exchange.owner, limit).unwrap();
    assert_eq!(stream.call("whoami", Value::Null).await["error"]["message"], json!("Api key does not exist"));
}

#[tokio::test]
async fn more_than_ten_messages_a_second_are_refused() {
    let exchange = Exchange::open().await;
    let mut stream = Stream::open(&exchange).await;
    for left in (0..10).rev() {
        let answer = stream.call("ping", Value::Null).await;
        assert_eq!(answer["rateLimit"], json!({ "remaining": left, "limit": 10 }));
    }
    assert_eq!(stream.call("ping", Value::Null).await["error"]["message"], json!("Too many requests"));
    exchange.set_clock(NOW + 1_000);
    assert_eq!(stream.call("ping", Value::Null).await["result"], json!("pong"));
}

//! A trader's program on the other end of a socket, and the paper exchange that it speaks to.

use crate::support::{MIDNIGHT, account, tick};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{AccountId, Sats, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use hyper_util::rt::TokioIo;
use paper::http::{ApiKey, Faults, KeyScopes, PaperHttp, RatePolicy};
use paper::{Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use serde_json::Value;
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub const KEY: &str = "test-key";
pub const SECRET: &str = "test-secret";
pub const PASSPHRASE: &str = "test-passphrase";
/// The time of the published signatures.
pub const NOW: i64 = 1_700_000_000_000;

/// A paper exchange over TCP at a standing price of 100,000 dollars, with one account of a million sats.
pub struct Exchange {
    pub address: SocketAddr,
    pub market: PaperMarket,
    pub owner: AccountId,
    pub faults: Faults,
    pub scopes: KeyScopes,
    now: Arc<AtomicI64>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Exchange {
    pub async fn open() -> Exchange {
        Exchange::limited(None).await
    }

    pub async fn limited(rate: Option<RatePolicy>) -> Exchange {
        let owner = account(1);
        let mut venue = Venue::new(VenueRules::default(), Chance::seeded(1));
        venue.open_account(owner, Sats::new(1_000_000), 0).unwrap();
        let now = Arc::new(AtomicI64::new(NOW));
        let wall = Arc::clone(&now);
        let clock: paper::Clock = Arc::new(move || Timestamp::from_unix_ms(wall.load(Ordering::SeqCst)));
        let market = PaperMarket::still(SharedVenue::new(venue), tick(0, 100_000), Arc::clone(&clock));
        let key = ApiKey { key: KEY.into(), secret: SECRET.into(), passphrase: PASSPHRASE.into(), account: owner };
        let (faults, scopes) = (Faults::default(), KeyScopes::default());
        let http = PaperHttp { market: market.clone(), keys: vec![key], clock, faults: faults.clone(), rate };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = paper::http::router_with(http, scopes.clone());
        let serving = tokio::spawn(paper::http::serve(listener, router));
        Exchange { address, market, owner, faults, scopes, now, serving }
    }

    pub fn set_clock(&self, unix_ms: i64) {
        self.now.store(unix_ms, Ordering::SeqCst);
    }

    pub fn balance(&self) -> i64 {
        self.market.venue().lock().wallet(self.owner).unwrap().balance.get()
    }

    /// How many calls changed something.
    pub fn accepted(&self) -> usize {
        self.market.venue().lock().audit().len()
    }

    pub fn check_books(&self) {
        self.market.venue().lock().check_conservation().unwrap();
    }

    /// A request as the official clients sign it.
    pub fn signed(&self, method: &str, target: &str, body: &str) -> Call {
        let time = self.now.load(Ordering::SeqCst).to_string();
        let call = Call::to(method, target, body);
        let (path, query) = target.split_once('?').map_or((target, ""), |(path, query)| (path, query));
        let data = match body {
            "" if query.is_empty() => String::new(),
            "" => format!("?{query}"),
            body => body.to_owned(),
        };
        let text = format!("{time}{}{path}{data}", method.to_lowercase());
        call.headers(&time, &sign(SECRET, &text))
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.call(&self.signed("GET", target, "")).await
    }

    pub async fn post(&self, target: &str, body: &str) -> Answer {
        self.call(&self.signed("POST", target, body)).await
    }

    pub async fn put(&self, target: &str, body: &str) -> Answer {
        self.call(&self.signed("PUT", target, body)).await
    }

    pub async fn delete(&self, target: &str) -> Answer {
        self.call(&self.signed("DELETE", target, "")).await
    }

    pub async fn unsigned(&self, target: &str) -> Answer {
        self.call(&Call::to("GET", target, "")).await
    }

    pub async fn call(&self, call: &Call) -> Answer {
        self.try_call(call).await.unwrap()
    }

    /// The answer, or how the connection failed.
    pub async fn try_call(&self, call: &Call) -> hyper::Result<Answer> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let driving = tokio::spawn(connection);
        let response = sender.send_request(call.request()).await?;
        let (parts, incoming) = response.into_parts();
        let body = to_bytes(Body::new(incoming), usize::MAX).await.unwrap();
        driving.abort();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// Opens a long of 1,000 dollars at 10x and answers its id.
    pub async fn open_long(&self) -> String {
        let body = r#"{"side":"buy","type":"market","leverage":10,"quantity":1000}"#;
        let opened = self.post("/v3/futures/isolated/trade", body).await.ok();
        opened["id"].as_str().unwrap().to_owned()
    }

    /// Moves the market, in seconds after the first price.
    pub fn price(&self, seconds: i64, dollars: i64) {
        assert!(MIDNIGHT < tick(seconds, dollars).at);
        self.market.push(tick(seconds, dollars));
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// One request, as bytes will carry it.
#[derive(Clone, Debug)]
pub struct Call {
    method: String,
    target: String,
    body: String,
    headers: Vec<(String, String)>,
}

impl Call {
    pub fn to(method: &str, target: &str, body: &str) -> Call {
        Call { method: method.to_owned(), target: target.to_owned(), body: body.to_owned(), headers: Vec::new() }
    }

    /// Signs with a signature made elsewhere.
    pub fn headers(self, time: &str, signature: &str) -> Call {
        let all = [("key", KEY), ("passphrase", PASSPHRASE), ("timestamp", time), ("signature", signature)];
        all.into_iter().fold(self, |call, (name, value)| call.with(name, value))
    }

    /// Sets one of the four headers of a signature.
    pub fn with(mut self, name: &str, value: &str) -> Call {
        let name = format!("lnm-access-{name}");
        self.headers.retain(|(given, _)| *given != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Call {
        self.headers.retain(|(given, _)| *given != format!("lnm-access-{name}"));
        self
    }

    fn request(&self) -> Request<Body> {
        let start = Request::builder().method(self.method.as_str()).uri(&self.target).header("host", "paper");
        let start = if self.body.is_empty() { start } else { start.header("content-type", "application/json") };
        let start = self.headers.iter().fold(start, |request, (name, value)| request.header(name, value));
        start.body(Body::from(self.body.clone())).unwrap()
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The JSON of an answer that was no refusal.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// The message of a refusal, whose body has a code and a message and whose status is the given one.
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        let json = self.json();
        assert!(!json["code"].as_str().unwrap().is_empty());
        json["message"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub fn sign(secret: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

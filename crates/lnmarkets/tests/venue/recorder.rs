//! A server that writes down what it is sent, and answers what it was told to.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: String,
    /// Path and query.
    pub url: String,
    pub body: Option<String>,
    pub content_type: Option<String>,
    timestamp: Option<String>,
    signature: Option<String>,
}

impl Sent {
    /// What was signed, where the signature is that of `data` after time, method and path; the time is left out.
    pub fn signs(&self, secret: &str, rest: &str) -> bool {
        let (Some(timestamp), Some(signature)) = (&self.timestamp, &self.signature) else { return false };
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let expected = mac.chain_update(format!("{timestamp}{rest}").as_bytes()).finalize().into_bytes();
        STANDARD.encode(expected) == *signature
    }

    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }
}

#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    sent: Vec<Sent>,
    answer: Value,
}

impl Recorder {
    pub async fn open() -> (Recorder, String) {
        let recorder = Recorder::default();
        let router = Router::new().fallback(record).with_state(recorder.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (recorder, endpoint)
    }

    pub fn answer(&self, answer: Value) {
        self.0.lock().unwrap().answer = answer;
    }

    /// What was sent since it was last asked.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.0.lock().unwrap().sent)
    }
}

async fn record(
    State(recorder): State<Recorder>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut book = recorder.0.lock().unwrap();
    if uri.path() == "/v3/time" {
        return ([(CONTENT_TYPE, "application/json")], r#"{"time":"2027-01-15T08:00:00.000Z"}"#).into_response();
    }
    book.sent.push(Sent {
        method: method.to_string(),
        url: uri.to_string(),
        body: (!body.is_empty()).then(|| String::from_utf8(body.to_vec()).unwrap()),
        content_type: header("content-type"),
        timestamp: header("lnm-access-timestamp"),
        signature: header("lnm-access-signature"),
    });
    ([(CONTENT_TYPE, "application/json")], book.answer.to_string()).into_response()
}

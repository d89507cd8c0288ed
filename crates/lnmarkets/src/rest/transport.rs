//! One HTTP exchange, with a deadline for each of its phases.

use super::reply::Reply;
use super::request::{Method, Request};
use crate::endpoint::Endpoint;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response};
use std::fmt;
use std::time::Duration;
use tokio::time::timeout;

/// No answer of the venue is longer.
const MOST_BODY_BYTES: usize = 1024 * 1024;
/// Shorter than servers keep an idle connection, so that none is closed in the moment in which a call is written to it.
const IDLE: Duration = Duration::from_secs(4);

/// How long each phase of a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a call that changes something: from being asked for until it is signed.
    pub turn: Duration,
    /// Name look-up, TCP and TLS.
    pub connect: Duration,
    /// Until the answer begins.
    pub answer: Duration,
    /// The same for a read, which is asked for again.
    pub reading: Duration,
    /// From there until it ends.
    pub body: Duration,
    /// A read with all its repetitions.
    pub read: Duration,
}

impl Default for Patience {
    /// A call that changes something is signed within 3 s, which the guard's fence around unknown outcomes counts on. A
    /// read is given up early enough for a person to be told within 10 s.
    fn default() -> Patience {
        let seconds = Duration::from_secs;
        Patience {
            turn: seconds(3),
            connect: seconds(3),
            answer: seconds(8),
            reading: seconds(3),
            body: seconds(4),
            read: seconds(9),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the HTTP client can't be made")]
pub(crate) struct TransportError(#[source] reqwest::Error);

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Not a byte of it left.
    NotSent(&'static str),
    TimedOut,
    ConnectionLost,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Failure::NotSent(why) => why,
            Failure::TimedOut => "no answer in time",
            Failure::ConnectionLost => "the connection broke",
        })
    }
}

pub(crate) struct Transport {
    http: Client,
    endpoint: Endpoint,
    patience: Patience,
}

impl Transport {
    /// Redirects are not followed and nothing is sent twice. HTTP/1.1, so that a broken connection takes one call with
    /// it and not all of them.
    pub fn new(endpoint: Endpoint, patience: Patience) -> Result<Transport, TransportError> {
        let builder = Client::builder()
            .user_agent(concat!("axisor/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .connect_timeout(patience.connect)
            .pool_idle_timeout(IDLE)
            .https_only(!endpoint.is_this_machine());
        let builder = if endpoint.is_this_machine() { builder.no_proxy() } else { builder };
        Ok(Transport { http: builder.build().map_err(TransportError)?, endpoint, patience })
    }

    pub async fn send(&self, request: &Request, headers: HeaderMap) -> Result<Reply, Failure> {
        self.send_within(None, request, headers).await
    }

    /// The same for a caller who waits no longer than this for an answer to begin.
    pub async fn send_within(
        &self,
        patience: Option<Duration>,
        request: &Request,
        headers: HeaderMap,
    ) -> Result<Reply, Failure> {
        let target = request.target();
        let url = self.endpoint.url(&target).ok_or(Failure::NotSent("the address is not valid"))?;
        let method = match request.method() {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut outgoing = self.http.request(method, url).headers(headers);
        outgoing = outgoing.header(reqwest::header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = request.body() {
            let json = HeaderValue::from_static("application/json");
            outgoing = outgoing.header(reqwest::header::CONTENT_TYPE, json).body(body.to_owned());
        }
        let own = if request.method() == Method::Get { self.patience.reading } else { self.patience.answer };
        match timeout(patience.map_or(own, |patience| patience.min(own)), outgoing.send()).await {
            Ok(Ok(response)) => Ok(self.receive(response).await),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::TimedOut),
        }
    }

    async fn receive(&self, response: Response) -> Reply {
        let header = |name: &str| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let status = response.status().as_u16();
        let retry_after = header(RETRY_AFTER.as_str()).map(str::to_owned);
        let limits = ["ratelimit-policy", "ratelimit"].map(|name| header(name).map(str::to_owned));
        let is_json = header(reqwest::header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.contains("json"));
        let body = timeout(self.patience.body, whole_body(response)).await.ok().flatten();
        Reply { status, is_json, retry_after, limits, wait: None, body }
    }
}

/// Counts what comes out of the decompression, not what goes in.
async fn whole_body(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if MOST_BODY_BYTES < body.len().saturating_add(chunk.len()) {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

/// A connection that was never made carried nothing; of any other failure nobody knows.
fn failure(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        Failure::NotSent("the request can't be written")
    } else if error.is_connect() {
        Failure::NotSent("no connection could be made")
    } else if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::ConnectionLost
    }
}

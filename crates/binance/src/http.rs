//! One public request to Binance.

use domain::Millis;
use exchange::ReadError;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, Url};
use serde::de::DeserializeOwned;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;

const MOST_BODY_BYTES: usize = 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(3);
const DEADLINE: Duration = Duration::from_secs(8);
/// Bans last from two minutes to three days; nobody waits longer than this without looking again.
const LONGEST_WAIT: i64 = 3_600;

/// Where the market is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinanceEndpoint(Url);

#[derive(Debug, thiserror::Error)]
pub enum BinanceError {
    #[error("a Binance endpoint is https://HOST; http:// is for this machine only")]
    Endpoint,
    #[error("the HTTP client can't be made")]
    Client(#[source] reqwest::Error),
}

impl BinanceEndpoint {
    /// Market data only, and served in more countries than the rest.
    pub const VISION: &str = "https://data-api.binance.vision";

    pub fn new(url: &str) -> Result<BinanceEndpoint, BinanceError> {
        let url: Url = url.parse().map_err(|_| BinanceError::Endpoint)?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_origin = url.path() == "/" && url.username().is_empty() && url.query().is_none();
        (is_safe && is_origin).then_some(BinanceEndpoint(url)).ok_or(BinanceError::Endpoint)
    }
}

pub(crate) struct Http {
    client: Client,
    endpoint: BinanceEndpoint,
}

impl Http {
    pub fn new(endpoint: BinanceEndpoint) -> Result<Http, BinanceError> {
        let builder = Client::builder()
            .user_agent(concat!("axisor/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .https_only(endpoint.0.scheme() == "https");
        let builder = if endpoint.0.scheme() == "http" { builder.no_proxy() } else { builder };
        Ok(Http { client: builder.build().map_err(BinanceError::Client)?, endpoint })
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T, ReadError> {
        let url =
            self.endpoint.0.join(path).map_err(|_| ReadError::Malformed("the address is not valid".to_owned()))?;
        let asked = async {
            let response = self.client.get(url).query(query).send().await;
            read(response.map_err(|_| unavailable("no answer"))?).await
        };
        timeout(DEADLINE, asked).await.unwrap_or_else(|_| Err(unavailable("no answer in time")))
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ReadError> {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    match status {
        200 => {}
        418 | 429 => {
            let wait = retry_after.unwrap_or(1).clamp(1, LONGEST_WAIT);
            return Err(ReadError::RateLimited { retry_after: Some(Millis::from_secs(wait)) });
        }
        451 => return Err(unavailable("Binance does not serve this place")),
        status => return Err(unavailable(&format!("Binance answered {status}"))),
    }
    let body = whole(response).await.ok_or_else(|| unavailable("the answer did not arrive whole, or is too long"))?;
    serde_json::from_slice(&body).map_err(|error| {
        ReadError::Malformed(format!("line {} column {} is not as expected", error.line(), error.column()))
    })
}

async fn whole(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if MOST_BODY_BYTES < body.len().saturating_add(chunk.len()) {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

fn unavailable(why: &str) -> ReadError {
    ReadError::Unavailable(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_market_is_reached_over_tls() {
        for accepted in [BinanceEndpoint::VISION, "https://api.binance.com", "http://127.0.0.1:9"] {
            assert!(BinanceEndpoint::new(accepted).is_ok(), "{accepted}");
        }
        for refused in ["http://api.binance.com", "https://a.org/api", "https://user@a.org", "binance"] {
            assert!(BinanceEndpoint::new(refused).is_err(), "{refused}");
        }
    }
}

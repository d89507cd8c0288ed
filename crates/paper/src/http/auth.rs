//! Who signed a request: the venue's HMAC over time, method, path and data.

use super::Paper;
use super::answer::ApiError;
use super::rate_limit::Told;
use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Request};
use axum::http::{HeaderMap, Method, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::AccountId;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// How far a request's time may lie from the venue's, in milliseconds.
const WINDOW_MS: u64 = 30_000;

/// A key to one account of the paper venue.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub key: String,
    pub secret: SecretString,
    pub passphrase: SecretString,
    pub account: AccountId,
}

/// A request whose signature was checked.
pub(super) struct Signed {
    pub account: AccountId,
    pub uri: Uri,
    pub body: Bytes,
}

impl FromRequest<Arc<Paper>> for Signed {
    type Rejection = ApiError;

    async fn from_request(request: Request, paper: &Arc<Paper>) -> Result<Signed, ApiError> {
        let (method, headers) = (request.method().clone(), request.headers().clone());
        // A nested route sees its path without what was signed before it.
        let whole = request.extensions().get::<OriginalUri>().map(|original| original.0.clone());
        let uri = whole.unwrap_or_else(|| request.uri().clone());
        let told = Told::of(request.extensions());
        let body = Bytes::from_request(request, paper).await;
        let body = body.map_err(|_| ApiError::bad_request("The body can't be read or is too large"))?;
        let key = check(paper, &method, &uri, &headers, &body)?;
        if paper.faults.revokes(method.as_str(), uri.path(), (paper.clock)()) {
            return Err(ApiError::unauthorized("Api key does not exist"));
        }
        paper.scopes.check(&key.key, &method, uri.path())?;
        if let Some(limiter) = &paper.limiter {
            limiter.take_private(&key.key, (paper.clock)(), &told)?;
        }
        Ok(Signed { account: key.account, uri, body })
    }
}

fn check<'a>(
    paper: &'a Paper,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<&'a ApiKey, ApiError> {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.ok_or_else(|| ApiError::unauthorized(&format!("Header {name} is missing")))
    };
    let (name, passphrase) = (header("lnm-access-key")?, header("lnm-access-passphrase")?);
    let (timestamp, signature) = (header("lnm-access-timestamp")?, header("lnm-access-signature")?);
    let key = paper.keys.iter().find(|key| key.key == name);
    let key = key.ok_or_else(|| ApiError::unauthorized("Api key does not exist"))?;
    check_time(timestamp, (paper.clock)().unix_ms())?;
    let expected = sign(&key.secret, &prehash(timestamp, method, uri, body))?;
    let is_signed = expected.as_bytes().ct_eq(signature.as_bytes());
    let knows_passphrase = key.passphrase.expose_secret().as_bytes().ct_eq(passphrase.as_bytes());
    match bool::from(is_signed & knows_passphrase) {
        true => Ok(key),
        false => Err(ApiError::unauthorized("Signature is not valid")),
    }
}

pub(super) fn check_time(timestamp: &str, now: i64) -> Result<(), ApiError> {
    let is_number = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let sent = timestamp.parse::<i64>().ok().filter(|_| is_number);
    let sent = sent.ok_or_else(|| ApiError::unauthorized("Timestamp is not valid"))?;
    match now.abs_diff(sent) <= WINDOW_MS {
        true => Ok(()),
        false => Err(ApiError::unauthorized("Timestamp is too far from the server's time")),
    }
}

/// `time method path data`: the data is the body where there is one, else the query with its question mark. A bare
/// question mark counts as no query, since one of the official clients sends it unsigned.
fn prehash(timestamp: &str, method: &Method, uri: &Uri, body: &Bytes) -> Vec<u8> {
    let mut text = format!("{timestamp}{}{}", method.as_str().to_lowercase(), uri.path()).into_bytes();
    let carries_body = matches!(*method, Method::POST | Method::PUT) && !body.is_empty();
    match uri.query().filter(|query| !query.is_empty()) {
        _ if carries_body => text.extend_from_slice(body),
        Some(query) => text.extend_from_slice(format!("?{query}").as_bytes()),
        None => {}
    }
    text
}

pub(super) fn sign(secret: &SecretString, text: &[u8]) -> Result<String, ApiError> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
    let mac = mac.map_err(|_| ApiError::unauthorized("Signature is not valid"))?;
    Ok(STANDARD.encode(mac.chain_update(text).finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_agree_with_the_published_ones() {
        let sign = |text: &str| sign(&SecretString::from("test-secret"), text.as_bytes()).unwrap();
        assert_eq!(sign("payload-1"), "JJ8q7bXc7Kkj7cjj1EgBqA9pn70I9b2B8iLeDwDtQ2Y=");
        assert_eq!(sign("1get/v3/account?limit=10"), "EIB7l7jfOTAbS9R5zuJrFUt6WPSwkau1MREcowDugPA=");
    }

    #[test]
    fn what_is_signed_is_what_was_sent() {
        let text = |time: &str, method: Method, uri: &'static str, body: &'static str| {
            let bytes = prehash(time, &method, &Uri::from_static(uri), &Bytes::from_static(body.as_bytes()));
            String::from_utf8(bytes).unwrap()
        };
        let trade = "/v3/futures/isolated/trade";
        let post = text("1700000000000", Method::POST, trade, r#"{"side":"buy"}"#);
        assert_eq!(post, r#"1700000000000post/v3/futures/isolated/trade{"side":"buy"}"#);
        assert_eq!(text("1", Method::GET, "/v3/account?limit=10", ""), "1get/v3/account?limit=10");
        assert_eq!(text("42", Method::GET, "/v3/ping?", ""), "42get/v3/ping");
        assert_eq!(text("42", Method::DELETE, "/v3/x?id=1", "ignored"), "42delete/v3/x?id=1");
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = SecretString::from("hush-hush");
        let account = AccountId::from_uuid(uuid::Uuid::nil());
        let key = ApiKey { key: "k".to_owned(), passphrase: secret.clone(), secret, account };
        assert!(!format!("{key:?}").contains("hush"));
    }
}

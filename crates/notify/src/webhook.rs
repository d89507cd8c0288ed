//! The way over the network: a plain POST to one address that the operator has named (ntfy and its like).

use crate::{Channel, DeliveryError, Message};
use async_trait::async_trait;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// A receiver who takes longer is tried again later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts each alarm as plain text. It goes to the named host and nowhere else: no redirect is followed, and no proxy of
/// the environment is used.
#[derive(Clone, Debug)]
pub struct Webhook {
    client: Client,
    address: Url,
    token: Option<SecretString>,
}

#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("the address must be https://…; http:// is for this machine only, and no password may be in it")]
    Address,
    #[error("the client cannot be made")]
    Client(#[from] reqwest::Error),
}

impl Webhook {
    /// `token` goes out as a bearer token.
    pub fn to(address: &str, token: Option<SecretString>) -> Result<Webhook, AddressError> {
        Ok(Webhook { client: client()?, address: check(address)?, token })
    }
}

#[async_trait]
impl Channel for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let mut request = self.client.post(self.address.clone());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let request = request
            .header("content-type", "text/plain; charset=utf-8")
            .header("title", "Axisor: alarm")
            .header("priority", "urgent")
            .header("tags", "rotating_light");
        let body = format!("{}\n{} \u{b7} {}", message.text, message.kind, message.subject);
        // An error's own text would name the address, which may hold a secret.
        let answer = request.body(body).send().await.map_err(|error| DeliveryError::Send(cause(&error).to_owned()))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(DeliveryError::Status(status.as_u16())) }
    }
}

fn cause(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    }
}

pub(crate) fn client() -> Result<Client, AddressError> {
    let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).connect_timeout(PATIENCE);
    Ok(client.build()?)
}

/// Whether an address may be used at all.
pub fn is_safe_address(address: &str) -> bool {
    check(address).is_ok()
}

/// Plain HTTP stays on this machine.
pub(crate) fn check(address: &str) -> Result<Url, AddressError> {
    let url = Url::parse(address).map_err(|_| AddressError::Address)?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_local);
    let is_bare = url.username().is_empty() && url.password().is_none() && !host.is_empty();
    if is_safe && is_bare { Ok(url) } else { Err(AddressError::Address) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f78_only_safe_addresses_are_taken() {
        for good in ["https://ntfy.sh/mine", "http://127.0.0.1:8080/x", "http://[::1]/", "http://localhost/"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "http://ntfy.sh/mine",
            "http://127.0.0.1.evil.org/",
            "https://ana:hunter2@ntfy.sh/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "nonsense",
            "",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}

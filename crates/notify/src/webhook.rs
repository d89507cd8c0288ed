//! The way over the network: a plain POST to one address that the operator has named (ntfy and its like).

use crate::egress::{AddressError, Egress};
use crate::{Channel, DeliveryError, Message};
use async_trait::async_trait;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};

/// Posts each alarm as plain text. It goes to the named host and nowhere else: no redirect is followed, and no proxy of
/// the environment is used.
#[derive(Clone, Debug)]
pub struct Webhook {
    client: Client,
    address: Url,
    token: Option<SecretString>,
}

impl Webhook {
    /// `token` goes out as a bearer token.
    pub fn to(address: &str, token: Option<SecretString>, egress: &Egress) -> Result<Webhook, AddressError> {
        Ok(Webhook { client: egress.client()?, address: egress.check(address)?, token })
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

/// What went wrong, without the address.
pub(crate) fn cause(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    }
}

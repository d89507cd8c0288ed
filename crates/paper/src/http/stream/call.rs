//! The methods of the stream.

use super::rpc::{Request, RpcError};
use super::session::Session;
use super::topic::Topic;
use crate::http::auth::{check_time, sign};
use crate::http::scope::Permission;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

#[derive(Deserialize)]
struct Credentials {
    key: String,
    signature: String,
    timestamp: i64,
    passphrase: String,
    nonce: String,
}

#[derive(Deserialize)]
struct Topics {
    topics: Vec<String>,
}

impl Session {
    pub(super) fn call(&mut self, request: Request) -> Result<Value, RpcError> {
        match request.method.as_str() {
            "hello" => Ok(json!({ "version": "1.0.0" })),
            "ping" => Ok(json!("pong")),
            "time" => Ok(json!({ "time": (self.paper.clock)().unix_ms() })),
            "authenticate" => self.authenticate(params(request.params)?),
            "whoami" => self.whoami(),
            "subscribe" => self.subscribe(params(request.params)?),
            "unsubscribe" => self.unsubscribe(params(request.params)?),
            "unsubscribeAll" => Ok(self.unsubscribe_all()),
            _ => Err(RpcError::unknown_method()),
        }
    }

    fn authenticate(&mut self, given: Credentials) -> Result<Value, RpcError> {
        let refused = || RpcError::unauthorized("Signature is not valid");
        let key = self.paper.keys.iter().find(|key| key.key == given.key);
        let key = key.ok_or_else(|| RpcError::unauthorized("Api key does not exist"))?;
        let now = (self.paper.clock)().unix_ms();
        check_time(&given.timestamp.to_string(), now)
            .map_err(|_| RpcError::unauthorized("Timestamp is too far from the server's time"))?;
        let text = format!("{}{}", given.timestamp, given.nonce);
        let expected = sign(&key.secret, text.as_bytes()).map_err(|_| refused())?;
        let is_signed = expected.as_bytes().ct_eq(given.signature.as_bytes());
        let knows = key.passphrase.expose_secret().as_bytes().ct_eq(given.passphrase.as_bytes());
        if !bool::from(is_signed & knows) {
            return Err(refused());
        }
        self.key = Some((key.key.clone(), key.account));
        Ok(json!({ "authenticated": true, "permissions": self.permissions()? }))
    }

    fn whoami(&self) -> Result<Value, RpcError> {
        let (key, account) = self.key.as_ref().ok_or_else(|| RpcError::unauthorized("Not authenticated"))?;
        Ok(json!({ "apiKey": key, "userId": account, "permissions": self.permissions()? }))
    }

    fn permissions(&self) -> Result<Vec<&'static str>, RpcError> {
        let granted = self.key.as_ref().filter(|_| !self.is_revoked());
        let granted = granted.and_then(|(key, _)| self.paper.scopes.of(key));
        let granted = granted.ok_or_else(|| RpcError::unauthorized("Api key does not exist"))?;
        Ok(granted.into_iter().map(Permission::as_str).collect())
    }

    fn subscribe(&mut self, wanted: Topics) -> Result<Value, RpcError> {
        let topics = self.read(&wanted)?;
        if self.key.is_none() && topics.iter().any(Topic::is_private) {
            return Err(RpcError::unauthorized("Not authenticated"));
        }
        let names: Vec<String> = topics.iter().map(Topic::to_string).collect();
        self.fresh.extend(topics.iter().cloned());
        self.topics.extend(topics);
        Ok(json!({ "subscribed": names }))
    }

    fn unsubscribe(&mut self, wanted: Topics) -> Result<Value, RpcError> {
        let topics = self.read(&wanted)?;
        topics.iter().for_each(|topic| {
            self.topics.remove(topic);
        });
        Ok(json!({ "unsubscribed": topics.iter().map(Topic::to_string).collect::<Vec<_>>() }))
    }

    fn unsubscribe_all(&mut self) -> Value {
        let topics = std::mem::take(&mut self.topics);
        json!({ "unsubscribed": topics.iter().map(Topic::to_string).collect::<Vec<_>>() })
    }

    fn read(&self, wanted: &Topics) -> Result<Vec<Topic>, RpcError> {
        if wanted.topics.is_empty() {
            return Err(RpcError::invalid_params("At least one topic is needed"));
        }
        let read = |text: &String| {
            Topic::read(text).ok_or_else(|| RpcError::invalid_params(format!("There is no topic {text:.80}")))
        };
        wanted.topics.iter().map(read).collect()
    }
}

fn params<T: DeserializeOwned>(params: Value) -> Result<T, RpcError> {
    serde_json::from_value(params).map_err(|error| RpcError::invalid_params(format!("Params are not valid: {error}")))
}

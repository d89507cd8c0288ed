//! A request as it is signed and sent: the same bytes.

use serde_json::{Number, Value};
use std::collections::BTreeMap;
use std::fmt::{Display, Write};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    method: Method,
    path: String,
    arguments: BTreeMap<String, String>,
    /// The arguments as they are sent, with the question mark; empty where there is none.
    query: String,
    body: Option<String>,
}

impl Request {
    /// Paths are relative to `/v3`.
    fn new(method: Method, path: &str, body: Option<Body>) -> Request {
        let (arguments, query) = (BTreeMap::new(), String::new());
        Request { method, path: format!("/v3{path}"), arguments, query, body: body.map(Body::finish) }
    }

    pub fn get(path: &str) -> Request {
        Request::new(Method::Get, path, None)
    }

    pub fn delete(path: &str) -> Request {
        Request::new(Method::Delete, path, None)
    }

    pub fn post(path: &str, body: Body) -> Request {
        Request::new(Method::Post, path, Some(body))
    }

    pub fn put(path: &str, body: Body) -> Request {
        Request::new(Method::Put, path, Some(body))
    }

    /// Without a body, as the venue wants it where there is nothing to say.
    pub fn post_bare(path: &str) -> Request {
        Request::new(Method::Post, path, None)
    }

    pub fn put_bare(path: &str) -> Request {
        Request::new(Method::Put, path, None)
    }

    /// Adds to the query, which goes out in the order of names.
    pub fn query(mut self, name: &str, value: impl Display) -> Request {
        self.arguments.insert(name.to_owned(), value.to_string());
        self.query.clear();
        for (name, value) in &self.arguments {
            self.query.push(if self.query.is_empty() { '?' } else { '&' });
            encode(&mut self.query, name);
            self.query.push('=');
            encode(&mut self.query, value);
        }
        self
    }

    pub fn query_if(self, name: &str, value: Option<impl Display>) -> Request {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    pub const fn method(&self) -> Method {
        self.method
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Path and query.
    pub fn target(&self) -> String {
        format!("{}{}", self.path, self.query)
    }

    /// What the signature covers beside time, method and path.
    pub fn signed_data(&self) -> &str {
        self.body().unwrap_or(&self.query)
    }
}

/// As `URLSearchParams` writes it.
fn encode(into: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => into.push(char::from(byte)),
            b' ' => into.push('+'),
            // Writing to a string can't fail.
            _ => _ = write!(into, "%{byte:02X}"),
        }
    }
}

/// A JSON object in the order in which it was filled, without spaces, its numbers as JavaScript writes them: the
/// venue checks the signature against what it reads and writes again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Body(String);

impl Body {
    pub fn new() -> Body {
        Body::default()
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Body {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        let (name, value) = (Value::from(name), value.into());
        // Writing to a string can't fail.
        _ = write!(self.0, "{name}:{value}");
        self
    }

    pub fn with_if(self, name: &str, value: Option<impl Into<Value>>) -> Body {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn finish(self) -> String {
        if self.0.is_empty() { "{}".to_owned() } else { self.0 + "}" }
    }
}

/// A number of `parts`, of which `whole` make one: 3 halves are `1.5`, and 4 are `2`, never `2.0`.
pub(crate) fn number(value: f64, parts: i64, whole: i64) -> Value {
    match (parts.checked_rem(whole), parts.checked_div(whole)) {
        (Some(0), Some(times)) => Value::from(times),
        _ => Number::from_f64(value).map_or(Value::Null, Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Leverage, Price};

    #[test]
    fn what_is_sent_is_canonical() {
        let price = |ticks| Price::from_ticks(ticks).unwrap();
        let body = Body::new()
            .with("leverage", number(Leverage::measured(6_666_667).times(), 6_666_667, Leverage::ONE_X))
            .with("price", number(price(120_000).dollars(), 120_000, 2))
            .with("stoploss", number(price(120_001).dollars(), 120_001, 2))
            .with("clientId", "a\"b\u{1}");
        let text = r#"{"leverage":6.666667,"price":60000,"stoploss":60000.5,"clientId":"a\"b\u0001"}"#;
        assert_eq!(Request::post("/x", body).body(), Some(text));
        assert_eq!(Request::post("/x", Body::new()).signed_data(), "{}");
    }

    #[test]
    fn a_query_is_signed_as_it_is_sent() {
        let request = Request::get("/futures/candles").query("limit", 10).query("from", "2026-11-23T23:37:56.105Z");
        let query = "?from=2026-11-23T23%3A37%3A56.105Z&limit=10";
        assert_eq!(request.signed_data(), query);
        assert_eq!(request.target(), format!("/v3/futures/candles{query}"));
        assert_eq!(Request::get("/x").query("a", "ä ~/").signed_data(), "?a=%C3%A4+%7E%2F");
    }
}

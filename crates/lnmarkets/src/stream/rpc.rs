//! JSON-RPC 2.0, as the stream speaks it.

use crate::rest::shortened;
use serde::Deserialize;
use serde_json::{Value, json};

/// A frame of the venue.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    /// Something that was subscribed to.
    Push { topic: String, data: Value },
    /// The answer to one of our requests: its result, or why not.
    Answer { id: String, result: Result<Value, String> },
}

#[derive(Deserialize)]
struct Frame {
    id: Option<Value>,
    method: Option<String>,
    params: Option<Push>,
    result: Option<Value>,
    error: Option<RpcError>,
}

#[derive(Deserialize)]
struct Push {
    topic: String,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
struct RpcError {
    #[serde(default)]
    message: String,
}

impl Incoming {
    /// `None` for frames that are neither.
    pub fn read(text: &str) -> Option<Incoming> {
        let frame: Frame = serde_json::from_str(text).ok()?;
        if frame.method.as_deref() == Some("subscription") {
            return frame.params.map(|push| Incoming::Push { topic: push.topic, data: push.data });
        }
        let id = match frame.id? {
            Value::String(id) => id,
            Value::Number(id) => id.to_string(),
            _ => return None,
        };
        let result = match frame.error {
            Some(error) => Err(shortened(&error.message)),
            None => Ok(frame.result.unwrap_or_default()),
        };
        Some(Incoming::Answer { id, result })
    }
}

/// The text of a request.
pub(crate) fn request(id: &str, method: &str, params: Option<Value>) -> String {
    match params {
        Some(params) => json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string(),
        None => json!({"jsonrpc": "2.0", "id": id, "method": method}).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_pushes_or_answers() {
        let push = r#"{"jsonrpc":"2.0","method":"subscription","params":{"topic":"t","data":{"a":1}}}"#;
        assert_eq!(Incoming::read(push), Some(Incoming::Push { topic: "t".to_owned(), data: json!({"a": 1}) }));
        for (id, text) in [("a1", r#""a1""#), ("7", "7")] {
            let answer = format!(r#"{{"jsonrpc":"2.0","id":{text},"result":"pong","usIn":1,"rateLimit":{{}}}}"#);
            assert_eq!(
                Incoming::read(&answer),
                Some(Incoming::Answer { id: id.to_owned(), result: Ok("pong".into()) })
            );
        }
        let refused = r#"{"jsonrpc":"2.0","id":"1","error":{"code":-32602,"message":"no such topic"}}"#;
        let expected = Incoming::Answer { id: "1".to_owned(), result: Err("no such topic".to_owned()) };
        assert_eq!(Incoming::read(refused), Some(expected));
        for nonsense in ["", "[]", "{}", "{\"id\":null}", "<html>", r#"{"method":"subscription"}"#] {
            assert_eq!(Incoming::read(nonsense), None, "{nonsense}");
        }
    }
}

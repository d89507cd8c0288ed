//! Requests and answers of the stream.

use serde::Deserialize;
use serde_json::{Value, json};

/// A request as it came.
#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub id: Value,
    pub method: String,
    #[serde(default)]
    pub params: Value,
}

/// Why a request got no result: the codes of JSON-RPC, and beyond them some of our own choice, since the venue's are not
/// published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RpcError {
    code: i32,
    message: String,
}

impl RpcError {
    fn new(code: i32, message: impl Into<String>) -> RpcError {
        RpcError { code, message: message.into() }
    }

    pub fn invalid_request() -> RpcError {
        RpcError::new(-32_600, "Invalid request")
    }

    pub fn unknown_method() -> RpcError {
        RpcError::new(-32_601, "Method not found")
    }

    pub fn invalid_params(message: impl Into<String>) -> RpcError {
        RpcError::new(-32_602, message)
    }

    pub fn unauthorized(message: impl Into<String>) -> RpcError {
        RpcError::new(-32_001, message)
    }

    pub fn too_many_requests() -> RpcError {
        RpcError::new(-32_029, "Too many requests")
    }
}

/// A client's standing with the limit of messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub remaining: usize,
    pub limit: usize,
}

/// An answer with the times of coming and going in microseconds.
pub(super) fn answer(id: &Value, outcome: Result<Value, RpcError>, at_ms: i64, standing: Standing) -> Value {
    let micros = at_ms.saturating_mul(1_000);
    let mut answer = json!({
        "jsonrpc": "2.0",
        "id": id,
        "usIn": micros,
        "usOut": micros,
        "usDiff": 0,
        "rateLimit": { "remaining": standing.remaining, "limit": standing.limit },
    });
    match outcome {
        Ok(result) => answer["result"] = result,
        Err(RpcError { code, message }) => answer["error"] = json!({ "code": code, "message": message }),
    }
    answer
}

pub(super) fn push(topic: &str, data: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": "subscription", "params": { "topic": topic, "data": data } })
}

//! Where a fault meets its request.

use super::{Fault, Hold, spoil};
use crate::http::listener::Cutter;
use crate::http::{MOST_BODY_BYTES, Paper};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

pub(in crate::http) async fn inject(State(paper): State<Arc<Paper>>, request: Request, next: Next) -> Response {
    let fault = paper.faults.take(request.method().as_str(), request.uri().path(), (paper.clock)());
    let Some(fault) = fault else { return next.run(request).await };
    let cutter = request.extensions().get::<ConnectInfo<Cutter>>().map(|info| info.0.clone());
    let request = received_whole(request).await;
    match fault {
        Fault::LoseRequest => cut(cutter, Cutter::close).await,
        Fault::ResetConnection => cut(cutter, Cutter::reset).await,
        Fault::LoseReplyAfterAccept => {
            let _ = next.run(request).await;
            cut(cutter, Cutter::close).await
        }
        Fault::HoldReply(hold) => {
            let response = next.run(request).await;
            hold.wait().await;
            response
        }
        Fault::HoldRequest(hold) => run_regardless(Wait::For(hold), request, next).await,
        Fault::Late(delay) => run_regardless(Wait::During(delay), request, next).await,
        Fault::Status { code, body, headers } => other_answer(code, body, headers),
        Fault::TruncateJson => changed(next.run(request).await, |bytes| bytes.slice(..bytes.len() / 2)).await,
        Fault::DriftJson(choice) => rewritten(next.run(request).await, |json| spoil::drift(json, choice)).await,
        Fault::LoseRow(choice) => rewritten(next.run(request).await, |json| spoil::lose_row(json, choice)).await,
        Fault::TellPrice(told) => rewritten(next.run(request).await, |json| spoil::prices(json, told)).await,
        Fault::Delay(delay) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
    }
}

/// A request that no longer needs its connection. An upgrade keeps its own.
async fn received_whole(request: Request) -> Request {
    if request.headers().contains_key(header::UPGRADE) {
        return request;
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MOST_BODY_BYTES).await.unwrap_or_default();
    Request::from_parts(parts, Body::from(bytes))
}

/// Never answers; without a connection that can be cut it says so.
async fn cut(cutter: Option<Cutter>, how: fn(&Cutter)) -> Response {
    let Some(cutter) = cutter else {
        return (StatusCode::BAD_GATEWAY, "this connection can't be cut").into_response();
    };
    how(&cutter);
    pending().await
}

enum Wait {
    For(Hold),
    During(Duration),
}

/// In a task of its own, since a handler ends with its connection.
async fn run_regardless(wait: Wait, request: Request, next: Next) -> Response {
    let task = tokio::spawn(async move {
        match wait {
            Wait::For(hold) => hold.wait().await,
            Wait::During(delay) => tokio::time::sleep(delay).await,
        }
        next.run(request).await
    });
    task.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn other_answer(code: u16, body: String, headers: Vec<(String, String)>) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = (status, body).into_response();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn changed(response: Response, change: impl FnOnce(Bytes) -> Bytes) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(change(bytes)))
}

/// Only what is JSON can be told otherwise.
async fn rewritten(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    changed(response, |bytes| match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut json) => {
            change(&mut json);
            Bytes::from(json.to_string())
        }
        Err(_) => bytes,
    })
    .await
}

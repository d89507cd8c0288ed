//! Faults on the way between a client and the venue, planned by a test.

use super::listener::Cutter;
use super::{MOST_BODY_BYTES, Paper};
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The venue does it, and the connection closes without an answer.
    LoseReplyAfterAccept,
    /// The connection closes, and the venue never hears of it.
    LoseRequest,
    /// The connection is reset, and the venue never hears of it.
    ResetConnection,
    /// The venue does it at once and answers when released.
    HoldReply(Hold),
    /// The venue does it when released, even if the client has long gone.
    HoldRequest(Hold),
    /// Something in between answers instead of the venue, which never hears of it.
    Status { code: u16, body: String, headers: Vec<(String, String)> },
    /// The venue does it, and half of its answer arrives.
    TruncateJson,
    /// The venue hears of it later.
    Delay(Duration),
}

/// A point where a request waits for the test, and the test for the request.
#[derive(Clone, Debug, Default)]
pub struct Hold {
    reached: Arc<Notify>,
    released: Arc<Notify>,
}

impl Hold {
    /// Waits until the request is there: arrived for [`Fault::HoldRequest`], done for [`Fault::HoldReply`].
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets one request go on.
    pub fn release(&self) {
        self.released.notify_one();
    }

    async fn wait(&self) {
        self.reached.notify_one();
        self.released.notified().await;
    }
}

/// The faults to come; shared between a test and the server.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Planned>>>);

#[derive(Debug)]
struct Planned {
    method: String,
    path: String,
    fault: Fault,
}

impl Faults {
    /// The next request of this method and path meets the fault. Several plans are used up in order.
    pub fn plan(&self, method: &str, path: &str, fault: Fault) {
        self.plan_times(1, method, path, fault);
    }

    /// The same for the next `times` requests.
    pub fn plan_times(&self, times: usize, method: &str, path: &str, fault: Fault) {
        let planned = || Planned { method: method.to_owned(), path: path.to_owned(), fault: fault.clone() };
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.extend(std::iter::repeat_with(planned).take(times));
    }

    /// How many planned faults no request has met yet.
    pub fn pending(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = plans.iter().position(|plan| plan.method == method && plan.path == path)?;
        Some(plans.remove(index).fault)
    }
}

pub(super) async fn inject(State(paper): State<Arc<Paper>>, request: Request, next: Next) -> Response {
    let fault = paper.faults.take(request.method().as_str(), request.uri().path());
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
        Fault::HoldRequest(hold) => run_regardless(hold, request, next).await,
        Fault::Status { code, body, headers } => other_answer(code, body, headers),
        Fault::TruncateJson => truncated(next.run(request).await).await,
        Fault::Delay(delay) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
    }
}

/// A request that no longer needs its connection.
async fn received_whole(request: Request) -> Request {
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

/// In a task of its own, since a handler ends with its connection.
async fn run_regardless(hold: Hold, request: Request, next: Next) -> Response {
    let task = tokio::spawn(async move {
        hold.wait().await;
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

async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

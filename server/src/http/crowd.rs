//! How many requests are worked on at once. Whoever comes beyond that is told so before anything is done for them: a
//! crowd costs nothing that the guards need.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A page asks for a handful, and is answered within milliseconds.
pub const MOST_AT_ONCE: usize = 512;

/// Places for requests that are worked on. A stream gives its place back once it has begun.
#[derive(Clone)]
pub struct Crowd(Arc<Semaphore>);

impl Crowd {
    pub fn of(most: usize) -> Crowd {
        Crowd(Arc::new(Semaphore::new(most)))
    }
}

pub async fn admit(State(crowd): State<Crowd>, request: Request, next: Next) -> Response {
    let Ok(_place) = crowd.0.try_acquire() else {
        let mut refused = StatusCode::SERVICE_UNAVAILABLE.into_response();
        refused.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        return refused;
    };
    next.run(request).await
}

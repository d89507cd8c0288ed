//! How many requests a key may send, told in the headers of every answer.

use super::answer::ApiError;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use domain::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests within any one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatePolicy {
    /// For each key.
    pub private_per_second: u32,
    /// For all unsigned requests together.
    pub public_per_second: u32,
}

impl Default for RatePolicy {
    fn default() -> RatePolicy {
        RatePolicy { private_per_second: 5, public_per_second: 1 }
    }
}

const SECOND_MS: i64 = 1_000;

pub(super) struct RateLimiter {
    policy: RatePolicy,
    /// When the accepted requests of the last second came, in milliseconds.
    recent: Mutex<BTreeMap<Option<String>, Vec<i64>>>,
}

/// How much of its limit a request left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    allowed: u32,
    remaining: usize,
}

impl RateLimiter {
    pub fn new(policy: RatePolicy) -> RateLimiter {
        RateLimiter { policy, recent: Mutex::default() }
    }

    pub fn take_private(&self, key: &str, now: Timestamp, told: &Told) -> Result<(), ApiError> {
        self.take(Some(key.to_owned()), self.policy.private_per_second, now, told)
    }

    pub fn take_public(&self, now: Timestamp, told: &Told) -> Result<(), ApiError> {
        self.take(None, self.policy.public_per_second, now, told)
    }

    fn take(&self, who: Option<String>, allowed: u32, now: Timestamp, told: &Told) -> Result<(), ApiError> {
        let now = now.unix_ms();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let times = recent.entry(who).or_default();
        times.retain(|at| now.saturating_sub(SECOND_MS) < *at && *at <= now);
        let most = usize::try_from(allowed).unwrap_or(usize::MAX);
        let refused = most <= times.len();
        if !refused {
            times.push(now);
        }
        told.tell(Left { allowed, remaining: most.saturating_sub(times.len()) });
        if refused { Err(ApiError::too_many_requests(1)) } else { Ok(()) }
    }
}

/// Where the limiter leaves word for the answer's headers.
#[derive(Clone, Debug, Default)]
pub(super) struct Told(Arc<Mutex<Option<Left>>>);

impl Told {
    /// That of a request which came through [`headers`].
    pub fn of(extensions: &axum::http::Extensions) -> Told {
        extensions.get::<Told>().cloned().unwrap_or_default()
    }

    fn tell(&self, left: Left) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
    }

    fn left(&self) -> Option<Left> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `RateLimit-Policy` and `RateLimit`, as the venue sends them.
pub(super) async fn headers(mut request: Request, next: Next) -> Response {
    let told = Told::default();
    request.extensions_mut().insert(told.clone());
    let mut response = next.run(request).await;
    if let Some(Left { allowed, remaining }) = told.left() {
        let policy = format!("\"default\";q={allowed};w=1");
        let standing = format!("\"default\";r={remaining};t=1");
        for (name, text) in [("ratelimit-policy", policy), ("ratelimit", standing)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                response.headers_mut().insert(name, value);
            }
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_second() {
        let limiter = RateLimiter::new(RatePolicy { private_per_second: 2, public_per_second: 1 });
        let (at, told) = (Timestamp::from_unix_ms, Told::default());
        assert!(limiter.take_private("a", at(0), &told).is_ok());
        assert_eq!(told.left(), Some(Left { allowed: 2, remaining: 1 }));
        assert!(limiter.take_private("a", at(500), &told).is_ok());
        assert!(limiter.take_private("a", at(900), &told).is_err());
        assert_eq!(told.left(), Some(Left { allowed: 2, remaining: 0 }));
        assert!(limiter.take_private("b", at(900), &told).is_ok());
        assert!(limiter.take_public(at(900), &told).is_ok());
        assert!(limiter.take_public(at(950), &told).is_err());
        assert!(limiter.take_private("a", at(1_000), &told).is_ok());
    }
}

//! How many requests a key may send.

use super::answer::ApiError;
use domain::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

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

impl RateLimiter {
    pub fn new(policy: RatePolicy) -> RateLimiter {
        RateLimiter { policy, recent: Mutex::default() }
    }

    pub fn take_private(&self, key: &str, now: Timestamp) -> Result<(), ApiError> {
        self.take(Some(key.to_owned()), self.policy.private_per_second, now)
    }

    pub fn take_public(&self, now: Timestamp) -> Result<(), ApiError> {
        self.take(None, self.policy.public_per_second, now)
    }

    fn take(&self, who: Option<String>, allowed: u32, now: Timestamp) -> Result<(), ApiError> {
        let now = now.unix_ms();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let times = recent.entry(who).or_default();
        times.retain(|at| now.saturating_sub(SECOND_MS) < *at && *at <= now);
        if usize::try_from(allowed).is_ok_and(|allowed| allowed <= times.len()) {
            return Err(ApiError::too_many_requests(1));
        }
        times.push(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_second() {
        let limiter = RateLimiter::new(RatePolicy { private_per_second: 2, public_per_second: 1 });
        let at = Timestamp::from_unix_ms;
        assert!(limiter.take_private("a", at(0)).is_ok());
        assert!(limiter.take_private("a", at(500)).is_ok());
        assert!(limiter.take_private("a", at(900)).is_err());
        assert!(limiter.take_private("b", at(900)).is_ok());
        assert!(limiter.take_public(at(900)).is_ok());
        assert!(limiter.take_public(at(950)).is_err());
        assert!(limiter.take_private("a", at(1_000)).is_ok());
    }
}

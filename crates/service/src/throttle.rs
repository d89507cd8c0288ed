//! How often somebody may try to come in: counted by whom they name and from where they come, kept in the database.

use crate::clock::Clock;
use crate::identity::folded;
use crate::origin::Origin;
use domain::{Millis, Timestamp, UserId};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::sync::Arc;
use store::{AttemptCount, AttemptRule, Store, StoreError};

const MINUTE: i64 = Millis::MINUTE.get();
const LOCKS: &[Millis] = &[
    Millis::MINUTE,
    Millis::new(2 * MINUTE),
    Millis::new(4 * MINUTE),
    Millis::new(8 * MINUTE),
    Millis::new(15 * MINUTE),
];

/// A lock is soft: it ends by itself, and who is signed in does not feel it.
const fn rule(limit: i64) -> AttemptRule {
    AttemptRule { limit, locks: LOCKS, window: Millis::new(15 * MINUTE) }
}

/// What is tried, and how often before it must wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// A hash: what was typed may be a password in the wrong field.
    key: String,
    rule: AttemptRule,
}

impl Subject {
    /// An e-mail as it was typed, whether anybody has it or not.
    pub fn email(typed: &str) -> Subject {
        Subject::new("email", folded(typed).as_bytes(), 5)
    }

    /// A user's second factor.
    pub fn code(user: UserId) -> Subject {
        Subject::new("code", user.uuid().as_bytes(), 5)
    }

    /// Letters to an address, whether anybody has it or not.
    pub fn letter(email: &str) -> Subject {
        Subject::new("letter", email.as_bytes(), 3)
    }

    /// Letters that are asked for from an address of the network.
    pub fn letters_from(origin: &Origin) -> Option<Subject> {
        Subject::address(origin).map(|address| Subject { key: format!("letters {}", address.key), rule: rule(10) })
    }

    /// Attempts to become known by one link.
    pub fn link(token_hash: &str) -> Subject {
        Subject::new("link", token_hash.as_bytes(), 5)
    }

    /// Addresses that a user has named and nobody here has.
    pub fn stranger(user: UserId) -> Subject {
        Subject::new("stranger", user.uuid().as_bytes(), 5)
    }

    /// An address; of IPv6 the network that one customer has.
    pub fn address(origin: &Origin) -> Option<Subject> {
        let bytes = match origin.address()? {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().iter().take(8).copied().collect(),
        };
        Some(Subject::new("address", &bytes, 30))
    }

    fn new(kind: &str, what: &[u8], limit: i64) -> Subject {
        let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(what).finalize();
        Subject { key: format!("{kind} {}", hex::encode(hash)), rule: rule(limit) }
    }
}

/// One attempt that was let through, until it is known how it ended. An attempt that nobody settles counts as failed.
#[must_use]
pub(crate) struct Attempt {
    subjects: Vec<Subject>,
    /// The next one must wait.
    pub locks: bool,
}

pub(crate) enum Admission {
    Welcome(Attempt),
    Locked { until: Timestamp },
}

pub(crate) struct Throttle {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

impl Throttle {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Throttle {
        Throttle { store, clock }
    }

    /// Counts the attempt before it is made, so that a burst of attempts at once gets no further than the limit.
    pub async fn admit(&self, subjects: Vec<Subject>) -> Result<Admission, StoreError> {
        let now = self.clock.now();
        let mut locked = None;
        let mut locks = false;
        for subject in &subjects {
            match self.store.count_attempt(&subject.key, now, &subject.rule).await? {
                AttemptCount::Locked { until } => locked = locked.max(Some(until)),
                AttemptCount::Counted { locks: next_waits } => locks |= next_waits,
            }
        }
        if let Some(until) = locked {
            return Ok(Admission::Locked { until });
        }
        Ok(Admission::Welcome(Attempt { subjects, locks }))
    }

    /// Whoever has come in did not fail: their own count ends, and the address gets its count back.
    pub async fn succeeded(&self, attempt: Attempt) -> Result<(), StoreError> {
        for subject in attempt.subjects {
            if subject.key.starts_with("address") {
                self.store.uncount_attempt(&subject.key).await?;
            } else {
                self.store.forget_attempts(&subject.key).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_grows_and_ends() {
        let minutes =
            [4, 5, 6, 7, 8, 9, i64::MAX].map(|count| rule(5).lock_after(count).map_or(0, Millis::get) / MINUTE);
        assert_eq!(minutes, [0, 1, 2, 4, 8, 15, 15]);
    }

    #[test]
    fn one_customers_ipv6_network_is_one_address() {
        let at = |address: &str| Subject::address(&Origin::web(address.parse().ok(), ""));
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_eq!(Subject::address(&Origin::CommandLine), None);
    }
}

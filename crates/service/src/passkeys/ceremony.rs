//! What is remembered between the two halves of a ceremony.

use domain::{Millis, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyAuthentication, PasskeyRegistration};

/// Longer than anybody looks for their key.
const LIFE: Millis = Millis::new(5 * 60_000);

/// The first half: what the browser gets, and what it must never see.
pub struct Challenge {
    /// JSON for the browser.
    pub options: String,
    pub ceremony: Ceremony,
}

/// Kept in the session, used once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ceremony {
    begun_at: Timestamp,
    purpose: Purpose,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Purpose {
    Add {
        user: UserId,
        state: PasskeyRegistration,
    },
    /// Whoever comes.
    SignIn {
        state: DiscoverableAuthentication,
    },
    /// This person, who has given their password or is signed in.
    Check {
        user: UserId,
        state: PasskeyAuthentication,
    },
}

impl Challenge {
    pub(super) fn new<T: Serialize>(options: T, purpose: Purpose, now: Timestamp) -> Option<Challenge> {
        let options = serde_json::to_string(&options).ok()?;
        Some(Challenge { options, ceremony: Ceremony { begun_at: now, purpose } })
    }
}

impl Ceremony {
    /// `None` once it is too late.
    pub(super) fn take(self, now: Timestamp) -> Option<Purpose> {
        (now.since(self.begun_at) < LIFE).then_some(self.purpose)
    }
}

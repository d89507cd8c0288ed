//! Passkeys: a way in by itself, and the second factor after a password.
//!
//! Each ceremony has two halves. What the first remembers (the challenge) is kept by the caller in the session, out of the
//! browser's reach, taken out before it is used, and good for five minutes by our own clock.

mod ceremony;
mod house;
mod show;

pub use ceremony::{Ceremony, Challenge};

use crate::api_access::normal_name;
use crate::audit::Audit;
use crate::clock::{Clock, Entropy, new_id};
use crate::deeds::Confirmed;
use crate::second_factor::recovery;
use crate::throttle::Throttle;
use ceremony::Purpose;
use domain::{AuditAction, PasskeyId, Timestamp, UserId};
use house::House;
use std::sync::{Arc, OnceLock};
use store::{Store, StoreError, StoredPasskey};
use webauthn_rs::prelude::{Passkey, RegisterPublicKeyCredential};

/// More than anybody carries.
const MOST_PASSKEYS: usize = 20;

/// Everybody's passkeys.
pub struct Passkeys {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    audit: Arc<Audit>,
    throttle: Throttle,
    house: OnceLock<House>,
}

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    pub id: PasskeyId,
    pub name: String,
    pub added_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The address at which the program is reached has no name that a passkey could be bound to.
    #[error("passkeys need a public address with a host name")]
    Off,
    #[error("a name has 1 to 60 characters")]
    Name,
    #[error("there are 20 passkeys already")]
    TooMany,
    #[error("there is no such passkey")]
    NotFound,
    /// Not what was asked for, too late, unknown, or a copy whose counter is behind.
    #[error("this passkey was not accepted")]
    Wrong,
    #[error("too many attempts; further ones wait")]
    Locked { until: Timestamp },
    #[error("passkeys cannot be read or written now")]
    Store(#[from] StoreError),
}

/// Whose passkeys are to be told apart.
pub struct Named<'a> {
    pub user: UserId,
    /// Shown by the authenticator.
    pub email: &'a str,
}

impl Passkeys {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, audit: Arc<Audit>) -> Passkeys {
        let throttle = Throttle::new(Arc::clone(&store), Arc::clone(&clock));
        Passkeys { store, clock, entropy, audit, throttle, house: OnceLock::new() }
    }

    /// Where browsers reach the program: passkeys are bound to the host's name, and signatures to the whole origin. The
    /// first word counts. `Off` for an address without a name.
    pub fn live_at(&self, origin: &str) -> Result<(), PasskeyError> {
        let house = House::at(origin).ok_or(PasskeyError::Off)?;
        let _ = self.house.set(house);
        Ok(())
    }

    pub fn is_on(&self) -> bool {
        self.house.get().is_some()
    }

    pub async fn list(&self, user: UserId) -> Result<Vec<OwnPasskey>, PasskeyError> {
        let stored = self.store.list_passkeys(user).await?;
        let told =
            |StoredPasskey { id, name, added_at, last_used_at, .. }| OwnPasskey { id, name, added_at, last_used_at };
        Ok(stored.into_iter().map(told).collect())
    }

    /// What the browser is to hand to a new authenticator.
    pub async fn begin(&self, confirmed: &Confirmed, email: &str) -> Result<Challenge, PasskeyError> {
        let user = confirmed.caller().user;
        let known = self.known(user).await?;
        if MOST_PASSKEYS <= known.len() {
            return Err(PasskeyError::TooMany);
        }
        let (options, state) = self.house()?.begin(&Named { user, email }, &known).ok_or(PasskeyError::Off)?;
        Challenge::new(options, Purpose::Add { user, state }, self.clock.now()).ok_or(PasskeyError::Off)
    }

    /// Keeps what the authenticator made. Answers recovery codes where it is the first second factor: they are shown this
    /// once.
    pub async fn finish(
        &self,
        confirmed: &Confirmed,
        name: &str,
        ceremony: Ceremony,
        credential: &str,
    ) -> Result<Vec<String>, PasskeyError> {
        let caller = confirmed.caller();
        let name = normal_name(name).ok_or(PasskeyError::Name)?;
        let Some(Purpose::Add { user, state }) = ceremony.take(self.clock.now()) else {
            return Err(PasskeyError::Wrong);
        };
        let credential: RegisterPublicKeyCredential =
            serde_json::from_str(credential).map_err(|_| PasskeyError::Wrong)?;
        let passkey = self.house()?.finish(&credential, &state).filter(|_| user == caller.user);
        let stored = self.stored(caller.user, name, &passkey.ok_or(PasskeyError::Wrong)?).ok_or(PasskeyError::Wrong)?;
        let (codes, hashes) = self.first_codes(caller.user).await?;
        let deed = caller.did(AuditAction::PasskeyAdded, stored.id.to_string()).to(&stored.name);
        let (stored, hashes) = (&stored, &hashes);
        let adding = |store: Arc<dyn Store>| async move { store.insert_passkey(stored, hashes).await };
        match self.audit.together(&deed, adding).await {
            Err(StoreError::Duplicate) => Err(PasskeyError::Wrong),
            added => added.map(|()| codes).map_err(PasskeyError::Store),
        }
    }

    pub async fn remove(&self, confirmed: &Confirmed, id: PasskeyId) -> Result<(), PasskeyError> {
        let caller = confirmed.caller();
        let deed = caller.did(AuditAction::PasskeyRemoved, id.to_string());
        let user = caller.user;
        let removing = |store: Arc<dyn Store>| async move { store.delete_passkey(user, id).await };
        match self.audit.together(&deed, removing).await {
            Err(StoreError::Conflict) => Err(PasskeyError::NotFound),
            removed => Ok(removed?),
        }
    }

    fn house(&self) -> Result<&House, PasskeyError> {
        self.house.get().ok_or(PasskeyError::Off)
    }

    async fn known(&self, user: UserId) -> Result<Vec<Passkey>, PasskeyError> {
        let stored = self.store.list_passkeys(user).await?;
        Ok(stored.iter().filter_map(|stored| serde_json::from_str(&stored.data).ok()).collect())
    }

    fn stored(&self, user: UserId, name: String, passkey: &Passkey) -> Option<StoredPasskey> {
        Some(StoredPasskey {
            id: PasskeyId::from_uuid(new_id(&*self.clock, &*self.entropy)),
            user,
            credential_id: house::credential_name(passkey.cred_id()),
            name,
            data: serde_json::to_string(passkey).ok()?,
            added_at: self.clock.now(),
            last_used_at: None,
        })
    }

    /// Fresh recovery codes for who has none, as they are shown and as they are kept.
    async fn first_codes(&self, user: UserId) -> Result<(Vec<String>, Vec<String>), PasskeyError> {
        let has_some = 0 < self.store.count_recovery_codes(user).await?;
        Ok(if has_some { (Vec::new(), Vec::new()) } else { recovery::fresh(user, &*self.entropy) })
    }
}

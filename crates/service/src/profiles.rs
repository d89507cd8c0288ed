//! How people are called, in which language they are written to, and in which zone and unit they read: kept by themselves.

use crate::audit::Audit;
use crate::clock::Clock;
use crate::deeds::Caller;
use crate::zone;
use domain::{AuditAction, Profile, ProfileError, Units};
use std::sync::Arc;
use store::{Store, StoreError};

/// Everybody's profile.
pub struct Profiles {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) audit: Arc<Audit>,
}

/// Somebody, as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownProfile {
    pub email: String,
    pub is_email_verified: bool,
    pub profile: Profile,
}

#[derive(Debug, thiserror::Error)]
pub enum ProfilesError {
    #[error(transparent)]
    Invalid(#[from] ProfileError),
    #[error("profiles cannot be read or written now")]
    Store(#[from] StoreError),
}

impl Profiles {
    pub async fn find(&self, caller: &Caller) -> Result<Option<KnownProfile>, StoreError> {
        let person = self.store.find_person(caller.user, self.clock.now()).await?;
        let profile = self.store.find_profile(caller.user).await?;
        Ok(person.zip(profile).map(|(person, profile)| {
            let (email, is_email_verified) = (person.email, person.is_email_verified);
            KnownProfile { email, is_email_verified, profile }
        }))
    }

    pub async fn save(&self, caller: &Caller, wanted: Profile) -> Result<(), ProfilesError> {
        let before = self.store.find_profile(caller.user).await?.unwrap_or_default();
        let after = wanted.check()?;
        if after.time_zone.as_deref().is_some_and(|name| !zone::is_known(name)) {
            return Err(ProfileError::TimeZone.into());
        }
        let deed = caller.did(AuditAction::ProfileChanged, "profile").from(&before).to(&after);
        let (user, after) = (caller.user, &after);
        Ok(self.audit.together(&deed, |store| async move { store.save_profile(user, after).await }).await?)
    }

    /// In what money is shown first, on every device of the caller's.
    pub async fn save_units(&self, caller: &Caller, units: Units) -> Result<(), StoreError> {
        let deed = caller.did(AuditAction::ProfileChanged, "units").to(&units);
        let user = caller.user;
        self.audit.together(&deed, |store| async move { store.save_units(user, units).await }).await
    }
}

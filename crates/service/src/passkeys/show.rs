//! A passkey is shown: to come in, as the second factor, or to confirm who it is.

use super::ceremony::{Ceremony, Challenge, Purpose};
use super::house::Doubt;
use super::{PasskeyError, Passkeys};
use crate::audit::Deed;
use crate::deeds::Caller;
use crate::origin::Origin;
use crate::throttle::{Admission, Attempt, Subject};
use domain::{AuditAction, UserId};
use store::{StoreError, StoredPasskey};
use webauthn_rs::prelude::{AuthenticationResult, Passkey, PublicKeyCredential};

impl Passkeys {
    /// Asks whoever comes for a passkey. The same for everybody: nobody learns who has one.
    pub fn ask_anyone(&self) -> Result<Challenge, PasskeyError> {
        let (options, state) = self.house()?.ask_anyone().ok_or(PasskeyError::Off)?;
        Challenge::new(options, Purpose::SignIn { state }, self.clock.now()).ok_or(PasskeyError::Off)
    }

    /// Asks somebody for one of theirs; `NotFound` where they have none.
    pub async fn ask(&self, user: UserId) -> Result<Challenge, PasskeyError> {
        let known = self.known(user).await?;
        if known.is_empty() {
            return Err(PasskeyError::NotFound);
        }
        let (options, state) = self.house()?.ask(&known).ok_or(PasskeyError::Off)?;
        Challenge::new(options, Purpose::Check { user, state }, self.clock.now()).ok_or(PasskeyError::Off)
    }

    /// Lets in whom a passkey belongs to. It stands for both factors: it is had, and it has known its owner.
    pub async fn enter_anyone(
        &self,
        ceremony: Ceremony,
        credential: &str,
        origin: &Origin,
    ) -> Result<UserId, PasskeyError> {
        let attempt = self.admit(Subject::address(origin).into_iter().collect()).await?;
        let Some(Purpose::SignIn { state }) = ceremony.take(self.clock.now()) else { return Err(PasskeyError::Wrong) };
        let credential = read(credential)?;
        let (user, name) = self.house()?.claim(&credential).ok_or(PasskeyError::Wrong)?;
        let stored = self.store.find_passkey(&name).await?.filter(|stored| stored.user == user);
        let stored = stored.ok_or(PasskeyError::Wrong)?;
        let passkey: Passkey = serde_json::from_str(&stored.data).map_err(|_| PasskeyError::Wrong)?;
        let checked = self.house()?.check_anyone(&credential, state, &passkey);
        self.note_use(&stored, passkey, checked, origin).await?;
        self.let_in(attempt, user, origin).await?;
        Ok(user)
    }

    /// The last step into the house, after the password.
    pub async fn enter(
        &self,
        user: UserId,
        ceremony: Ceremony,
        credential: &str,
        origin: &Origin,
    ) -> Result<(), PasskeyError> {
        let attempt = self.check(user, ceremony, credential, origin).await?;
        self.let_in(attempt, user, origin).await
    }

    /// Shows again who it is; see [`crate::Services::confirmed`].
    pub async fn step_up(&self, caller: &Caller, ceremony: Ceremony, credential: &str) -> Result<(), PasskeyError> {
        let attempt = self.check(caller.user, ceremony, credential, &caller.origin).await?;
        self.throttle.succeeded(attempt).await?;
        self.audit.record(caller.did(AuditAction::SteppedUp, "this session, by a passkey")).await?;
        Ok(())
    }

    async fn check(
        &self,
        user: UserId,
        ceremony: Ceremony,
        credential: &str,
        origin: &Origin,
    ) -> Result<Attempt, PasskeyError> {
        let attempt = self.admit(vec![Subject::code(user)]).await?;
        let purpose = ceremony.take(self.clock.now());
        let Some(Purpose::Check { user: asked, state }) = purpose else { return Err(PasskeyError::Wrong) };
        if asked != user {
            return Err(PasskeyError::Wrong);
        }
        let credential = read(credential)?;
        let name = super::house::credential_name(credential.get_credential_id());
        let stored = self.store.find_passkey(&name).await?.filter(|stored| stored.user == user);
        let stored = stored.ok_or(PasskeyError::Wrong)?;
        let passkey: Passkey = serde_json::from_str(&stored.data).map_err(|_| PasskeyError::Wrong)?;
        let checked = self.house()?.check(&credential, &state);
        self.note_use(&stored, passkey, checked, origin).await?;
        Ok(attempt)
    }

    /// Writes the counter over the one that was read: of two uses with one counter, the second is refused. The counter
    /// of the state may be older than the one that is stored, so it is compared here as well.
    async fn note_use(
        &self,
        stored: &StoredPasskey,
        mut passkey: Passkey,
        checked: Result<AuthenticationResult, Doubt>,
        origin: &Origin,
    ) -> Result<(), PasskeyError> {
        let result = match checked {
            Ok(result) => result,
            Err(doubt) => return Err(self.refused(stored, doubt, origin).await),
        };
        let changed = passkey.update_credential(&result).ok_or(PasskeyError::Wrong)?;
        if !changed && 0 < result.counter() {
            return Err(self.refused(stored, Doubt::Copied, origin).await);
        }
        let new = serde_json::to_string(&passkey).map_err(|_| PasskeyError::Wrong)?;
        match self.store.note_passkey_use(stored.id, &stored.data, &new, self.clock.now()).await {
            Err(StoreError::Conflict) => Err(self.refused(stored, Doubt::Copied, origin).await),
            noted => Ok(noted?),
        }
    }

    async fn refused(&self, stored: &StoredPasskey, doubt: Doubt, origin: &Origin) -> PasskeyError {
        let subject = match doubt {
            Doubt::Wrong => "passkey",
            Doubt::Copied => "passkey whose counter did not grow: there may be a copy of it",
        };
        let deed = Deed::new(Some(stored.user), origin, AuditAction::SignInFailed, subject);
        self.audit.note(deed.to(&stored.id)).await;
        PasskeyError::Wrong
    }

    async fn admit(&self, subjects: Vec<Subject>) -> Result<Attempt, PasskeyError> {
        match self.throttle.admit(subjects).await? {
            Admission::Welcome(attempt) => Ok(attempt),
            Admission::Locked { until } => Err(PasskeyError::Locked { until }),
        }
    }

    async fn let_in(&self, attempt: Attempt, user: UserId, origin: &Origin) -> Result<(), PasskeyError> {
        self.throttle.succeeded(attempt).await?;
        self.audit.record(Deed::new(Some(user), origin, AuditAction::SignedIn, "with a passkey")).await?;
        Ok(())
    }
}

fn read(credential: &str) -> Result<PublicKeyCredential, PasskeyError> {
    serde_json::from_str(credential).map_err(|_| PasskeyError::Wrong)
}

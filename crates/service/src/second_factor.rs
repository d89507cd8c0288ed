//! Codes of an authenticator (TOTP), each step once, and recovery codes for the day it is lost.

mod enrolment;
pub(crate) mod recovery;

pub use enrolment::Enrolment;

use crate::audit::{Audit, Deed};
use crate::clock::{Clock, Entropy};
use crate::deeds::Confirmed;
use crate::origin::Origin;
use crate::seal::{Binding, Field, SealError, Sealer};
use crate::throttle::{Admission, Subject, Throttle};
use domain::{AuditAction, Timestamp, UserId};
use std::sync::Arc;
use store::{Authenticator, Secret, Store, StoreError};
use totp_rs::{Builder, Totp};

/// Everybody's second factors.
pub struct SecondFactors {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    sealer: Sealer,
    audit: Arc<Audit>,
    throttle: Throttle,
}

/// What of this a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorStatus {
    /// When the authenticator was added; `None` without one.
    pub added_at: Option<Timestamp>,
    pub has_passkeys: bool,
    pub recovery_codes_left: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// Wrong, too old, or used already.
    #[error("this code is wrong or was used already")]
    Wrong,
    #[error("too many attempts; further ones wait")]
    Locked { until: Timestamp },
    #[error("second factors cannot be read or written now")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl SecondFactors {
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        sealer: Sealer,
        audit: Arc<Audit>,
    ) -> SecondFactors {
        let throttle = Throttle::new(Arc::clone(&store), Arc::clone(&clock));
        SecondFactors { store, clock, entropy, sealer, audit, throttle }
    }

    pub async fn status(&self, user: UserId) -> Result<FactorStatus, StoreError> {
        let added_at = self.store.find_authenticator(user).await?.map(|authenticator| authenticator.added_at);
        let has_passkeys = !self.store.list_passkeys(user).await?.is_empty();
        let recovery_codes_left = self.store.count_recovery_codes(user).await?;
        Ok(FactorStatus { added_at, has_passkeys, recovery_codes_left })
    }

    /// The last step into the house, after the password.
    pub async fn enter(&self, user: UserId, code: &str, origin: &Origin) -> Result<(), CodeError> {
        self.check(user, code, origin).await?;
        self.audit.record(Deed::new(Some(user), origin, AuditAction::SignedIn, "with a second factor")).await?;
        Ok(())
    }

    /// Spends a code of the authenticator, or a recovery code. Without a second factor nothing is asked; who has only
    /// passkeys brings one of those, or a recovery code.
    pub async fn check(&self, user: UserId, code: &str, origin: &Origin) -> Result<(), CodeError> {
        let authenticator = self.store.find_authenticator(user).await?;
        if authenticator.is_none() && self.store.list_passkeys(user).await?.is_empty() {
            return Ok(());
        }
        let attempt = match self.throttle.admit(vec![Subject::code(user)]).await? {
            Admission::Welcome(attempt) => attempt,
            Admission::Locked { until } => return Err(CodeError::Locked { until }),
        };
        let spent = if recovery::looks_like_one(code) {
            self.spend_recovery_code(user, code, origin).await
        } else {
            match authenticator {
                Some(authenticator) => self.spend_code(user, authenticator, code).await,
                None => Err(CodeError::Wrong),
            }
        };
        match spent {
            Err(CodeError::Wrong) => {
                let action = if attempt.locks { AuditAction::SignInLocked } else { AuditAction::SignInFailed };
                self.audit.note(Deed::new(Some(user), origin, action, "second factor")).await;
                Err(CodeError::Wrong)
            }
            Err(error) => Err(error),
            Ok(()) => Ok(self.throttle.succeeded(attempt).await?),
        }
    }

    /// A seed that is not in use yet: it is kept, sealed, by who asked, and comes back with a code to show that the
    /// authenticator has it.
    pub async fn begin(&self, confirmed: &Confirmed, name: &str) -> Result<Enrolment, CodeError> {
        let user = confirmed.caller().user;
        let mut seed = zeroize::Zeroizing::new([0; 20]);
        self.entropy.fill(seed.as_mut_slice());
        let version = self.next_version(user).await?;
        let sealed = self.sealer.seal(binding(user, version), seed.as_slice())?;
        Enrolment::new(&totp(seed.as_slice(), name), version, &sealed).ok_or(CodeError::Seal(SealError::Changed))
    }

    /// Puts the seed in use when the code is right; answers the recovery codes, which are shown this once.
    pub async fn finish(
        &self,
        confirmed: &Confirmed,
        version: u32,
        sealed: Vec<u8>,
        code: &str,
    ) -> Result<Vec<String>, CodeError> {
        let caller = confirmed.caller();
        let seed = self.sealer.open(binding(caller.user, version), &sealed)?;
        let step = totp(&seed, "axisor").check(code.trim(), self.seconds()).ok_or(CodeError::Wrong)?;
        let last_step = i64::try_from(step).map_err(|_| CodeError::Wrong)?;
        let added = Authenticator { added_at: self.clock.now(), last_step };
        let field = Field::TotpSeed.as_str().to_owned();
        let (codes, hashes) = recovery::fresh(caller.user, &*self.entropy);
        let secret = Secret { owner: caller.user, field, version, sealed };
        let deed = caller.did(AuditAction::AuthenticatorAdded, "authenticator").to(&version);
        let (secret, hashes) = (&secret, &hashes);
        let adding = |store: Arc<dyn Store>| async move { store.add_authenticator(secret, added, hashes).await };
        match self.audit.together(&deed, adding).await {
            Err(StoreError::Conflict) => Err(CodeError::Wrong),
            done => done.map(|()| codes).map_err(CodeError::Store),
        }
    }

    pub async fn remove(&self, confirmed: &Confirmed) -> Result<(), CodeError> {
        let deed = confirmed.caller().did(AuditAction::AuthenticatorRemoved, "authenticator");
        let user = confirmed.caller().user;
        Ok(self.audit.together(&deed, |store| async move { store.remove_authenticator(user).await }).await?)
    }

    /// New recovery codes in place of the old ones; shown this once.
    pub async fn renew_recovery_codes(&self, confirmed: &Confirmed) -> Result<Vec<String>, CodeError> {
        let user = confirmed.caller().user;
        let (codes, hashes) = recovery::fresh(user, &*self.entropy);
        let (deed, hashes) = (confirmed.caller().did(AuditAction::RecoveryCodesMade, "recovery codes"), &hashes);
        self.audit.together(&deed, |store| async move { store.replace_recovery_codes(user, hashes).await }).await?;
        Ok(codes)
    }

    async fn spend_code(&self, user: UserId, has: Authenticator, code: &str) -> Result<(), CodeError> {
        let secret = self.store.find_secret(user, Field::TotpSeed.as_str()).await?.ok_or(CodeError::Wrong)?;
        let seed = self.sealer.open(binding(user, secret.version), &secret.sealed)?;
        let step = totp(&seed, "axisor").check(code.trim(), self.seconds()).ok_or(CodeError::Wrong)?;
        let step = i64::try_from(step).map_err(|_| CodeError::Wrong)?;
        if step <= has.last_step {
            return Err(CodeError::Wrong);
        }
        // Of two who bring the same code at once, one is too late.
        match self.store.spend_step(user, step).await {
            Err(StoreError::Conflict) => Err(CodeError::Wrong),
            done => Ok(done?),
        }
    }

    async fn spend_recovery_code(&self, user: UserId, code: &str, origin: &Origin) -> Result<(), CodeError> {
        let (hash, now) = (&recovery::hash(user, code), self.clock.now());
        let left = self.store.count_recovery_codes(user).await?.saturating_sub(1);
        let deed = Deed::new(Some(user), origin, AuditAction::RecoveryCodeUsed, "recovery code").to(&left);
        let spending = |store: Arc<dyn Store>| async move { store.spend_recovery_code(user, hash, now).await };
        match self.audit.together(&deed, spending).await {
            Err(StoreError::Conflict) => Err(CodeError::Wrong),
            done => Ok(done?),
        }
    }

    async fn next_version(&self, user: UserId) -> Result<u32, CodeError> {
        let known = self.store.find_secret(user, Field::TotpSeed.as_str()).await?;
        let version = known.map_or(Some(1), |secret| secret.version.checked_add(1));
        version.ok_or(CodeError::Seal(SealError::Changed))
    }

    fn seconds(&self) -> u64 {
        u64::try_from(self.clock.now().unix_ms() / 1_000).unwrap_or(0)
    }
}

fn binding(user: UserId, version: u32) -> Binding {
    Binding { user, account: None, field: Field::TotpSeed, version }
}

/// Six digits of SHA-1 every thirty seconds, as every authenticator knows them; one step of skew either way.
fn totp(seed: &[u8], name: &str) -> Totp {
    let builder = Builder::new().with_secret(seed.to_vec()).with_issuer(Some("Axisor")).with_skew(1);
    builder.with_account_name(name.replace(':', " ")).build_noncompliant()
}

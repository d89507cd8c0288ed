//! Who may come in: the first user's set-up link, and sign-in.

use crate::audit::{Audit, Deed};
use crate::clock::{Clock, Entropy, new_id};
use crate::origin::Origin;
use crate::password::{BreachedPasswords, Hasher, PasswordError};
use crate::throttle::{Admission, Subject, Throttle};
use domain::{AuditAction, Millis, Timestamp, UserId};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{Store, StoreError, User};
use unicode_normalization::UnicodeNormalization;

/// How long a set-up link stays open.
const SETUP_LINK_LIFE: Millis = Millis::DAY;

/// People and how they are known.
pub struct Identity {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    audit: Arc<Audit>,
    throttle: Throttle,
    hasher: Hasher,
}

/// Who gave the right e-mail and password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrance {
    pub user: UserId,
    /// A second factor is still missing: a code, or a passkey.
    pub needs_code: bool,
}

/// Someone who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub email: String,
}

#[derive(Debug, thiserror::Error)]
#[error("users cannot be read or written now")]
pub struct IdentityError(#[from] StoreError);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no e-mail address")]
pub struct EmailError;

#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("this set-up link was used or has expired; restart the server for a new one")]
    LinkSpent,
    #[error(transparent)]
    Email(EmailError),
    #[error(transparent)]
    Password(PasswordError),
    #[error("too many sign-ins at once; try again in a moment")]
    Busy,
    #[error("users cannot be read or written now")]
    Store(#[source] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("wrong e-mail or password")]
    WrongEmailOrPassword,
    #[error("too many attempts; further ones wait")]
    Locked { until: Timestamp },
    #[error("too many sign-ins at once; try again in a moment")]
    Busy,
    #[error("users cannot be read now")]
    Store(#[source] StoreError),
}

impl Identity {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, audit: Arc<Audit>) -> Identity {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        let throttle = Throttle::new(Arc::clone(&store), Arc::clone(&clock));
        Identity { store, clock, entropy, audit, throttle, hasher: Hasher::new(salt) }
    }

    /// A fresh one-time token for the set-up link; `None` once there is a user. Earlier unused links end.
    pub async fn open_setup(&self) -> Result<Option<String>, IdentityError> {
        if self.store.count_users().await? != 0 {
            return Ok(None);
        }
        let token = fresh_token(&*self.entropy);
        self.store.insert_setup_link(&token_hash(&token), self.now().plus(SETUP_LINK_LIFE)).await?;
        Ok(Some(token))
    }

    pub async fn is_setup_open(&self, token: &str) -> Result<bool, IdentityError> {
        Ok(self.store.is_setup_link_open(&token_hash(token), self.now()).await?)
    }

    /// Makes the first user and spends the link.
    pub async fn create_first_user(
        &self,
        token: &str,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<UserId, SetupError> {
        let email = normal_email(email).map_err(SetupError::Email)?;
        if !self.is_setup_open(token).await.map_err(|IdentityError(error)| SetupError::Store(error))? {
            return Err(SetupError::LinkSpent);
        }
        let checked = self.hasher.check(password, &email).await.map_err(|_| SetupError::Busy)?;
        checked.map_err(SetupError::Password)?;
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        let password_hash = self.hasher.hash(password.to_owned(), salt).await.map_err(|_| SetupError::Busy)?;
        let id = UserId::from_uuid(new_id(&*self.clock, &*self.entropy));
        let user = User { id, email, password_hash, created_at: self.now() };
        let deed = Deed::new(Some(id), origin, AuditAction::SetUp, &user.email);
        let (user, hash, now) = (&user, &token_hash(token), self.now());
        match self.audit.together(&deed, |store| async move { store.insert_first_user(user, hash, now).await }).await {
            Ok(()) => Ok(id),
            Err(StoreError::Conflict) => Err(SetupError::LinkSpent),
            Err(error) => Err(SetupError::Store(error)),
        }
    }

    /// Answers alike, and as slowly, for an unknown e-mail and a wrong password; after a few of either, not at all for a
    /// while.
    pub async fn sign_in(&self, email: &str, password: &str, origin: &Origin) -> Result<Entrance, SignInError> {
        let subjects = [Some(Subject::email(email)), Subject::address(origin)].into_iter().flatten().collect();
        let attempt = match self.throttle.admit(subjects).await.map_err(SignInError::Store)? {
            Admission::Welcome(attempt) => attempt,
            Admission::Locked { until } => return Err(SignInError::Locked { until }),
        };
        let user = match normal_email(email) {
            Ok(email) => self.store.find_user_by_email(&email).await.map_err(SignInError::Store)?,
            Err(EmailError) => None,
        };
        let fits = self.fits(password, user.as_ref()).await?;
        // What was typed for an e-mail may be a password, so only one that is known is written down.
        let subject = user.as_ref().map_or("unknown e-mail", |user| &user.email);
        let Some(user) = user.as_ref().filter(|_| fits) else {
            let action = if attempt.locks { AuditAction::SignInLocked } else { AuditAction::SignInFailed };
            self.audit.note(Deed::new(None, origin, action, subject)).await;
            return Err(SignInError::WrongEmailOrPassword);
        };
        self.throttle.succeeded(attempt).await.map_err(SignInError::Store)?;
        let needs_code = self.has_second_factor(user.id).await.map_err(SignInError::Store)?;
        if !needs_code {
            let deed = Deed::new(Some(user.id), origin, AuditAction::SignedIn, subject);
            self.audit.record(deed).await.map_err(SignInError::Store)?;
        }
        Ok(Entrance { user: user.id, needs_code })
    }

    /// Whether a password is that of somebody who is signed in already; counted as a sign-in is.
    pub async fn confirm_password(&self, user: UserId, password: &str, origin: &Origin) -> Result<(), SignInError> {
        let found = self.store.find_user(user).await.map_err(SignInError::Store)?;
        let user = found.ok_or(SignInError::WrongEmailOrPassword)?;
        let attempt = match self.throttle.admit(vec![Subject::email(&user.email)]).await.map_err(SignInError::Store)? {
            Admission::Welcome(attempt) => attempt,
            Admission::Locked { until } => return Err(SignInError::Locked { until }),
        };
        if self.fits(password, Some(&user)).await? {
            return self.throttle.succeeded(attempt).await.map_err(SignInError::Store);
        }
        self.audit.note(Deed::new(Some(user.id), origin, AuditAction::SignInFailed, user.email)).await;
        Err(SignInError::WrongEmailOrPassword)
    }

    async fn has_second_factor(&self, user: UserId) -> Result<bool, StoreError> {
        let has_authenticator = self.store.find_authenticator(user).await?.is_some();
        Ok(has_authenticator || !self.store.list_passkeys(user).await?.is_empty())
    }

    async fn fits(&self, password: &str, user: Option<&User>) -> Result<bool, SignInError> {
        let stored = user.map(|user| user.password_hash.clone());
        self.hasher.verify(password.to_owned(), stored).await.map_err(|_| SignInError::Busy)
    }

    /// Records that somebody ended their session, which is over whatever becomes of the entry.
    pub async fn session_ended(&self, user: UserId, origin: &Origin) {
        self.audit.note(Deed::new(Some(user), origin, AuditAction::SessionEnded, "this session")).await;
    }

    pub async fn find_person(&self, user: UserId) -> Result<Option<Person>, IdentityError> {
        let user = self.store.find_user(user).await?;
        Ok(user.map(|user| Person { id: user.id, email: user.email }))
    }

    /// The one place where hashes are made, few at a time.
    /// Takes no new password that is on this list. Said once, before anybody is served.
    pub fn refuse_breached(&self, list: Arc<dyn BreachedPasswords>) {
        self.hasher.refuse(list);
    }

    pub(crate) fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// What nobody guesses, to be written into a link.
pub(crate) fn fresh_token(entropy: &dyn Entropy) -> String {
    let mut token = [0; 32];
    entropy.fill(&mut token);
    hex::encode(token)
}

/// A token is kept by its hash alone, so that a copy of the database opens nothing.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The one form of a name that can be written in several: compatible letters as one (NFKC), small, without spaces around.
pub(crate) fn folded(name: &str) -> String {
    let compatible: String = name.trim().nfkc().collect();
    // What became small may be several letters again.
    compatible.to_lowercase().nfkc().collect()
}

/// The one form of an address in which it is kept and looked for.
pub fn normal_email(email: &str) -> Result<String, EmailError> {
    let email = folded(email);
    let fits = email.len() <= 254 && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts =
        email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 2 && !host.contains('@'));
    if fits && parts { Ok(email) } else { Err(EmailError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_kept_in_one_form() {
        assert_eq!(normal_email(" Ana@Example.org "), Ok("ana@example.org".to_owned()));
        for nonsense in ["", "ana", "@example.org", "ana@", "ana@a@b.org", "ana @example.org", "ana@exa\u{0}mple.org"] {
            assert_eq!(normal_email(nonsense), Err(EmailError), "{nonsense:?}");
        }
    }

    #[test]
    fn f83_spellings_that_look_alike_to_a_machine_are_one_address() {
        let kept = normal_email("jos\u{e9}@example.org").unwrap();
        for other in ["jose\u{301}@example.org", "JOS\u{c9}@example.org", "jose\u{301}@\u{ff45}xample.org"] {
            assert_eq!(normal_email(other).as_ref(), Ok(&kept), "{other}");
        }
        assert_eq!(normal_email("\u{fb01}\u{212a}@example.org"), Ok("fik@example.org".to_owned()));
        assert_eq!(folded(&kept), kept, "what is in its one form stays so");
        // An at sign, or a space, that only looks like another letter makes no second address within one.
        for nonsense in ["ana@a\u{ff20}b.org", "ana\u{3000}x@example.org", "ana\u{a0}x@example.org"] {
            assert_eq!(normal_email(nonsense), Err(EmailError), "{nonsense:?}");
        }
    }
}

//! How somebody becomes known here, or gets in again without their password: by links that open once.
//!
//! Whoever asks by an address hears the same, as quickly, whether it is known or not.

mod asking;

pub use asking::AskError;

use crate::audit::{Audit, Deed};
use crate::clock::{Clock, Entropy, new_id};
use crate::deeds::Caller;
use crate::identity::{EmailError, normal_email, token_hash};
use crate::origin::Origin;
use crate::password::{Hasher, PasswordError, Strength};
use crate::post::Post;
use crate::throttle::{Admission, Subject, Throttle};
use domain::letter::LetterSubject;
use domain::{AuditAction, Role, Timestamp, UserId};
use std::sync::Arc;
use store::{LinkPurpose, PasswordChange, Store, StoreError, User};

/// The ways in that are not a password.
pub struct Joining {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    audit: Arc<Audit>,
    post: Arc<Post>,
    throttle: Throttle,
    hasher: Hasher,
}

/// What a link offers to whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The only address with which it may be used; `None` for any.
    pub email: Option<String>,
    pub role: Role,
}

#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error("this link was used, has expired, or is not for this address")]
    LinkSpent,
    /// The one that was to be replaced.
    #[error("the password is wrong")]
    WrongPassword,
    #[error(transparent)]
    Email(#[from] EmailError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Somebody here has this address; told only to who holds a link, and not often.
    #[error("this address is taken")]
    Taken,
    #[error("too many attempts; further ones wait")]
    Locked,
    #[error("too many at once; try again in a moment")]
    Busy,
    #[error("users cannot be read or written now")]
    Store(#[from] StoreError),
}

impl Joining {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        audit: Arc<Audit>,
        post: Arc<Post>,
        hasher: Hasher,
    ) -> Joining {
        let throttle = Throttle::new(Arc::clone(&store), Arc::clone(&clock));
        Joining { store, clock, entropy, audit, post, throttle, hasher }
    }

    /// What an invitation or a registration offers; `None` where the link opens nothing.
    pub async fn find_offer(&self, token: &str) -> Result<Option<Offer>, StoreError> {
        Ok(self.find(token).await?.map(|(_, offer)| offer))
    }

    /// Whether a link to set a new password opens.
    pub async fn is_reset_open(&self, token: &str) -> Result<bool, StoreError> {
        let found = self.store.find_link(&token_hash(token), LinkPurpose::Reset, self.now()).await?;
        Ok(found.is_some())
    }

    /// How a password would do, for who holds a link: the estimate takes time that not everybody may spend.
    pub async fn judge(&self, token: &str, email: &str, password: &str) -> Result<Strength, JoinError> {
        if self.find(token).await?.is_none() && !self.is_reset_open(token).await? {
            return Err(JoinError::LinkSpent);
        }
        self.hasher.judge(password, &email.trim().to_lowercase()).await.map_err(|_| JoinError::Busy)
    }

    /// Makes a user and spends the link, or neither.
    pub async fn join(
        &self,
        token: &str,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<(UserId, Role), JoinError> {
        let email = normal_email(email)?;
        let (purpose, offer) = self.find(token).await?.ok_or(JoinError::LinkSpent)?;
        if offer.email.is_some_and(|only| only != email) {
            return Err(JoinError::LinkSpent);
        }
        self.check(password, &email).await?;
        let hash = token_hash(token);
        let attempt = match self.throttle.admit(vec![Subject::link(&hash)]).await? {
            Admission::Welcome(attempt) => attempt,
            Admission::Locked { .. } => return Err(JoinError::Locked),
        };
        let password_hash = self.hash(password).await?;
        let id = UserId::from_uuid(new_id(&*self.clock, &*self.entropy));
        let user = User { id, email, password_hash, created_at: self.now() };
        // Who registered has read the letter; an invitation may have been handed over otherwise.
        let is_email_proven = purpose == LinkPurpose::Registration;
        // A link offers the same for as long as it opens.
        let deed = Deed::new(Some(id), origin, AuditAction::PersonJoined, &user.email).to(&offer.role);
        let (user, link) = (&user, &hash);
        let joining = |store: Arc<dyn Store>| async move { store.join(user, link, purpose, is_email_proven).await };
        let role = match self.audit.together(&deed, joining).await {
            Ok(role) => role,
            Err(StoreError::Conflict) => return Err(JoinError::LinkSpent),
            Err(StoreError::Duplicate) => return Err(JoinError::Taken),
            Err(error) => return Err(error.into()),
        };
        self.throttle.succeeded(attempt).await?;
        Ok((id, role))
    }

    /// Sets a new password and ends every session of the user. Their second factor is still asked at the next sign-in.
    pub async fn reset_password(&self, token: &str, password: &str, origin: &Origin) -> Result<UserId, JoinError> {
        let hash = token_hash(token);
        let link = self.store.find_link(&hash, LinkPurpose::Reset, self.now()).await?;
        let user = link.and_then(|link| link.user).ok_or(JoinError::LinkSpent)?;
        let known = self.store.find_user(user).await?.ok_or(JoinError::LinkSpent)?;
        self.check(password, &known.email).await?;
        let deed = Deed::new(Some(user), origin, AuditAction::PasswordChanged, "by a link");
        let (link, new, now) = (&hash, &self.hash(password).await?, self.now());
        match self.audit.together(&deed, |store| async move { store.reset_password(link, new, now).await }).await {
            Ok(_) => {}
            Err(StoreError::Conflict) => return Err(JoinError::LinkSpent),
            Err(error) => return Err(error.into()),
        }
        self.post.send_to(user, LetterSubject::PasswordChanged).await?;
        Ok(user)
    }

    /// Notes that an address was shown to be somebody's.
    pub async fn verify_email(&self, token: &str, origin: &Origin) -> Result<(), JoinError> {
        let (hash, now) = (&token_hash(token), self.now());
        let link = self.store.find_link(hash, LinkPurpose::Verification, now).await?;
        let user = link.and_then(|link| link.user).ok_or(JoinError::LinkSpent)?;
        let deed = Deed::new(Some(user), origin, AuditAction::EmailVerified, "by a link");
        match self.audit.together(&deed, |store| async move { store.verify_email(hash, now).await }).await {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict) => Err(JoinError::LinkSpent),
            Err(error) => Err(error.into()),
        }
    }

    /// A new password in place of the one that was just given; every session but `kept` ends.
    pub async fn change_password(&self, caller: &Caller, old: &str, new: &str, kept: &str) -> Result<(), JoinError> {
        let known = self.store.find_user(caller.user).await?.ok_or(JoinError::WrongPassword)?;
        let attempt = match self.throttle.admit(vec![Subject::email(&known.email)]).await? {
            Admission::Welcome(attempt) => attempt,
            Admission::Locked { .. } => return Err(JoinError::Locked),
        };
        let fits = self.hasher.verify(old.to_owned(), Some(known.password_hash.clone())).await;
        if !fits.map_err(|_| JoinError::Busy)? {
            self.audit.note(caller.did(AuditAction::SignInFailed, known.email)).await;
            return Err(JoinError::WrongPassword);
        }
        self.throttle.succeeded(attempt).await?;
        self.check(new, &known.email).await?;
        let new_hash = self.hash(new).await?;
        let change = &PasswordChange { old_hash: &known.password_hash, new_hash: &new_hash, kept };
        let deed = caller.did(AuditAction::PasswordChanged, "by its owner");
        let (user, now) = (caller.user, self.now());
        match self.audit.together(&deed, |store| async move { store.change_password(user, change, now).await }).await {
            Ok(()) => {}
            Err(StoreError::Conflict) => return Err(JoinError::WrongPassword),
            Err(error) => return Err(error.into()),
        }
        self.post.send_to(caller.user, LetterSubject::PasswordChanged).await?;
        Ok(())
    }

    async fn find(&self, token: &str) -> Result<Option<(LinkPurpose, Offer)>, StoreError> {
        for purpose in [LinkPurpose::Invitation, LinkPurpose::Registration] {
            let found = self.store.find_link(&token_hash(token), purpose, self.now()).await?;
            if let Some((role, email)) = found.and_then(|link| Some((link.role?, link.email))) {
                return Ok(Some((purpose, Offer { email, role })));
            }
        }
        Ok(None)
    }

    async fn check(&self, password: &str, email: &str) -> Result<(), JoinError> {
        Ok(self.hasher.check(password, email).await.map_err(|_| JoinError::Busy)??)
    }

    async fn hash(&self, password: &str) -> Result<String, JoinError> {
        let mut salt = [0; 16];
        self.entropy.fill(&mut salt);
        self.hasher.hash(password.to_owned(), salt).await.map_err(|_| JoinError::Busy)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

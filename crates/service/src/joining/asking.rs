//! Letters that somebody asks for: to register, to reset a password, to show that an address is theirs.
//!
//! What depends on whether an address is known happens after the answer has gone.

use super::Joining;
use crate::audit::Deed;
use crate::deeds::Caller;
use crate::identity::{EmailError, fresh_token, normal_email, token_hash};
use crate::origin::Origin;
use crate::throttle::{Admission, Subject};
use domain::letter::LetterSubject;
use domain::{AuditAction, Language, Millis, Registration, Role};
use std::sync::Arc;
use store::{Link, LinkPurpose, NewLink, StoreError};
use tokio::task::JoinHandle;

/// How long a letter's link stays open.
const LIFE: Millis = Millis::new(60 * Millis::MINUTE.get());

#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("this server sends no mail; ask an admin for a link")]
    NoMail,
    #[error("registration is not open")]
    NotOpen,
    #[error(transparent)]
    Email(#[from] EmailError),
    #[error("too many attempts; further ones wait")]
    Locked,
    #[error("this cannot be done now")]
    Store(#[from] StoreError),
}

impl Joining {
    /// Sends a link by which a password is set anew, where somebody has this address. The work that it takes goes on
    /// after this has answered; what is answered waits for its end.
    pub async fn ask_to_reset(self: &Arc<Self>, email: &str, origin: &Origin) -> Result<JoinHandle<()>, AskError> {
        let email = self.admit(email, origin).await?;
        let this = Arc::clone(self);
        let origin = origin.clone();
        Ok(tokio::spawn(async move {
            if let Err(error) = this.send_reset(&email, &origin).await {
                tracing::error!(%error, "a link to reset a password cannot be sent");
            }
        }))
    }

    /// Sends a link by which somebody registers; who is known already is told so by letter, and nobody else.
    pub async fn ask_to_register(
        self: &Arc<Self>,
        email: &str,
        language: Language,
        origin: &Origin,
    ) -> Result<JoinHandle<()>, AskError> {
        if self.store.find_registration().await? != Registration::Open {
            return Err(AskError::NotOpen);
        }
        let email = self.admit(email, origin).await?;
        let this = Arc::clone(self);
        Ok(tokio::spawn(async move {
            if let Err(error) = this.send_registration(&email, language).await {
                tracing::error!(%error, "a link to register cannot be sent");
            }
        }))
    }

    /// Sends a link that shows that the caller's address is theirs.
    pub async fn ask_to_verify(&self, caller: &Caller) -> Result<(), AskError> {
        if !self.post.is_there() {
            return Err(AskError::NoMail);
        }
        let Some(known) = self.store.find_user(caller.user).await? else { return Ok(()) };
        self.count(vec![Subject::letter(&known.email)]).await?;
        let link = Link { user: Some(known.id), email: Some(known.email), role: None };
        let token = self.make_link(LinkPurpose::Verification, link).await?;
        let link = self.post.link("/door/verify", &token);
        Ok(self.post.send_to(known.id, LetterSubject::Verification { link }).await?)
    }

    /// The address in its normal form, if another letter may be sent to it, known or not.
    async fn admit(&self, email: &str, origin: &Origin) -> Result<String, AskError> {
        if !self.post.is_there() {
            return Err(AskError::NoMail);
        }
        let email = normal_email(email)?;
        let subjects = [Some(Subject::letter(&email)), Subject::letters_from(origin)];
        self.count(subjects.into_iter().flatten().collect()).await?;
        Ok(email)
    }

    async fn count(&self, subjects: Vec<Subject>) -> Result<(), AskError> {
        match self.throttle.admit(subjects).await? {
            // Nothing ever gives a count back: a letter that was sent was sent.
            Admission::Welcome(_) => Ok(()),
            Admission::Locked { .. } => Err(AskError::Locked),
        }
    }

    async fn send_reset(&self, email: &str, origin: &Origin) -> Result<(), StoreError> {
        let Some(known) = self.store.find_user_by_email(email).await? else { return Ok(()) };
        let link = Link { user: Some(known.id), email: None, role: None };
        let (token, made) = self.fresh_link(LinkPurpose::Reset, link);
        let (deed, made) = (Deed::new(None, origin, AuditAction::ResetAsked, known.email), &made);
        self.audit.together(&deed, |store| async move { store.insert_link(made).await }).await?;
        let link = self.post.link("/door/reset", &token);
        self.post.send_to(known.id, LetterSubject::Reset { link }).await
    }

    async fn send_registration(&self, email: &str, language: Language) -> Result<(), StoreError> {
        if let Some(known) = self.store.find_user_by_email(email).await? {
            let link = self.post.sign_in_link();
            return self.post.send_to(known.id, LetterSubject::AlreadyKnown { link }).await;
        }
        let link = Link { user: None, email: Some(email.to_owned()), role: Some(Role::Operator) };
        let token = self.make_link(LinkPurpose::Registration, link).await?;
        let link = self.post.link("/door/join", &token);
        self.post.send(email, language, LetterSubject::Registration { link });
        Ok(())
    }

    async fn make_link(&self, purpose: LinkPurpose, link: Link) -> Result<String, StoreError> {
        let (token, made) = self.fresh_link(purpose, link);
        self.store.insert_link(&made).await?;
        Ok(token)
    }

    /// A link's token, and what is kept of it.
    fn fresh_link(&self, purpose: LinkPurpose, link: Link) -> (String, NewLink) {
        let (token, made_at) = (fresh_token(&*self.entropy), self.now());
        let (token_hash, expires_at) = (token_hash(&token), made_at.plus(LIFE));
        (token, NewLink { token_hash, purpose, link, made_at, expires_at })
    }
}

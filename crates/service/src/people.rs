//! What admins do with people: each deed checked, given a reason where it takes one, and kept in the audit.

mod plans;

pub use plans::OwnPlan;

use crate::audit::{Audit, Deed};
use crate::authority::{Authority, Denied, Office};
use crate::clock::{Clock, Entropy};
use crate::deeds::{Caller, Confirmed};
use crate::identity::{EmailError, fresh_token, normal_email, token_hash};
use crate::origin::Origin;
use crate::post::Post;
use domain::letter::LetterSubject;
use domain::{AuditAction, FactorRule, Language, Millis, Registration, Role, UserId};
use serde::Serialize;
use std::sync::Arc;
use store::{Link, LinkPurpose, NewLink, Person, Store, StoreError};

/// How long an invitation stays open.
const INVITATION_LIFE: Millis = Millis::new(7 * Millis::DAY.get());
/// How long somebody has to use the link that an admin gave them.
const RESET_LIFE: Millis = Millis::DAY;
/// The longest reason, in characters.
const LONGEST_REASON: usize = 200;

/// Everybody on this server, for its admins.
pub struct People {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) authority: Arc<Authority>,
    pub(crate) post: Arc<Post>,
}

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such person")]
    NoSuchPerson,
    /// Nobody could administer this server any more.
    #[error("the last admin stays one")]
    LastAdmin,
    #[error("this needs a reason, of at most 200 characters")]
    NoReason,
    #[error("this is no e-mail address")]
    Email,
    /// Invitations would open nothing.
    #[error("registration is closed")]
    RegistrationClosed,
    /// A plan would have ended before it began.
    #[error("the end lies in the past")]
    PastEnd,
    /// Whoever demands it of all would be the first to be shut out.
    #[error("who demands a second factor needs one")]
    NoOwnFactor,
    /// Without mail nobody could show that an address is theirs.
    #[error("this server sends no mail")]
    NoMail,
    #[error("this cannot be read or written now")]
    Store(#[from] StoreError),
}

/// A one-time link that was just made.
#[derive(Clone, PartialEq, Eq)]
pub enum Ticket {
    /// It is on its way to the person's mailbox, and shown to nobody else.
    Mailed,
    /// To be handed to the person; shown this once.
    Shown(String),
}

#[derive(Serialize)]
struct Invited<'a> {
    email: Option<&'a str>,
    role: Role,
}

#[derive(Serialize)]
struct NewRole<'a> {
    role: Role,
    reason: &'a str,
}

#[derive(Serialize)]
struct Because<'a> {
    reason: &'a str,
}

impl People {
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Person>, PeopleError> {
        self.check(caller).await?;
        Ok(self.store.list_people(self.clock.now()).await?)
    }

    /// Makes a link by which somebody becomes known with this role; with an address, only that address, and by mail
    /// where the server sends any.
    pub async fn invite(
        &self,
        confirmed: &Confirmed,
        role: Role,
        email: Option<&str>,
        language: Language,
    ) -> Result<Ticket, PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let email = email.map(normal_email).transpose().map_err(|EmailError| PeopleError::Email)?;
        if self.store.find_registration().await? == Registration::Closed {
            return Err(PeopleError::RegistrationClosed);
        }
        let link = Link { user: None, email: email.clone(), role: Some(role) };
        let deed = caller.did(AuditAction::PersonInvited, email.as_deref().unwrap_or("whoever has the link"));
        let deed = deed.to(&Invited { email: email.as_deref(), role });
        let token = self.make_link(LinkPurpose::Invitation, link, INVITATION_LIFE, &deed).await?;
        let link = self.post.link("/door/join", &token);
        match email {
            Some(email) if self.post.is_there() => {
                self.post.send(&email, language, LetterSubject::Invitation { link, role });
                Ok(Ticket::Mailed)
            }
            _ => Ok(Ticket::Shown(link)),
        }
    }

    /// Takes effect with the person's next request.
    pub async fn change_role(
        &self,
        confirmed: &Confirmed,
        user: UserId,
        role: Role,
        why: &str,
    ) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let (why, before) = (reason(why)?, self.find(user).await?);
        let deed = caller.did(AuditAction::RoleChanged, before.email);
        let deed = deed.from(&before.role).to(&NewRole { role, reason: &why });
        let changing = |store: Arc<dyn Store>| async move { store.change_role(user, role).await };
        self.audit.together(&deed, changing).await.map_err(last_admin)
    }

    /// Ends every session, token and program of somebody, and lets nothing in until they are restored. Needs no
    /// confirmation, since it only takes away.
    pub async fn suspend(&self, caller: &Caller, user: UserId, why: &str) -> Result<(), PeopleError> {
        self.check(caller).await?;
        let (why, person) = (reason(why)?, self.find(user).await?);
        let deed = caller.did(AuditAction::PersonSuspended, person.email).to(&Because { reason: &why });
        let (why, now) = (&why, self.clock.now());
        let suspending = |store: Arc<dyn Store>| async move { store.suspend_user(user, why, now).await };
        self.audit.together(&deed, suspending).await.map_err(last_admin)
    }

    pub async fn restore(&self, confirmed: &Confirmed, user: UserId, why: &str) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let (why, person) = (reason(why)?, self.find(user).await?);
        let deed = caller.did(AuditAction::PersonRestored, person.email).to(&Because { reason: &why });
        let restored = self.audit.together(&deed, |store| async move { store.restore_user(user).await }).await;
        restored.map_err(|error| missing(error, PeopleError::NoSuchPerson))
    }

    /// Takes away somebody's authenticator, passkeys and recovery codes, and ends their sessions, tokens and programs:
    /// their password alone opens their account until they add a new factor. They are told by mail.
    pub async fn reset_factors(&self, confirmed: &Confirmed, user: UserId, why: &str) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let (why, person) = (reason(why)?, self.find(user).await?);
        let deed = caller.did(AuditAction::FactorsReset, person.email).to(&Because { reason: &why });
        let now = self.clock.now();
        self.audit.together(&deed, |store| async move { store.take_factors(user, now).await }).await?;
        self.post.send_to(user, LetterSubject::FactorsReset).await?;
        Ok(())
    }

    /// Ends every session, token and program of somebody; they may sign in again.
    pub async fn end_sessions(&self, caller: &Caller, user: UserId, why: &str) -> Result<(), PeopleError> {
        self.check(caller).await?;
        let (why, person) = (reason(why)?, self.find(user).await?);
        let deed = caller.did(AuditAction::PersonSignedOut, person.email).to(&Because { reason: &why });
        let now = self.clock.now();
        self.audit.together(&deed, |store| async move { store.shut_out(user, now).await }).await?;
        Ok(())
    }

    /// A link by which somebody sets a new password; their second factor is still asked. By mail where the server sends
    /// any, so that it is shown to nobody else.
    pub async fn make_reset_link(&self, confirmed: &Confirmed, user: UserId, why: &str) -> Result<Ticket, PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        let (why, person) = (reason(why)?, self.find(user).await?);
        if person.suspension.is_some() {
            return Err(PeopleError::NoSuchPerson);
        }
        let link = Link { user: Some(user), email: None, role: None };
        let deed = caller.did(AuditAction::ResetLinkMade, person.email).to(&Because { reason: &why });
        let token = self.make_link(LinkPurpose::Reset, link, RESET_LIFE, &deed).await?;
        let link = self.post.link("/door/reset", &token);
        if !self.post.is_there() {
            return Ok(Ticket::Shown(link));
        }
        self.post.send_to(user, LetterSubject::Reset { link }).await?;
        Ok(Ticket::Mailed)
    }

    /// The same for whoever has the server's shell: so a last admin who forgot their password comes in again without mail.
    pub async fn make_reset_link_at_the_shell(&self, email: &str) -> Result<String, PeopleError> {
        let email = normal_email(email).map_err(|EmailError| PeopleError::Email)?;
        let user = self.store.find_user_by_email(&email).await?.ok_or(PeopleError::NoSuchPerson)?;
        let link = Link { user: Some(user.id), email: None, role: None };
        let deed = Deed::new(None, &Origin::CommandLine, AuditAction::ResetLinkMade, email);
        let deed = deed.to(&Because { reason: "made at the server's shell" });
        let token = self.make_link(LinkPurpose::Reset, link, RESET_LIFE, &deed).await?;
        Ok(self.post.link("/door/reset", &token))
    }

    /// Who may make themselves known; for whoever asks, since the way in shows it.
    pub async fn find_registration(&self) -> Result<Registration, StoreError> {
        self.store.find_registration().await
    }

    /// Who may make themselves known; for admins.
    pub async fn set_registration(&self, confirmed: &Confirmed, wanted: Registration) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        if wanted == Registration::Open && !self.post.is_there() {
            return Err(PeopleError::NoMail);
        }
        let before = self.store.find_registration().await?;
        let deed = caller.did(AuditAction::RegistrationChanged, "registration").from(&before).to(&wanted);
        Ok(self.audit.together(&deed, |store| async move { store.save_registration(wanted).await }).await?)
    }

    /// Whether everybody must have a second factor.
    pub async fn find_factor_rule(&self) -> Result<FactorRule, StoreError> {
        self.store.find_factor_rule().await
    }

    /// Demanded only by who has one. From their next request on, who must have a second factor and has none sees nothing
    /// but how to add one; a live stream that is open goes on until it is opened anew.
    pub async fn set_factor_rule(&self, confirmed: &Confirmed, wanted: FactorRule) -> Result<(), PeopleError> {
        let caller = confirmed.caller();
        self.check(caller).await?;
        if wanted == FactorRule::Demanded && !self.find(caller.user).await?.has_second_factor {
            return Err(PeopleError::NoOwnFactor);
        }
        let before = self.store.find_factor_rule().await?;
        let deed = caller.did(AuditAction::FactorRuleChanged, "second factors").from(&before).to(&wanted);
        Ok(self.audit.together(&deed, |store| async move { store.save_factor_rule(wanted).await }).await?)
    }

    /// Fails for who is no admin.
    pub async fn check(&self, caller: &Caller) -> Result<(), PeopleError> {
        Ok(self.authority.check_office(caller.user, Office::Administer).await?)
    }

    async fn find(&self, user: UserId) -> Result<Person, PeopleError> {
        self.store.find_person(user, self.clock.now()).await?.ok_or(PeopleError::NoSuchPerson)
    }

    async fn make_link(
        &self,
        purpose: LinkPurpose,
        link: Link,
        life: Millis,
        deed: &Deed,
    ) -> Result<String, StoreError> {
        let (token, made_at) = (fresh_token(&*self.entropy), self.clock.now());
        let (token_hash, expires_at) = (token_hash(&token), made_at.plus(life));
        let made = &NewLink { token_hash, purpose, link, made_at, expires_at };
        self.audit.together(deed, |store| async move { store.insert_link(made).await }).await?;
        Ok(token)
    }
}

/// Why somebody does what others have to answer for: some words, on one line.
fn reason(typed: &str) -> Result<String, PeopleError> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !words.is_empty() && words.chars().count() <= LONGEST_REASON && !words.chars().any(char::is_control);
    if fits { Ok(words) } else { Err(PeopleError::NoReason) }
}

/// The person is there, so what stands in the way is that no admin would be left.
fn last_admin(error: StoreError) -> PeopleError {
    missing(error, PeopleError::LastAdmin)
}

fn missing(error: StoreError, meant: PeopleError) -> PeopleError {
    if matches!(error, StoreError::Conflict) { meant } else { error.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f90_a_reason_is_some_words_and_not_too_many() {
        assert_eq!(reason("  left the\n group ").unwrap(), "left the group");
        for none in ["", " \n\t", "a\0b", &"x".repeat(201)] {
            assert!(matches!(reason(none), Err(PeopleError::NoReason)), "{none:?}");
        }
    }
}

//! Everybody on this server, and what admins do with them.

use crate::api::SecurityFault;
use crate::api::json::Json;
use domain::{FactorRule, Plan, PlanGrantId, PlanTerm, Registration, Role, Timestamp, UserId};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Somebody, as admins see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Somebody {
    pub user: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub since: Timestamp,
    /// When and why they were shut out.
    pub suspended: Option<(Timestamp, String)>,
    pub is_email_verified: bool,
    pub has_second_factor: bool,
    pub sessions: u32,
    pub plan: PlanTerm,
    /// It is the reader.
    pub is_self: bool,
}

/// What the page of people shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Everybody {
    pub people: Vec<Somebody>,
    pub registration: Registration,
    pub factor_rule: FactorRule,
    /// The plan of whoever comes from now on.
    pub plan_for_new: Plan,
    pub sends_mail: bool,
    pub is_confirmed: bool,
}

/// A one-time link that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ticket {
    /// It is on its way to the person's mailbox.
    Mailed,
    /// To be handed over; shown this once.
    Shown(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PeopleFault {
    #[error(transparent)]
    Who(SecurityFault),
    #[error("there is no such person")]
    NoSuchPerson,
    #[error("the last admin stays one")]
    LastAdmin,
    #[error("this needs a reason")]
    NoReason,
    #[error("this is no e-mail address")]
    Email,
    #[error("registration is closed")]
    RegistrationClosed,
    #[error("this server sends no mail")]
    NoMail,
    #[error("the end lies in the past")]
    PastEnd,
    #[error("who demands a second factor needs one")]
    NoOwnFactor,
}

impl FromServerFnError for PeopleFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> PeopleFault {
        PeopleFault::Who(SecurityFault::Unreachable)
    }
}

/// For admins.
#[server(endpoint = "find_people", protocol = Json)]
pub async fn find_people() -> Result<Everybody, PeopleFault> {
    let (services, session, caller) = super::security::asking().await?;
    let people = services.people.list(&caller).await?;
    let people = people.into_iter().map(|person| told(person, caller.user)).collect();
    let registration = services.people.find_registration().await.map_err(super::security::unavailable)?;
    let factor_rule = services.people.find_factor_rule().await.map_err(super::security::unavailable)?;
    let confirmed_at = crate::session::confirmed_at(&session).await;
    let is_confirmed = services.confirmed(caller, confirmed_at).is_some();
    let plan_for_new = services.people.find_plan_for_new().await.map_err(super::security::unavailable)?;
    let sends_mail = services.post.is_there();
    Ok(Everybody { people, registration, factor_rule, plan_for_new, sends_mail, is_confirmed })
}

/// Makes a link by which somebody becomes known; with an address, for that address alone.
#[server(endpoint = "invite", protocol = Json)]
pub async fn invite(role: Role, email: Option<String>) -> Result<Ticket, PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    let language = super::profile::spoken();
    Ok(services.people.invite(&confirmed, role, email.as_deref(), language).await?.into())
}

#[server(endpoint = "change_role", protocol = Json)]
pub async fn change_role(user: UserId, role: Role, reason: String) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.change_role(&confirmed, user, role, &reason).await?)
}

/// Shuts somebody out at once; asks for no confirmation, since it only takes away.
#[server(endpoint = "suspend_person", protocol = Json)]
pub async fn suspend_person(user: UserId, reason: String) -> Result<(), PeopleFault> {
    let (services, _, caller) = super::security::asking().await?;
    Ok(services.people.suspend(&caller, user, &reason).await?)
}

#[server(endpoint = "restore_person", protocol = Json)]
pub async fn restore_person(user: UserId, reason: String) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.restore(&confirmed, user, &reason).await?)
}

/// Takes every second factor away from somebody who lost theirs.
#[server(endpoint = "reset_factors", protocol = Json)]
pub async fn reset_factors(user: UserId, reason: String) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.reset_factors(&confirmed, user, &reason).await?)
}

/// Ends every session, token and program of somebody; asks for no confirmation, since it only takes away.
#[server(endpoint = "sign_out_person", protocol = Json)]
pub async fn sign_out_person(user: UserId, reason: String) -> Result<(), PeopleFault> {
    let (services, _, caller) = super::security::asking().await?;
    Ok(services.people.end_sessions(&caller, user, &reason).await?)
}

/// A link by which somebody sets a new password.
#[server(endpoint = "make_reset_link", protocol = Json)]
pub async fn make_reset_link(user: UserId, reason: String) -> Result<Ticket, PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.make_reset_link(&confirmed, user, &reason).await?.into())
}

/// Who may make themselves known from now on.
#[server(endpoint = "set_registration", protocol = Json)]
pub async fn set_registration(registration: Registration) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.set_registration(&confirmed, registration).await?)
}

/// Whether everybody must have a second factor from now on.
#[server(endpoint = "set_factor_rule", protocol = Json)]
pub async fn set_factor_rule(rule: FactorRule) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.set_factor_rule(&confirmed, rule).await?)
}

/// Gives somebody a plan, once a request, however often it arrives.
#[server(endpoint = "grant_plan", protocol = Json)]
pub async fn grant_plan(request: PlanGrantId, user: UserId, term: PlanTerm, reason: String) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.grant_plan(&confirmed, request, user, term, &reason).await?)
}

/// The plan of whoever comes from now on.
#[server(endpoint = "set_plan_for_new", protocol = Json)]
pub async fn set_plan_for_new(plan: Plan) -> Result<(), PeopleFault> {
    let (services, confirmed) = super::security::confirmed().await?;
    Ok(services.people.set_plan_for_new(&confirmed, plan).await?)
}

#[cfg(feature = "ssr")]
fn told(person: service::KnownPerson, reader: UserId) -> Somebody {
    Somebody {
        user: person.id,
        is_self: person.id == reader,
        email: person.email,
        name: person.name,
        role: person.role,
        since: person.created_at,
        suspended: person.suspension.map(|suspension| (suspension.at, suspension.why)),
        is_email_verified: person.is_email_verified,
        has_second_factor: person.has_second_factor,
        sessions: person.sessions,
        plan: person.plan,
    }
}

#[cfg(feature = "ssr")]
impl From<service::Ticket> for Ticket {
    fn from(ticket: service::Ticket) -> Ticket {
        match ticket {
            service::Ticket::Mailed => Ticket::Mailed,
            service::Ticket::Shown(link) => Ticket::Shown(link),
        }
    }
}

impl From<SecurityFault> for PeopleFault {
    fn from(fault: SecurityFault) -> PeopleFault {
        PeopleFault::Who(fault)
    }
}

#[cfg(feature = "ssr")]
impl From<service::PeopleError> for PeopleFault {
    fn from(error: service::PeopleError) -> PeopleFault {
        use http::StatusCode;
        use service::PeopleError;
        let (status, fault) = match error {
            PeopleError::Denied(denied) => return PeopleFault::Who(denied.into()),
            PeopleError::Store(error) => return PeopleFault::Who(super::security::unavailable(error)),
            PeopleError::NoSuchPerson => (StatusCode::NOT_FOUND, PeopleFault::NoSuchPerson),
            PeopleError::LastAdmin => (StatusCode::CONFLICT, PeopleFault::LastAdmin),
            PeopleError::NoReason => (StatusCode::UNPROCESSABLE_ENTITY, PeopleFault::NoReason),
            PeopleError::Email => (StatusCode::UNPROCESSABLE_ENTITY, PeopleFault::Email),
            PeopleError::RegistrationClosed => (StatusCode::CONFLICT, PeopleFault::RegistrationClosed),
            PeopleError::NoMail => (StatusCode::CONFLICT, PeopleFault::NoMail),
            PeopleError::NoOwnFactor => (StatusCode::CONFLICT, PeopleFault::NoOwnFactor),
            PeopleError::PastEnd => (StatusCode::UNPROCESSABLE_ENTITY, PeopleFault::PastEnd),
        };
        crate::session::answer_with(status);
        fault
    }
}

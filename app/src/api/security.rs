//! A person's own security: where they are signed in, their authenticator, their recovery codes.

use crate::api::json::Json;
use crate::api::passkeys::OwnPasskey;
use domain::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why something was not shown or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SecurityFault {
    #[error("nobody is signed in")]
    SignedOut,
    /// Password and code must be given again first.
    #[error("this needs a fresh confirmation")]
    NotConfirmed,
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the code is wrong or was used already")]
    WrongCode,
    #[error("too many attempts; further ones wait")]
    Locked,
    #[error("there is no such session")]
    NotFound,
    #[error("this is not allowed")]
    Forbidden,
    #[error("nobody here has this address")]
    NoSuchPerson,
    #[error("this cannot be done now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for SecurityFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> SecurityFault {
        SecurityFault::Unreachable
    }
}

/// A place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// Names the session; opens nothing.
    pub id: String,
    pub is_this_one: bool,
    pub signed_in_at: Timestamp,
    pub seen_at: Timestamp,
    pub address: String,
    /// The browser's own words.
    pub agent: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    /// This one first.
    pub sessions: Vec<OpenSession>,
    /// When the authenticator was added; `None` without one.
    pub authenticator_since: Option<Timestamp>,
    pub recovery_codes_left: i64,
    pub passkeys: Vec<OwnPasskey>,
    /// The program has an address that passkeys can be bound to.
    pub passkeys_are_on: bool,
    /// Password and code were given a short while ago.
    pub is_confirmed: bool,
}

/// What is needed to add an authenticator; shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAuthenticator {
    pub version: u32,
    pub sealed: String,
    pub seed: String,
    /// The QR code as the path of a drawing of `size` by `size`.
    pub qr_path: String,
    pub size: i32,
}

#[server(endpoint = "security", protocol = Json)]
pub async fn find_security() -> Result<Security, SecurityFault> {
    let (services, session, caller) = asking().await?;
    let sessions = services.sessions.list(&caller, &crate::session::name(&session)).await.map_err(unavailable)?;
    let status = services.second_factors.status(caller.user).await.map_err(unavailable)?;
    let passkeys = services.passkeys.list(caller.user).await.map_err(unavailable)?;
    let confirmed_at = crate::session::confirmed_at(&session).await;
    Ok(Security {
        sessions: sessions.into_iter().map(told).collect(),
        authenticator_since: status.added_at,
        recovery_codes_left: status.recovery_codes_left,
        passkeys: passkeys.into_iter().map(OwnPasskey::from).collect(),
        passkeys_are_on: services.passkeys.is_on(),
        is_confirmed: services.confirmed(caller, confirmed_at).is_some(),
    })
}

/// Ends one session, everywhere and at once.
#[server(endpoint = "end_session", protocol = Json)]
pub async fn end_session(id: String) -> Result<(), SecurityFault> {
    let (services, confirmed) = confirmed().await?;
    let ended = services.sessions.end(&confirmed, &id).await.map_err(unavailable)?;
    if ended { Ok(()) } else { Err(SecurityFault::NotFound) }
}

/// Ends every session but this one; answers how many.
#[server(endpoint = "end_other_sessions", protocol = Json)]
pub async fn end_other_sessions() -> Result<u64, SecurityFault> {
    let session = crate::session::current().await.ok_or(SecurityFault::SignedOut)?;
    let (services, confirmed) = confirmed().await?;
    services.sessions.end_others(&confirmed, &crate::session::name(&session)).await.map_err(unavailable)
}

/// Shows again who it is, so that the factors may be changed for a short while.
#[server(endpoint = "step_up", protocol = Json)]
pub async fn step_up(password: String, code: String) -> Result<(), SecurityFault> {
    let (services, session, caller) = asking().await?;
    services.step_up(&caller, &password, &code).await?;
    crate::session::confirm(&session, services.desk.now()).await.map_err(unavailable)
}

/// Whether a confirmation takes a code beside the password.
#[server(endpoint = "asks_code", protocol = Json)]
pub async fn asks_code() -> Result<bool, SecurityFault> {
    let (services, _, caller) = asking().await?;
    let status = services.second_factors.status(caller.user).await.map_err(unavailable)?;
    Ok(status.added_at.is_some() || status.has_passkeys)
}

/// A fresh seed, not in use before [`finish_authenticator`].
#[server(endpoint = "begin_authenticator", protocol = Json)]
pub async fn begin_authenticator() -> Result<NewAuthenticator, SecurityFault> {
    let (services, confirmed) = confirmed().await?;
    let person = services.identity.find_person(confirmed.caller().user).await.map_err(unavailable)?;
    let name = person.ok_or(SecurityFault::SignedOut)?.email;
    let service::Enrolment { version, sealed, seed, qr_path, size } =
        services.second_factors.begin(&confirmed, &name).await?;
    Ok(NewAuthenticator { version, sealed, seed, qr_path, size })
}

/// Puts the seed in use; answers the recovery codes, which are shown this once.
#[server(endpoint = "finish_authenticator", protocol = Json)]
pub async fn finish_authenticator(version: u32, sealed: String, code: String) -> Result<Vec<String>, SecurityFault> {
    let (services, confirmed) = confirmed().await?;
    let sealed = hex::decode(sealed).map_err(|_| SecurityFault::WrongCode)?;
    Ok(services.second_factors.finish(&confirmed, version, sealed, &code).await?)
}

#[server(endpoint = "remove_authenticator", protocol = Json)]
pub async fn remove_authenticator() -> Result<(), SecurityFault> {
    let (services, confirmed) = confirmed().await?;
    Ok(services.second_factors.remove(&confirmed).await?)
}

/// New recovery codes in place of the old; shown this once.
#[server(endpoint = "renew_recovery_codes", protocol = Json)]
pub async fn renew_recovery_codes() -> Result<Vec<String>, SecurityFault> {
    let (services, confirmed) = confirmed().await?;
    Ok(services.second_factors.renew_recovery_codes(&confirmed).await?)
}

#[cfg(feature = "ssr")]
pub(super) async fn asking() -> Result<(service::Services, tower_sessions::Session, service::Caller), SecurityFault> {
    let caller = crate::session::accountable().await.ok_or(SecurityFault::SignedOut)?;
    let services = expect_context::<service::Services>();
    let session = crate::session::current().await.ok_or(SecurityFault::SignedOut)?;
    Ok((services, session, caller))
}

#[cfg(feature = "ssr")]
pub(super) async fn confirmed() -> Result<(service::Services, service::Confirmed), SecurityFault> {
    let (services, session, caller) = asking().await?;
    let at = crate::session::confirmed_at(&session).await;
    let confirmed = services.confirmed(caller, at).ok_or(SecurityFault::NotConfirmed)?;
    Ok((services, confirmed))
}

#[cfg(feature = "ssr")]
fn told(session: service::sessions::OpenSession) -> OpenSession {
    let service::sessions::OpenSession { id, is_this_one, seen_at, whereabouts } = session;
    let service::sessions::Whereabouts { signed_in_at, address, agent } = whereabouts;
    OpenSession { id, is_this_one, signed_in_at, seen_at, address, agent }
}

#[cfg(feature = "ssr")]
pub(super) fn unavailable(error: impl std::error::Error) -> SecurityFault {
    tracing::error!(%error, "a person's security cannot be shown or changed");
    SecurityFault::Unavailable
}

#[cfg(feature = "ssr")]
impl From<service::CodeError> for SecurityFault {
    fn from(error: service::CodeError) -> SecurityFault {
        match error {
            service::CodeError::Wrong => SecurityFault::WrongCode,
            service::CodeError::Locked { .. } => SecurityFault::Locked,
            error => unavailable(error),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<service::StepUpError> for SecurityFault {
    fn from(error: service::StepUpError) -> SecurityFault {
        match error {
            service::StepUpError::Code(error) => error.into(),
            service::StepUpError::Password(service::SignInError::WrongEmailOrPassword) => SecurityFault::WrongPassword,
            service::StepUpError::Password(service::SignInError::Locked { .. }) => SecurityFault::Locked,
            service::StepUpError::Password(error) => unavailable(error),
        }
    }
}

//! Passkeys: to come in, as the second factor, to confirm who it is, and how they are added and removed.

use crate::api::json::Json;
use domain::{PasskeyId, Timestamp};
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// What a passkey is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasskeyUse {
    SignIn,
    /// After the password.
    SecondFactor,
    StepUp,
}

/// Why a passkey was not added, taken or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PasskeyFault {
    #[error("nobody is signed in")]
    SignedOut,
    /// Password and code must be given again first.
    #[error("this needs a fresh confirmation")]
    NotConfirmed,
    /// The password was given too long ago, or never.
    #[error("sign in again")]
    StartOver,
    #[error("passkeys need a public address with a host name")]
    Off,
    #[error("a name has 1 to 60 characters")]
    Name,
    #[error("there are 20 passkeys already")]
    TooMany,
    #[error("there is no such passkey")]
    NotFound,
    #[error("this passkey was not accepted")]
    Wrong,
    #[error("too many attempts; further ones wait")]
    Locked,
    /// Said by the page itself: the person, or the browser, has broken it off.
    #[error("the browser showed no passkey")]
    Canceled,
    /// Said by the page itself.
    #[error("this browser knows no passkeys")]
    NotSupported,
    #[error("this cannot be done now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for PasskeyFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> PasskeyFault {
        PasskeyFault::Unreachable
    }
}

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPasskey {
    pub id: PasskeyId,
    pub name: String,
    pub added_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Whether who owes a second factor can show a passkey for it.
#[server(endpoint = "has_passkey", protocol = Json)]
pub async fn has_passkey() -> Result<bool, PasskeyFault> {
    let (services, session) = asking().await?;
    let waiting = crate::session::waiting(&session, services.desk.now()).await;
    let Some(user) = waiting else { return Ok(false) };
    Ok(services.second_factors.status(user).await.map_err(service::PasskeyError::Store)?.has_passkeys)
}

/// What the browser is to ask a passkey, as JSON.
#[server(endpoint = "ask_passkey", protocol = Json)]
pub async fn ask_passkey(purpose: PasskeyUse) -> Result<String, PasskeyFault> {
    let (services, session) = asking().await?;
    let challenge = match purpose {
        PasskeyUse::SignIn => services.passkeys.ask_anyone()?,
        PasskeyUse::SecondFactor => {
            let waiting = crate::session::waiting(&session, services.desk.now()).await;
            services.passkeys.ask(waiting.ok_or(PasskeyFault::StartOver)?).await?
        }
        PasskeyUse::StepUp => {
            let caller = crate::session::accountable().await.ok_or(PasskeyFault::SignedOut)?;
            services.passkeys.ask(caller.user).await?
        }
    };
    keep(&session, challenge).await
}

/// What a passkey answered, as JSON. Signs in, or confirms.
#[server(endpoint = "show_passkey", protocol = Json)]
pub async fn show_passkey(purpose: PasskeyUse, credential: String) -> Result<(), PasskeyFault> {
    let (services, session) = asking().await?;
    let origin = crate::session::origin();
    let ceremony = crate::session::take_ceremony(&session).await.ok_or(PasskeyFault::Wrong)?;
    match purpose {
        PasskeyUse::SignIn => {
            let user = services.passkeys.enter_anyone(ceremony, &credential, &origin).await?;
            super::identity::welcome(&services, user).await.ok_or(PasskeyFault::Unavailable)
        }
        PasskeyUse::SecondFactor => {
            let waiting = crate::session::waiting(&session, services.desk.now()).await;
            let user = waiting.ok_or(PasskeyFault::StartOver)?;
            services.passkeys.enter(user, ceremony, &credential, &origin).await?;
            super::identity::welcome(&services, user).await.ok_or(PasskeyFault::Unavailable)
        }
        PasskeyUse::StepUp => {
            let caller = crate::session::accountable().await.ok_or(PasskeyFault::SignedOut)?;
            services.passkeys.step_up(&caller, ceremony, &credential).await?;
            crate::session::confirm(&session, services.desk.now()).await.map_err(|_| PasskeyFault::Unavailable)
        }
    }
}

/// What the browser is to hand to a new authenticator, as JSON.
#[server(endpoint = "begin_passkey", protocol = Json)]
pub async fn begin_passkey() -> Result<String, PasskeyFault> {
    let (services, session, confirmed) = confirmed().await?;
    let person = services.identity.find_person(confirmed.caller().user).await;
    let person = person.map_err(|_| PasskeyFault::Unavailable)?.ok_or(PasskeyFault::SignedOut)?;
    keep(&session, services.passkeys.begin(&confirmed, &person.email).await?).await
}

/// Keeps what the authenticator made; answers recovery codes where it is the first second factor.
#[server(endpoint = "finish_passkey", protocol = Json)]
pub async fn finish_passkey(name: String, credential: String) -> Result<Vec<String>, PasskeyFault> {
    let (services, session, confirmed) = confirmed().await?;
    let ceremony = crate::session::take_ceremony(&session).await.ok_or(PasskeyFault::Wrong)?;
    Ok(services.passkeys.finish(&confirmed, &name, ceremony, &credential).await?)
}

#[server(endpoint = "remove_passkey", protocol = Json)]
pub async fn remove_passkey(id: PasskeyId) -> Result<(), PasskeyFault> {
    let (services, _, confirmed) = confirmed().await?;
    Ok(services.passkeys.remove(&confirmed, id).await?)
}

#[cfg(feature = "ssr")]
async fn asking() -> Result<(service::Services, tower_sessions::Session), PasskeyFault> {
    let session = crate::session::current().await.ok_or(PasskeyFault::Unavailable)?;
    Ok((expect_context::<service::Services>(), session))
}

#[cfg(feature = "ssr")]
async fn confirmed() -> Result<(service::Services, tower_sessions::Session, service::Confirmed), PasskeyFault> {
    let caller = crate::session::accountable().await.ok_or(PasskeyFault::SignedOut)?;
    let (services, session) = asking().await?;
    let at = crate::session::confirmed_at(&session).await;
    let confirmed = services.confirmed(caller, at).ok_or(PasskeyFault::NotConfirmed)?;
    Ok((services, session, confirmed))
}

#[cfg(feature = "ssr")]
async fn keep(session: &tower_sessions::Session, challenge: service::Challenge) -> Result<String, PasskeyFault> {
    let service::Challenge { options, ceremony } = challenge;
    crate::session::keep_ceremony(session, &ceremony).await.map_err(|error| {
        tracing::error!(%error, "a passkey cannot be asked");
        PasskeyFault::Unavailable
    })?;
    Ok(options)
}

#[cfg(feature = "ssr")]
impl From<service::PasskeyError> for PasskeyFault {
    fn from(error: service::PasskeyError) -> PasskeyFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::PasskeyError::Off => (StatusCode::CONFLICT, PasskeyFault::Off),
            service::PasskeyError::Name => (StatusCode::UNPROCESSABLE_ENTITY, PasskeyFault::Name),
            service::PasskeyError::TooMany => (StatusCode::CONFLICT, PasskeyFault::TooMany),
            service::PasskeyError::NotFound => (StatusCode::NOT_FOUND, PasskeyFault::NotFound),
            service::PasskeyError::Wrong => (StatusCode::UNAUTHORIZED, PasskeyFault::Wrong),
            service::PasskeyError::Locked { .. } => (StatusCode::TOO_MANY_REQUESTS, PasskeyFault::Locked),
            service::PasskeyError::Store(error) => {
                tracing::error!(%error, "passkeys cannot be read or written");
                (StatusCode::SERVICE_UNAVAILABLE, PasskeyFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

#[cfg(feature = "ssr")]
impl From<service::OwnPasskey> for OwnPasskey {
    fn from(passkey: service::OwnPasskey) -> OwnPasskey {
        let service::OwnPasskey { id, name, added_at, last_used_at } = passkey;
        OwnPasskey { id, name, added_at, last_used_at }
    }
}

//! Becoming known here, and coming in again without the password: by links that open once.

use crate::api::json::Json;
use crate::api::password::PasswordFault;
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Which ways in this server has beside a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doors {
    /// Everybody may register.
    pub is_open: bool,
    /// A forgotten password is set anew by a letter; else an admin makes a link.
    pub sends_mail: bool,
}

/// What a link offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The only address with which it may be used.
    pub email: Option<String>,
}

/// Why a link did not do what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum JoinFault {
    #[error("the link was used or has expired")]
    LinkSpent,
    #[error("this is no e-mail address")]
    Email,
    #[error("this address is taken")]
    Taken,
    #[error(transparent)]
    Password(PasswordFault),
    #[error("the password is wrong")]
    WrongPassword,
    #[error("nobody is signed in")]
    SignedOut,
    #[error("registration is not open")]
    NotOpen,
    #[error("this server sends no mail")]
    NoMail,
    #[error("too many attempts; further ones wait")]
    Locked,
    #[error("too many at once")]
    Busy,
    #[error("this cannot be done now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for JoinFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> JoinFault {
        JoinFault::Unreachable
    }
}

/// For whoever stands outside.
#[server(endpoint = "find_doors", protocol = Json)]
pub async fn find_doors() -> Result<Doors, JoinFault> {
    let services = expect_context::<service::Services>();
    let registration = services.people.find_registration().await.map_err(unavailable)?;
    let sends_mail = services.post.is_there();
    Ok(Doors { is_open: registration == domain::Registration::Open && sends_mail, sends_mail })
}

/// What an invitation or a registration offers; `None` where it opens nothing.
#[server(endpoint = "find_offer", protocol = Json)]
pub async fn find_offer(token: String) -> Result<Option<Offer>, JoinFault> {
    let joining = expect_context::<service::Services>().joining;
    let offer = joining.find_offer(&token).await.map_err(unavailable)?;
    Ok(offer.map(|offer| Offer { email: offer.email }))
}

/// Makes a user, spends the link, signs in. Form-encoded, so that it works before the page has woken.
#[server(endpoint = "join")]
pub async fn join(token: String, email: String, password: String) -> Result<(), JoinFault> {
    let services = expect_context::<service::Services>();
    let (user, _) = services.joining.join(&token, &email, &password, &crate::session::origin()).await?;
    super::identity::welcome(&services, user).await.ok_or(JoinFault::Unavailable)
}

/// Asks for a letter to register by. What is answered tells nothing about the address.
#[server(endpoint = "ask_to_register", protocol = Json)]
pub async fn ask_to_register(email: String) -> Result<(), JoinFault> {
    let joining = expect_context::<service::Services>().joining;
    let origin = crate::session::origin();
    joining.ask_to_register(&email, super::profile::spoken(), &origin).await?;
    Ok(())
}

/// Asks for a letter to set a new password by. What is answered tells nothing about the address.
#[server(endpoint = "ask_to_reset", protocol = Json)]
pub async fn ask_to_reset(email: String) -> Result<(), JoinFault> {
    let joining = expect_context::<service::Services>().joining;
    joining.ask_to_reset(&email, &crate::session::origin()).await?;
    Ok(())
}

#[server(endpoint = "is_reset_open", protocol = Json)]
pub async fn is_reset_open(token: String) -> Result<bool, JoinFault> {
    let joining = expect_context::<service::Services>().joining;
    joining.is_reset_open(&token).await.map_err(unavailable)
}

/// Sets a new password and goes to the sign-in, where a second factor is asked as ever. Form-encoded as [`join`] is.
#[server(endpoint = "reset_password")]
pub async fn reset_password(token: String, password: String) -> Result<(), JoinFault> {
    let joining = expect_context::<service::Services>().joining;
    joining.reset_password(&token, &password, &crate::session::origin()).await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// Notes that an address is somebody's; whoever reads its letters need not be signed in.
#[server(endpoint = "verify_email", protocol = Json)]
pub async fn verify_email(token: String) -> Result<(), JoinFault> {
    let joining = expect_context::<service::Services>().joining;
    Ok(joining.verify_email(&token, &crate::session::origin()).await?)
}

#[cfg(feature = "ssr")]
pub(super) fn unavailable(error: impl std::error::Error) -> JoinFault {
    tracing::error!(%error, "nobody can join or come in by a link");
    crate::session::answer_with(http::StatusCode::SERVICE_UNAVAILABLE);
    JoinFault::Unavailable
}

#[cfg(feature = "ssr")]
impl From<service::JoinError> for JoinFault {
    fn from(error: service::JoinError) -> JoinFault {
        use http::StatusCode;
        use service::JoinError;
        let (status, fault) = match error {
            JoinError::LinkSpent => (StatusCode::GONE, JoinFault::LinkSpent),
            JoinError::Taken => (StatusCode::CONFLICT, JoinFault::Taken),
            JoinError::WrongPassword => (StatusCode::UNPROCESSABLE_ENTITY, JoinFault::WrongPassword),
            JoinError::Email(_) => (StatusCode::UNPROCESSABLE_ENTITY, JoinFault::Email),
            JoinError::Password(error) => {
                let (status, fault) = PasswordFault::told(error);
                (status, JoinFault::Password(fault))
            }
            JoinError::Locked => (StatusCode::TOO_MANY_REQUESTS, JoinFault::Locked),
            JoinError::Busy => (StatusCode::SERVICE_UNAVAILABLE, JoinFault::Busy),
            JoinError::Store(error) => return unavailable(error),
        };
        crate::session::answer_with(status);
        fault
    }
}

#[cfg(feature = "ssr")]
impl From<service::AskError> for JoinFault {
    fn from(error: service::AskError) -> JoinFault {
        use http::StatusCode;
        use service::AskError;
        let (status, fault) = match error {
            AskError::NoMail => (StatusCode::CONFLICT, JoinFault::NoMail),
            AskError::NotOpen => (StatusCode::CONFLICT, JoinFault::NotOpen),
            AskError::Email(_) => (StatusCode::UNPROCESSABLE_ENTITY, JoinFault::Email),
            AskError::Locked => (StatusCode::TOO_MANY_REQUESTS, JoinFault::Locked),
            AskError::Store(error) => return unavailable(error),
        };
        crate::session::answer_with(status);
        fault
    }
}

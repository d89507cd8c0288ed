//! Coming in and going out.

use crate::api::json::Json;
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why somebody was not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SignInFault {
    #[error("wrong e-mail or password")]
    WrongEmailOrPassword,
    #[error("too many sign-ins at once")]
    Busy,
    #[error("users cannot be read now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

/// Why the first user was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SetUpFault {
    #[error("the set-up link was used or has expired")]
    LinkSpent,
    #[error("this is no e-mail address")]
    Email,
    #[error("the password is too short")]
    PasswordTooShort,
    #[error("the password is too long")]
    PasswordTooLong,
    #[error("too many sign-ins at once")]
    Busy,
    #[error("users cannot be read or written now")]
    Unavailable,
    #[error("Axisor cannot be reached")]
    Unreachable,
}

impl FromServerFnError for SignInFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> SignInFault {
        SignInFault::Unreachable
    }
}

impl FromServerFnError for SetUpFault {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> SetUpFault {
        SetUpFault::Unreachable
    }
}

/// Signs in and goes to the dashboard. Form-encoded, so that it works before the page has woken.
#[server(endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String) -> Result<(), SignInFault> {
    let services = expect_context::<service::Services>();
    let user = services.identity.sign_in(&email, &password).await?;
    welcome(user).await.ok_or(SignInFault::Unavailable)
}

/// Makes the first user with a paper account to practise on, spends the link, signs in and goes to the dashboard.
#[server(endpoint = "set_up")]
pub async fn set_up(token: String, email: String, password: String) -> Result<(), SetUpFault> {
    let services = expect_context::<service::Services>();
    let user = services.identity.create_first_user(&token, &email, &password).await?;
    if let Err(error) = services.desk.add_account(user, "Paper", domain::Mode::Paper, |_| None).await {
        tracing::error!(%error, "the first user has no paper account; `axisor account add` makes one");
    }
    welcome(user).await.ok_or(SetUpFault::Unavailable)
}

/// Ends the session.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), SignInFault> {
    let session = crate::session::current().await.ok_or(SignInFault::Unavailable)?;
    session.flush().await.map_err(|error| {
        tracing::error!(%error, "a session cannot be ended");
        SignInFault::Unavailable
    })?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// Whether a set-up link may still be used.
#[server(endpoint = "is_setup_open", protocol = Json)]
pub async fn is_setup_open(token: String) -> Result<bool, SetUpFault> {
    let services = expect_context::<service::Services>();
    services.identity.is_setup_open(&token).await.map_err(|error| {
        tracing::error!(%error, "a set-up link cannot be looked up");
        SetUpFault::Unavailable
    })
}

#[cfg(feature = "ssr")]
impl From<service::SignInError> for SignInFault {
    fn from(error: service::SignInError) -> SignInFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::SignInError::WrongEmailOrPassword => (StatusCode::UNAUTHORIZED, SignInFault::WrongEmailOrPassword),
            service::SignInError::Busy => (StatusCode::SERVICE_UNAVAILABLE, SignInFault::Busy),
            service::SignInError::Store(error) => {
                tracing::error!(%error, "nobody can sign in");
                (StatusCode::SERVICE_UNAVAILABLE, SignInFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

#[cfg(feature = "ssr")]
impl From<service::SetupError> for SetUpFault {
    fn from(error: service::SetupError) -> SetUpFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::SetupError::LinkSpent => (StatusCode::GONE, SetUpFault::LinkSpent),
            service::SetupError::Email(_) => (StatusCode::UNPROCESSABLE_ENTITY, SetUpFault::Email),
            service::SetupError::Password(service::PasswordError::TooShort) => {
                (StatusCode::UNPROCESSABLE_ENTITY, SetUpFault::PasswordTooShort)
            }
            service::SetupError::Password(service::PasswordError::TooLong) => {
                (StatusCode::UNPROCESSABLE_ENTITY, SetUpFault::PasswordTooLong)
            }
            service::SetupError::Busy => (StatusCode::SERVICE_UNAVAILABLE, SetUpFault::Busy),
            service::SetupError::Store(error) => {
                tracing::error!(%error, "the first user cannot be made");
                (StatusCode::SERVICE_UNAVAILABLE, SetUpFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

/// Gives the session a fresh id, so that one which was planted before signing in is worth nothing.
#[cfg(feature = "ssr")]
async fn welcome(user: domain::UserId) -> Option<()> {
    let session = crate::session::current().await?;
    let written = async {
        session.cycle_id().await?;
        session.insert(crate::session::USER_KEY, user).await
    };
    if let Err(error) = written.await {
        tracing::error!(%error, "a session cannot be written");
        return None;
    }
    leptos_axum::redirect("/");
    Some(())
}

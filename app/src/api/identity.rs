//! Coming in and going out.

use crate::api::json::Json;
use crate::api::password::PasswordFault;
use leptos::prelude::*;
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why somebody was not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SignInFault {
    #[error("wrong e-mail or password")]
    WrongEmailOrPassword,
    #[error("the code is wrong or was used already")]
    WrongCode,
    /// The password was given too long ago, or never.
    #[error("sign in again")]
    StartOver,
    #[error("too many attempts; further ones wait")]
    Locked,
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
    #[error(transparent)]
    Password(PasswordFault),
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

/// Signs in and goes to the dashboard, or to where the code of the authenticator is asked. Form-encoded, so that it
/// works before the page has woken.
#[server(endpoint = "sign_in")]
pub async fn sign_in(email: String, password: String) -> Result<(), SignInFault> {
    let services = expect_context::<service::Services>();
    let entrance = services.identity.sign_in(&email, &password, &crate::session::origin()).await?;
    if !entrance.needs_code {
        return welcome(&services, entrance.user).await.ok_or(SignInFault::Unavailable);
    }
    let session = crate::session::current().await.ok_or(SignInFault::Unavailable)?;
    let now = services.desk.now();
    crate::session::await_code(&session, entrance.user, now).await.map_err(|_| SignInFault::Unavailable)?;
    leptos_axum::redirect("/sign-in/code");
    Ok(())
}

/// The second step of signing in: a code of the authenticator, or a recovery code.
#[server(endpoint = "enter_code")]
pub async fn enter_code(code: String) -> Result<(), SignInFault> {
    let services = expect_context::<service::Services>();
    let session = crate::session::current().await.ok_or(SignInFault::Unavailable)?;
    let waiting = crate::session::waiting(&session, services.desk.now()).await;
    let user = waiting.ok_or(SignInFault::StartOver)?;
    services.second_factors.enter(user, &code, &crate::session::origin()).await?;
    welcome(&services, user).await.ok_or(SignInFault::Unavailable)
}

/// Makes the first user with a paper account to practise on, spends the link, signs in and goes to the dashboard.
#[server(endpoint = "set_up")]
pub async fn set_up(token: String, email: String, password: String) -> Result<(), SetUpFault> {
    let services = expect_context::<service::Services>();
    let origin = crate::session::origin();
    let user = services.identity.create_first_user(&token, &email, &password, &origin).await?;
    let caller = service::Caller { user, origin };
    if let Err(error) = services.custody.open(&caller, "Paper", domain::Mode::Paper, None).await {
        tracing::error!(%error, "the first user has no paper account; `axisor account add` makes one");
    }
    welcome(&services, user).await.ok_or(SetUpFault::Unavailable)
}

/// Ends the session.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), SignInFault> {
    let (services, origin) = (expect_context::<service::Services>(), crate::session::origin());
    let session = crate::session::current().await.ok_or(SignInFault::Unavailable)?;
    let user = crate::session::user_id(&session).await;
    session.flush().await.map_err(|error| {
        tracing::error!(%error, "a session cannot be ended");
        SignInFault::Unavailable
    })?;
    if let Some(user) = user {
        services.identity.session_ended(user, &origin).await;
    }
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
            service::SignInError::Locked { .. } => (StatusCode::TOO_MANY_REQUESTS, SignInFault::Locked),
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
            service::SetupError::Password(error) => {
                let (status, fault) = PasswordFault::told(error);
                (status, SetUpFault::Password(fault))
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

/// Signs the user in and goes to the dashboard, or to where a second factor is added that they owe.
#[cfg(feature = "ssr")]
pub(super) async fn welcome(services: &service::Services, user: domain::UserId) -> Option<()> {
    let session = crate::session::current().await?;
    let origin = crate::session::origin();
    if let Err(error) = crate::session::welcome(&session, user, &origin, services.desk.now()).await {
        tracing::error!(%error, "a session cannot be written");
        return None;
    }
    let known = services.authority.find_known(user).await.ok().flatten();
    let owes = known.is_some_and(|known| known.owes_factor);
    leptos_axum::redirect(if owes { "/sign-in/factor" } else { "/" });
    Some(())
}

#[cfg(feature = "ssr")]
impl From<service::CodeError> for SignInFault {
    fn from(error: service::CodeError) -> SignInFault {
        use http::StatusCode;
        let (status, fault) = match error {
            service::CodeError::Wrong => (StatusCode::UNAUTHORIZED, SignInFault::WrongCode),
            service::CodeError::Locked { .. } => (StatusCode::TOO_MANY_REQUESTS, SignInFault::Locked),
            error => {
                tracing::error!(%error, "a code cannot be checked");
                (StatusCode::SERVICE_UNAVAILABLE, SignInFault::Unavailable)
            }
        };
        crate::session::answer_with(status);
        fault
    }
}

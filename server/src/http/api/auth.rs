//! How a program comes in: password and code once, and from then on a refresh token for each next access token.

use super::refusal::Refusal;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::ApiScopes;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::{ClientError, ClientTokens, CodeError, Origin, Services, SignInError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    email: String,
    password: SecretString,
    /// Of the authenticator, or a recovery code; where there is a second factor.
    code: Option<SecretString>,
    /// What the program calls itself, for the list of programs.
    client: String,
    /// Scopes with spaces between them.
    scope: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    refresh_token: SecretString,
}

/// RFC 6749, section 5.1.
#[derive(Serialize)]
struct Answer {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    refresh_token: String,
    scope: String,
}

type Asked<T> = Result<Json<T>, JsonRejection>;

/// Counted and slowed as a sign-in in the browser is. The scopes are read first: nothing is tried that can't succeed.
pub async fn sign_in(
    State(services): State<Services>,
    Extension(origin): Extension<Origin>,
    asked: Asked<SignIn>,
) -> Result<Response, Refusal> {
    let Json(SignIn { email, password, code, client, scope }) = asked?;
    let scopes: ApiScopes = scope.parse().map_err(|_| Refusal::BadRequest("invalid_scope"))?;
    let entrance = services.identity.sign_in(&email, password.expose_secret(), &origin).await?;
    if entrance.needs_code {
        let code = code.ok_or(Refusal::Credentials("code_required"))?;
        services.second_factors.enter(entrance.user, code.expose_secret(), &origin).await?;
    }
    Ok(answer(services.api_access.open_client(entrance.user, &client, scopes, &origin).await?))
}

pub async fn refresh(
    State(services): State<Services>,
    Extension(origin): Extension<Origin>,
    asked: Asked<Shown>,
) -> Result<Response, Refusal> {
    let Json(Shown { refresh_token }) = asked?;
    Ok(answer(services.api_access.refresh(refresh_token.expose_secret(), &origin).await?))
}

/// Signs the program out; answers alike for a token that is unknown (RFC 7009).
pub async fn revoke(
    State(services): State<Services>,
    Extension(origin): Extension<Origin>,
    asked: Asked<Shown>,
) -> Result<StatusCode, Refusal> {
    let Json(Shown { refresh_token }) = asked?;
    services.api_access.sign_out_client(refresh_token.expose_secret(), &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn answer(tokens: ClientTokens) -> Response {
    let ClientTokens { access_token, refresh_token, expires_in, scopes } = tokens;
    let (expires_in, scope) = (expires_in.get() / 1_000, scopes.to_string());
    Json(Answer { access_token, token_type: "Bearer", expires_in, refresh_token, scope }).into_response()
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Refusal {
        match error {
            SignInError::WrongEmailOrPassword => Refusal::Credentials("wrong_email_or_password"),
            SignInError::Locked { .. } => Refusal::TooMany,
            error => {
                tracing::error!(error = crate::told(&error), "no program can sign in");
                Refusal::Unavailable
            }
        }
    }
}

impl From<CodeError> for Refusal {
    fn from(error: CodeError) -> Refusal {
        match error {
            CodeError::Wrong => Refusal::Credentials("wrong_code"),
            CodeError::Locked { .. } => Refusal::TooMany,
            error => {
                tracing::error!(error = crate::told(&error), "a program's code cannot be checked");
                Refusal::Unavailable
            }
        }
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Refusal {
        match error {
            ClientError::Name => Refusal::BadRequest("invalid_client"),
            ClientError::NoScope => Refusal::BadRequest("invalid_scope"),
            ClientError::TooMany => Refusal::BadRequest("too_many_clients"),
            ClientError::Full(_) => Refusal::BadRequest("plan_full"),
            ClientError::Invalid => Refusal::Credentials("invalid_grant"),
            error => {
                tracing::error!(error = crate::told(&error), "a program gets no tokens");
                Refusal::Unavailable
            }
        }
    }
}

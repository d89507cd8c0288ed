//! How a program comes in: by a code that its person made, and from then on by a refresh token for each next access token.

use super::refusal::Refusal;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::{ClientError, ClientTokens, Origin, Services};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// As the page showed it.
    code: SecretString,
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

/// A code of 256 random bits is not guessed, so a wrong one is answered at once.
pub async fn sign_in(
    State(services): State<Services>,
    Extension(origin): Extension<Origin>,
    asked: Asked<SignIn>,
) -> Result<Response, Refusal> {
    let Json(SignIn { code }) = asked?;
    Ok(answer(services.api_access.sign_in(code.expose_secret(), &origin).await?))
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

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Refusal {
        match error {
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

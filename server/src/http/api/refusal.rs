//! Why a program was refused: a status, and one stable word.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ApiScope;
use serde_json::json;
use service::DeskError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in, or the token opens nothing.
    Unauthorized,
    /// The token is good and lacks a scope.
    Scope(ApiScope),
    /// The token is good, and its person must add a second factor before it opens anything.
    OwesFactor,
    /// What was asked is not understood; the word says which part.
    BadRequest(&'static str),
    /// There is none, or it is another's.
    NotFound,
    /// What was shown to sign in is wrong; the word says what is to be shown.
    Credentials(&'static str),
    Unavailable,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, word) = match self {
            Refusal::Unauthorized => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Refusal::Scope(_) => (StatusCode::FORBIDDEN, "insufficient_scope"),
            Refusal::OwesFactor => (StatusCode::FORBIDDEN, "second_factor_required"),
            Refusal::BadRequest(word) => (StatusCode::BAD_REQUEST, word),
            Refusal::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Refusal::Credentials(word) => (StatusCode::UNAUTHORIZED, word),
            Refusal::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        };
        let mut response = (status, Json(json!({ "error": word }))).into_response();
        if let Some(challenge) = self.challenge().and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl Refusal {
    /// RFC 6750, section 3.
    fn challenge(self) -> Option<String> {
        match self {
            Refusal::Unauthorized => Some("Bearer realm=\"axisor\", error=\"invalid_token\"".to_owned()),
            Refusal::Scope(scope) => {
                let scope = scope.as_str();
                Some(format!("Bearer realm=\"axisor\", error=\"insufficient_scope\", scope=\"{scope}\""))
            }
            _ => None,
        }
    }
}

impl From<DeskError> for Refusal {
    fn from(error: DeskError) -> Refusal {
        match error {
            DeskError::NotFound | DeskError::Forbidden => Refusal::NotFound,
            error => {
                tracing::error!(error = crate::told(&error), "a program cannot be answered");
                Refusal::Unavailable
            }
        }
    }
}

impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Refusal {
        Refusal::BadRequest("invalid_query")
    }
}

impl From<JsonRejection> for Refusal {
    fn from(_: JsonRejection) -> Refusal {
        Refusal::BadRequest("invalid_body")
    }
}

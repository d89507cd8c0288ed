//! In whose name a request of a program is answered: its token's person, or the browser session's.

use super::refusal::Refusal;
use app::session::Known;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::{ApiScope, UserId};
use service::{AdmitError, Services};

/// Who may read what needs a scope. Every route that answers with somebody's data takes one of these, so that one without
/// a scope can't be written.
pub struct May<const SCOPE: u8>(pub UserId);

pub const POSITIONS: u8 = 0;
pub const GUARD: u8 = 1;
pub const WHY: u8 = 2;

const fn scope(number: u8) -> Option<ApiScope> {
    match number {
        POSITIONS => Some(ApiScope::Positions),
        GUARD => Some(ApiScope::Guard),
        WHY => Some(ApiScope::Why),
        _ => None,
    }
}

impl<const SCOPE: u8> FromRequestParts<Services> for May<SCOPE> {
    type Rejection = Refusal;

    /// What is shown in `Authorization` counts alone: a bad token is not made good by a cookie.
    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<May<SCOPE>, Refusal> {
        let scope = scope(SCOPE).ok_or(Refusal::Unauthorized)?;
        if parts.headers.contains_key(header::AUTHORIZATION) {
            let token = bearer(&parts.headers).ok_or(Refusal::Unauthorized)?;
            return Ok(May(services.api_access.admit(token, scope).await?.user));
        }
        parts.extensions.get::<Known>().map(|known| May(known.user)).ok_or(Refusal::Unauthorized)
    }
}

/// The one bearer token of a request; `None` for none, for two, and for any other scheme.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut shown = headers.get_all(header::AUTHORIZATION).iter();
    let (first, None) = (shown.next()?, shown.next()) else { return None };
    let (scheme, token) = first.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

impl From<AdmitError> for Refusal {
    fn from(error: AdmitError) -> Refusal {
        match error {
            AdmitError::Invalid => Refusal::Unauthorized,
            AdmitError::Scope(scope) => Refusal::Scope(scope),
            AdmitError::OwesFactor => Refusal::OwesFactor,
            AdmitError::Store(error) => {
                tracing::error!(error = crate::told(&error), "a token cannot be looked up");
                Refusal::Unavailable
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bearer_token_is_read_and_nothing_else() {
        let seen = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::AUTHORIZATION, line.parse().unwrap());
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(seen(&["Bearer axp_x"]), Some("axp_x".to_owned()));
        assert_eq!(seen(&["bearer axp_x"]), Some("axp_x".to_owned()));
        for refused in [&[][..], &["axp_x"], &["Basic axp_x"], &["Bearer a", "Bearer b"], &["Bearer"]] {
            assert_eq!(seen(refused), None, "{refused:?}");
        }
    }
}

//! The cookie of a session, and how long it lasts.

use super::owing;
use super::session_store::{SESSION_LIFE, StoredSessions};
use app::session::Known;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Millis, Timestamp};
use service::sessions::SEEN_KEY;
use service::{Authority, Clock, KnownUser};
use std::sync::Arc;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

/// A session in use is extended, and its last use noted, this often rather than with a write at each request.
const EXTENSION_PACE: Millis = Millis::new(5 * 60_000);

/// The layer that gives each request its session. Over TLS the cookie is bound to this very host by its name.
pub fn layer(sessions: StoredSessions, secure: bool) -> SessionManagerLayer<StoredSessions> {
    SessionManagerLayer::new(sessions)
        .with_name(cookie_name(secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::milliseconds(SESSION_LIFE.get())))
}

pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-axisor" } else { "axisor" }
}

/// What stands at the door of everything that knows people.
#[derive(Clone)]
pub struct Door {
    pub clock: Arc<dyn Clock>,
    pub authority: Arc<Authority>,
}

/// Says to what follows who asks, and extends the life of a session that is in use. A session may be kept elsewhere than
/// people are, and outlive its user: so both are asked. Who owes a second factor is nobody but where one is added.
pub async fn know(State(door): State<Door>, session: Session, mut request: Request, next: Next) -> Response {
    let mut known = None;
    if let Some(user) = app::session::user_id(&session).await {
        match door.authority.find_known(user).await {
            Ok(Some(KnownUser { owes_factor: true, .. })) if !owing::may_ask(&request) => {
                if owing::is_page(&request) {
                    return Redirect::to(owing::PAGE).into_response();
                }
            }
            Ok(Some(KnownUser { role, time_zone, units, .. })) => {
                let asks = Known { user, role, time_zone, units };
                known = Some(asks.clone());
                request.extensions_mut().insert(asks);
                if let Err(error) = extend_if_due(&session, &*door.clock).await {
                    tracing::warn!(%error, "a session could not be extended");
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = crate::told(&error), "it cannot be looked up who asks");
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        }
    }
    let mut response = next.run(request).await;
    if let Some(known) = known {
        response.extensions_mut().insert(known);
    }
    response
}

async fn extend_if_due(session: &Session, clock: &dyn Clock) -> Result<(), tower_sessions::session::Error> {
    let now = clock.now();
    let seen: Option<Timestamp> = session.get(SEEN_KEY).await?;
    if seen.is_none_or(|at| EXTENSION_PACE <= now.since(at)) {
        session.insert(SEEN_KEY, now).await?;
    }
    Ok(())
}

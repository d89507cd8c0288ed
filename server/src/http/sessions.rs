//! The cookie of a session, and how long it lasts.

use super::session_store::{SESSION_LIFE, StoredSessions};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Millis, Timestamp};
use service::Clock;
use service::sessions::SEEN_KEY;
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

/// Extends the life of a session that is in use.
pub async fn extend(State(clock): State<Arc<dyn Clock>>, session: Session, request: Request, next: Next) -> Response {
    if app::session::user_id(&session).await.is_some()
        && let Err(error) = extend_if_due(&session, &*clock).await
    {
        tracing::warn!(%error, "a session could not be extended");
    }
    next.run(request).await
}

async fn extend_if_due(session: &Session, clock: &dyn Clock) -> Result<(), tower_sessions::session::Error> {
    let now = clock.now();
    let seen: Option<Timestamp> = session.get(SEEN_KEY).await?;
    if seen.is_none_or(|at| EXTENSION_PACE <= now.since(at)) {
        session.insert(SEEN_KEY, now).await?;
    }
    Ok(())
}

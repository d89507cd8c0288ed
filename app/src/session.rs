//! Who is signed in, as the browser's session knows.

use domain::UserId;
use leptos::prelude::use_context;
use service::{Caller, Origin};
use tower_sessions::Session;

/// The key under which a session holds its user.
pub const USER_KEY: &str = "user";

/// The user of a session; `None` where nobody is signed in or the session has ended.
pub async fn user_id(session: &Session) -> Option<UserId> {
    session.get(USER_KEY).await.ok().flatten()
}

/// The user whose request is being answered.
pub(crate) async fn caller() -> Option<UserId> {
    user_id(&leptos_axum::extract::<Session>().await.ok()?).await
}

/// The session of the request that is being answered.
pub(crate) async fn current() -> Option<Session> {
    leptos_axum::extract::<Session>().await.ok()
}

/// Who asks, and from where, for what the audit must hold.
pub(crate) async fn accountable() -> Option<Caller> {
    Some(Caller { user: caller().await?, origin: origin() })
}

/// From where the request that is being answered comes.
pub(crate) fn origin() -> Origin {
    let parts = use_context::<http::request::Parts>();
    parts.and_then(|parts| parts.extensions.get::<Origin>().cloned()).unwrap_or_else(|| Origin::web(None, ""))
}

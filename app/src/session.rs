//! Who is signed in, as the browser's session knows.

use domain::UserId;
use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::{Caller, Origin};
use tower_sessions::Session;

/// The key under which a session holds its user.
pub const USER_KEY: &str = "user";

/// The user of a session; `None` where nobody is signed in or the session has ended.
pub async fn user_id(session: &Session) -> Option<UserId> {
    session.get(USER_KEY).await.ok().flatten()
}

/// The user whose request is being answered; where there is none, the answer's status says so.
pub(crate) async fn caller() -> Option<UserId> {
    let user = match current().await {
        Some(session) => user_id(&session).await,
        None => None,
    };
    if user.is_none() {
        answer_with(StatusCode::UNAUTHORIZED);
    }
    user
}

/// Gives the answer a status: a refusal is no fault of the program.
pub(crate) fn answer_with(status: StatusCode) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status);
    }
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

//! Who is signed in, as the browser's session knows.

use domain::UserId;
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

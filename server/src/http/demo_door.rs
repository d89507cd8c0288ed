//! Signs a browser in without typing: mounted in the demo only, and open to this machine only.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::UserId;
use std::net::SocketAddr;
use tower_sessions::Session;

/// Gives a session of the demo user to a browser on this machine that opens a page and has none. The sign-in page stays
/// as it is, so that signing out can be seen.
pub async fn sign_in(State(user): State<UserId>, session: Session, request: Request, next: Next) -> Response {
    if comes_from_here(&request)
        && opens_a_page(&request)
        && app::session::user_id(&session).await.is_none()
        && let Err(error) = welcome(&session, user).await
    {
        tracing::error!(%error, "the demo cannot sign a browser in");
    }
    next.run(request).await
}

async fn welcome(session: &Session, user: UserId) -> Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.insert(app::session::USER_KEY, user).await
}

fn comes_from_here(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(address)| address.ip().is_loopback())
}

fn opens_a_page(request: &Request) -> bool {
    let wants_html = |value: &header::HeaderValue| value.to_str().is_ok_and(|accept| accept.contains("text/html"));
    let sign_in = request.uri().path().starts_with("/sign-in") || request.uri().path().starts_with("/setup");
    request.method() == Method::GET && !sign_in && request.headers().get(header::ACCEPT).is_some_and(wants_html)
}

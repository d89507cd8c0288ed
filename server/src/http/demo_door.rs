//! Signs a browser in without typing: mounted in the demo only, and open to this machine only.

use app::session::Known;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Role, UserId};
use service::{Clock, Origin};
use std::net::SocketAddr;
use std::sync::Arc;
use tower_sessions::Session;

/// As whom a browser comes in.
#[derive(Clone)]
pub struct DemoDoor {
    pub user: UserId,
    pub clock: Arc<dyn Clock>,
}

/// Gives a session of the demo user to a browser on this machine that opens a page and has none. The sign-in page stays
/// as it is, so that signing out can be seen.
pub async fn sign_in(State(door): State<DemoDoor>, session: Session, mut request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_else(|| Origin::web(None, ""));
    if comes_from_here(&request) && opens_a_page(&request) && app::session::user_id(&session).await.is_none() {
        match app::session::welcome(&session, door.user, &origin, door.clock.now()).await {
            // The demo's user is the first.
            Ok(()) => {
                let known = Known { user: door.user, role: Role::Admin, time_zone: None, units: None };
                request.extensions_mut().insert(known);
            }
            Err(error) => tracing::error!(%error, "the demo cannot sign a browser in"),
        }
    }
    next.run(request).await
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

//! `/api/v1`: what programs may read, and how they come in. Every answer is JSON.

mod auth;
mod caller;
mod refusal;
mod standing;
mod why;

use axum::Router;
use axum::routing::{get, post};
use service::Services;

pub fn routes(services: Services) -> Router {
    Router::new()
        .route("/api/v1/auth/sign-in", post(auth::sign_in))
        .route("/api/v1/auth/refresh", post(auth::refresh))
        .route("/api/v1/auth/revoke", post(auth::revoke))
        .route("/api/v1/accounts", get(standing::accounts))
        .route("/api/v1/positions", get(standing::positions))
        .route("/api/v1/guard", get(standing::guard))
        .route("/api/v1/why", get(why::why))
        .with_state(services)
}

//! `/api/v1`: what programs may read, and how they come in. Every answer is JSON.

mod auth;
mod caller;
mod refusal;
mod standing;
mod why;

use axum::Router;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::routing::{get, post};
use service::Services;
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Where neither a cookie nor a form does anything: a token, or a password in JSON, is what counts. So pages of other sites
/// that were named may send here; a browser asks first whether they were ([`routes`]).
pub fn is_for_programs(method: &Method, uri: &Uri) -> bool {
    *method == Method::POST && uri.path().starts_with("/api/v1/auth/")
}

/// Pages of `origins` may read the answers, with a token and never with a cookie.
pub fn routes(services: Services, origins: Vec<HeaderValue>) -> Router {
    let routes = Router::new()
        .route("/api/v1/auth/sign-in", post(auth::sign_in))
        .route("/api/v1/auth/refresh", post(auth::refresh))
        .route("/api/v1/auth/revoke", post(auth::revoke))
        .route("/api/v1/accounts", get(standing::accounts))
        .route("/api/v1/positions", get(standing::positions))
        .route("/api/v1/guard", get(standing::guard))
        .route("/api/v1/why", get(why::why))
        .with_state(services);
    if origins.is_empty() {
        return routes;
    }
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .max_age(Duration::from_secs(600));
    routes.layer(cors)
}

//! What is open to somebody who must have a second factor and has none: adding one, and leaving.

use axum::extract::Request;
use axum::http::header;

/// Where one is added.
pub const PAGE: &str = "/sign-in/factor";

/// The server functions of that page.
const FUNCTIONS: [&str; 9] = [
    "/api/security",
    "/api/asks_code",
    "/api/step_up",
    "/api/begin_authenticator",
    "/api/finish_authenticator",
    "/api/ask_passkey",
    "/api/begin_passkey",
    "/api/finish_passkey",
    "/api/sign_out",
];

pub fn may_ask(request: &Request) -> bool {
    let path = request.uri().path();
    path == PAGE || FUNCTIONS.contains(&path)
}

/// Whether a browser wants to show what comes back.
pub fn is_page(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    request.method().is_safe() && accepted.contains("text/html") && !request.uri().path().starts_with("/sign-in")
}

//! Headers that every answer carries, whatever answered.

use axum::extract::Request;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Where what never changes under its name is served.
const HASHED: [&str; 2] = ["/pkg/", "/replay/"];
/// The thread that replays a rule in the browser, and what it may run: scripts and wasm of our own.
const WORKER: &str = "/replay-worker.js";
const WORKERS: HeaderValue =
    HeaderValue::from_static("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'");

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
];

/// What a file of the site may load, should a browser open it by itself: others of them. The worker reads by this, too.
const FILE: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// What an answer that is no page may load: nothing.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const PRIVATE: HeaderValue = HeaderValue::from_static("no-store");
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// May be kept, and is asked about before each use.
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the site, as the file service marks it.
#[derive(Clone, Copy)]
pub struct PublicFile;

/// How the headers depend on how the program is run.
#[derive(Clone, Copy)]
pub struct Headers {
    /// Browsers come over TLS, and are to come so always.
    pub secure: bool,
    /// So are those of all hosts below this one.
    pub subdomains_too: bool,
    /// The interface's files carry their content's hash in their names.
    pub hashed_files: bool,
}

impl Headers {
    /// Adds what the answer lacks; private unless it is a file of the site.
    pub async fn add(self, request: Request, next: Next) -> Response {
        let path = request.uri().path();
        let hashed = self.hashed_files && HASHED.iter().any(|folder| path.starts_with(folder));
        let of_file = if path == WORKER { WORKERS } else { FILE };
        let mut response = next.run(request).await;
        let public = response.extensions().get::<PublicFile>().is_some();
        let headers = response.headers_mut();
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.secure {
            let year = if self.subdomains_too { "max-age=31536000; includeSubDomains" } else { "max-age=31536000" };
            let year = HeaderValue::from_static(year);
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(if public { of_file } else { NO_PAGE });
        let keep = match (public, hashed) {
            (false, _) => PRIVATE,
            (true, true) => FOREVER,
            (true, false) => ASK_FIRST,
        };
        headers.insert(header::CACHE_CONTROL, keep);
        response
    }
}

/// What a page may load: its own origin's files, and the inline scripts that carry the nonce.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

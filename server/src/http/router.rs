//! One router: who may come in, how much they may send, how long it may take, and where it goes.

use super::crowd::{self, Crowd, MOST_AT_ONCE};
use super::headers::Headers;
use super::health::{self, Health};
use super::live::{self, Live};
use super::origin::{self, TrustedProxies};
use super::pace::{self, Paces};
use super::pages::{self, Site};
use super::refusals::{self, Refusals};
use super::session_store::StoredSessions;
use super::{api, audit, demo_door, export, past, sessions};
use crate::jobs::market_feed::MarketFeed;
use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use domain::UserId;
use notify::Alarms;
use service::{Clock, Services};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;
use store::Store;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// More than any form of the interface sends.
const MOST_BODY: usize = 64 * 1024;
/// A request that is not answered by then is not worth waiting for. Live streams have no such end.
const PATIENCE: Duration = Duration::from_secs(20);

/// All that the web is made from.
pub struct Web {
    pub services: Services,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    /// Answers the markets that are in use now.
    pub feeds: Arc<dyn Fn() -> Vec<Arc<MarketFeed>> + Send + Sync>,
    /// How many accounts can't be served.
    pub unserved: Arc<AtomicUsize>,
    pub site: PathBuf,
    /// Browsers come over TLS.
    pub secure: bool,
    /// They are to come so to every host below this one, too.
    pub hsts_subdomains: bool,
    /// The user as whom a browser on this machine comes in without typing; only in the demo.
    pub demo: Option<UserId>,
    /// Whose word about a browser's address is taken.
    pub proxies: TrustedProxies,
    /// Other sites whose pages may read the API.
    pub api_origins: Vec<HeaderValue>,
    /// The ways of alarms, for the health report.
    pub alarms: Alarms,
    pub stop: CancellationToken,
}

pub fn router(web: Web) -> Router {
    let Web { services, store, clock, feeds, unserved, site, demo, proxies, api_origins, alarms, stop, .. } = web;
    let (secure, subdomains_too) = (web.secure, web.hsts_subdomains);
    let site = Site::at(&site);
    let headers = Headers { secure, subdomains_too, hashed_files: site.has_hashed_files() };
    let sessions = StoredSessions::new(services.sessions.keep(), Arc::clone(&clock));
    let authority = Arc::clone(&services.authority);
    let live = Live::new(services.clone(), sessions.clone(), stop);
    let (desk, sources) = (Arc::clone(&services.desk), Arc::clone(&services.sources));
    let files = Router::new()
        .route("/activity/export", get(export::export))
        .route("/past/{account}", get(past::past))
        .with_state(Arc::clone(&desk));
    let csrf = CsrfLayer::new();
    let csrf = if api_origins.is_empty() { csrf } else { csrf.with_insecure_bypass(api::is_for_programs) };
    let answers = api::routes(services.clone(), api_origins);
    let audit = Router::new()
        .route("/settings/audit/export", get(audit::export))
        .route("/settings/audit/head", get(audit::head))
        .with_state(services.clone());
    let paces = Paces::new(Arc::clone(&clock));
    let refusals = Refusals::new(Arc::clone(&clock));
    let health = Health { store, clock: Arc::clone(&clock), feeds, unserved, desk, sources, alarms };

    let timed = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, PATIENCE);
    let streams = Router::new().route("/live/{account}", get(live::follow)).with_state(live);
    let design = app::DesignShown(demo.is_some() || cfg!(debug_assertions));
    let mut known_people =
        pages::routes(site, services, design).merge(answers).merge(files).merge(audit).layer(timed).merge(streams);
    if let Some(user) = demo {
        let door = demo_door::DemoDoor { user, clock: Arc::clone(&clock) };
        known_people = known_people.layer(from_fn_with_state(door, demo_door::sign_in));
    }
    known_people
        .layer(from_fn_with_state(sessions::Door { clock, authority }, sessions::know))
        .layer(sessions::layer(sessions, secure))
        .layer(from_fn_with_state(Crowd::of(MOST_AT_ONCE), crowd::admit))
        // No crowd keeps anybody from asking whether the program is well: who hears nothing restarts it.
        .merge(Router::new().route("/health/ready", get(health::ready)).with_state(health))
        .route("/health/live", get(health::live))
        .layer(RequestBodyLimitLayer::new(MOST_BODY))
        .layer(csrf)
        .layer(from_fn_with_state(refusals, refusals::note))
        .layer(from_fn_with_state(paces, pace::keep))
        .layer(from_fn_with_state(proxies, origin::note))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(move |request, next| headers.add(request, next)))
}

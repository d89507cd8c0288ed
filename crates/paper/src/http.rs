//! LN Markets' own HTTP interface over a paper market, for any client that can sign.
//!
//! Paths, shapes, paging, errors and the signature check are the venue's; what the paper venue does not offer (limit
//! orders, trailing stops, cross margin) is refused in words.

mod answer;
mod auth;
mod faults;
mod listener;
mod paging;
mod private;
mod public;
mod rate_limit;
mod request;
mod wire;

pub use auth::ApiKey;
pub use faults::{Fault, Faults, Hold};
pub use rate_limit::RatePolicy;

use crate::market::{Clock, PaperMarket};
use answer::ApiError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};
use listener::{CutListener, Cutter};
use rate_limit::RateLimiter;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;

/// No order is longer.
const MOST_BODY_BYTES: usize = 64 * 1024;

/// What the HTTP face stands on.
pub struct PaperHttp {
    pub market: PaperMarket,
    pub keys: Vec<ApiKey>,
    /// The wall clock, by which signatures are checked.
    pub clock: Clock,
    pub faults: Faults,
    /// `None`: as many requests as one likes.
    pub rate: Option<RatePolicy>,
}

struct Paper {
    market: PaperMarket,
    keys: Vec<ApiKey>,
    clock: Clock,
    faults: Faults,
    limiter: Option<RateLimiter>,
}

/// The venue's paths.
pub fn router(paper: PaperHttp) -> Router {
    let PaperHttp { market, keys, clock, faults, rate } = paper;
    let paper = Arc::new(Paper { market, keys, clock, faults, limiter: rate.map(RateLimiter::new) });
    Router::new()
        .nest("/v3", public_routes())
        .route("/v3/account", get(private::account))
        .nest("/v3/futures/isolated", isolated_routes())
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(from_fn_with_state(Arc::clone(&paper), faults::inject))
        .with_state(paper)
}

fn public_routes() -> Router<Arc<Paper>> {
    Router::new()
        .route("/ping", get(public::ping))
        .route("/time", get(public::time))
        .route("/futures/ticker", get(public::ticker))
        .route("/futures/candles", get(public::candles))
        .route("/futures/funding-settlements", get(public::funding_settlements))
}

fn isolated_routes() -> Router<Arc<Paper>> {
    Router::new()
        .route("/trade", post(private::new_trade))
        .route("/trade/close", post(private::close))
        .route("/trade/cancel", post(private::cancel))
        .route("/trade/add-margin", post(private::add_margin))
        .route("/trade/cash-in", post(private::cash_in))
        .route("/trade/stoploss", put(private::set_stop_loss).delete(private::remove_stop_loss))
        .route("/trade/takeprofit", put(private::set_take_profit).delete(private::remove_take_profit))
        .route("/trades/cancel-all", post(private::cancel_all))
        .route("/trades/open", get(private::open_trades))
        .route("/trades/running", get(private::running_trades))
        .route("/trades/closed", get(private::closed_trades))
        .route("/trades/canceled", get(private::canceled_trades))
        .route("/funding-fees", get(private::funding_fees))
}

/// Serves until the listener fails. Only connections accepted here can be cut by a [`Fault`].
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<Cutter>();
    axum::serve(CutListener::new(listener), service).await
}

//! LN Markets' own HTTP interface over a paper market, for any client that can sign.
//!
//! Paths, shapes, paging, permissions, limits, errors and the signature check are the venue's, and its stream is served
//! at `/v1` of the same address.

mod answer;
mod auth;
mod cross;
mod faults;
mod isolated;
mod listener;
mod paging;
mod public;
mod rate_limit;
mod request;
mod scope;
mod stream;
mod wallet;
mod wire;

pub use auth::ApiKey;
pub use faults::{Fault, Faults, Forecast, ForecastError, Hold, ToldPrice, Trouble, Window};
pub use rate_limit::RatePolicy;
pub use scope::{KeyScopes, Permission};

use crate::market::{Clock, PaperMarket};
use crate::venue::VenueGuard;
use answer::ApiError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
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
    scopes: KeyScopes,
    clock: Clock,
    faults: Faults,
    limiter: Option<RateLimiter>,
}

impl Paper {
    fn venue(&self) -> VenueGuard<'_> {
        self.market.venue().lock()
    }
}

/// The venue's paths, for keys that may do everything but withdraw.
pub fn router(paper: PaperHttp) -> Router {
    router_with(paper, KeyScopes::default())
}

/// The venue's paths, for keys that may do what their scopes say.
pub fn router_with(paper: PaperHttp, scopes: KeyScopes) -> Router {
    let PaperHttp { market, keys, clock, faults, rate } = paper;
    let paper = Arc::new(Paper { market, keys, scopes, clock, faults, limiter: rate.map(RateLimiter::new) });
    Router::new()
        .nest("/v3", public_routes())
        .nest("/v3/account", account_routes())
        .nest("/v3/futures/isolated", isolated_routes())
        .nest("/v3/futures/cross", cross_routes())
        .nest("/v3/synthetic-usd", synthetic_routes())
        .route("/v1", get(stream::connect))
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(from_fn(rate_limit::headers))
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
        .route("/futures/leaderboard", get(public::leaderboard))
        .route("/synthetic-usd/best-price", get(public::best_price))
        .route("/oracle/index", get(public::oracle_index))
        .route("/oracle/last-price", get(public::oracle_last_price))
}

fn account_routes() -> Router<Arc<Paper>> {
    Router::new()
        .route("/", get(wallet::account))
        .route("/address/bitcoin", get(wallet::address).post(wallet::new_address))
        .route("/deposit/lightning", post(wallet::deposit_lightning))
        .route("/withdraw/lightning", post(wallet::withdraw_lightning))
        .route("/withdraw/on-chain", post(wallet::withdraw_on_chain))
        .route("/deposits/lightning", get(wallet::lightning_deposits))
        .route("/deposits/on-chain", get(wallet::on_chain_deposits))
        .route("/withdrawals/lightning", get(wallet::lightning_withdrawals))
        .route("/withdrawals/on-chain", get(wallet::on_chain_withdrawals))
        .route("/notifications", get(wallet::notifications).put(wallet::read_notifications))
}

fn cross_routes() -> Router<Arc<Paper>> {
    Router::new()
        .route("/order", post(cross::new_order))
        .route("/order/cancel", post(cross::cancel))
        .route("/orders/cancel-all", post(cross::cancel_all))
        .route("/orders/open", get(cross::open_orders))
        .route("/orders/filled", get(cross::filled_orders))
        .route("/position", get(cross::position))
        .route("/position/close", post(cross::close))
        .route("/leverage", put(cross::set_leverage))
        .route("/deposit", post(cross::deposit))
        .route("/withdraw", post(cross::withdraw))
        .route("/transfers", get(cross::transfers))
        .route("/funding-fees", get(cross::funding_fees))
}

fn synthetic_routes() -> Router<Arc<Paper>> {
    Router::new().route("/swap", post(wallet::new_swap)).route("/swaps", get(wallet::swaps))
}

fn isolated_routes() -> Router<Arc<Paper>> {
    Router::new()
        .route("/trade", post(isolated::new_trade))
        .route("/trade/close", post(isolated::close))
        .route("/trade/cancel", post(isolated::cancel))
        .route("/trade/add-margin", post(isolated::add_margin))
        .route("/trade/cash-in", post(isolated::cash_in))
        .route("/trade/stoploss", put(isolated::set_stop_loss).delete(isolated::remove_stop_loss))
        .route("/trade/takeprofit", put(isolated::set_take_profit).delete(isolated::remove_take_profit))
        .route("/trades/cancel-all", post(isolated::cancel_all))
        .route("/trades/open", get(isolated::open_trades))
        .route("/trades/running", get(isolated::running_trades))
        .route("/trades/closed", get(isolated::closed_trades))
        .route("/trades/canceled", get(isolated::canceled_trades))
        .route("/funding-fees", get(isolated::funding_fees))
}

/// Serves until the listener fails. Only connections accepted here can be cut by a [`Fault`].
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<Cutter>();
    axum::serve(CutListener::new(listener), service).await
}

//! `axisor paper`: the paper exchange alone, for any program that speaks LN Markets' API.

mod keys;
mod state;

use crate::Failure;
use crate::assembly::lnmarkets_side::{LnMarkets, LnMarketsError};
use crate::assembly::paper_side::{self, LivePrice, PaperError};
use crate::cli::PaperCommandArguments;
use crate::configuration::{ConfigurationError, PaperConfiguration, PaperSource};
use crate::shutdown;
use crate::system_clock::{SystemClock, SystemEntropy};
use domain::Mode;
use keys::PaperKey;
use paper::http::{Faults, Forecast, ForecastError, KeyScopes, PaperHttp, Permission, RatePolicy};
use paper::snapshot::SnapshotError;
use paper::{PaperMarket, SharedVenue, keep};
use serde_json::json;
use service::Clock;
use state::State;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[derive(Debug, thiserror::Error)]
enum PaperCommandError {
    #[error("{address} cannot be listened on; choose another with --port")]
    Occupied { address: SocketAddr, source: std::io::Error },
    #[error("{path} can't be read")]
    Faults { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Forecast(#[from] ForecastError),
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    Market(#[from] PaperError),
    #[error(transparent)]
    Live(#[from] LnMarketsError),
    #[error("{path} can't be used")]
    State { path: PathBuf, source: std::io::Error },
    #[error("{path} holds no keys of a paper exchange")]
    Keys { path: PathBuf, source: serde_json::Error },
    #[error("the paper exchange stopped serving")]
    Serving(#[source] std::io::Error),
}

/// Serves until a signal says stop.
pub async fn serve(arguments: PaperCommandArguments) -> Result<(), Failure> {
    run(arguments).await.map_err(|error| match error {
        PaperCommandError::Configuration(_) | PaperCommandError::Faults { .. } | PaperCommandError::Forecast(_) => {
            Failure::bad_input(error)
        }
        error => Failure::other(error),
    })
}

async fn run(arguments: PaperCommandArguments) -> Result<(), PaperCommandError> {
    let stop = CancellationToken::new();
    shutdown::on_signal(stop.clone());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let configuration = PaperConfiguration::check_command(&arguments)?;
    let faults = faults(arguments.faults.as_deref(), &*clock)?;
    let state = State::open(arguments.state.as_deref(), &SystemEntropy)?;
    let keys = keys::provide(arguments.state.as_deref(), usize::from(arguments.keys.get()), &SystemEntropy)?;
    let venue = state.venue(&keys, configuration.balance);
    let address = SocketAddr::new(arguments.address, arguments.port);
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|source| PaperCommandError::Occupied { address, source })?;
    let address = listener.local_addr().map_err(|source| PaperCommandError::Occupied { address, source })?;

    let tasks = TaskTracker::new();
    let market = start(&configuration, venue.clone(), &clock, &tasks, &stop).await?;
    let wall: paper::Clock = Arc::new(move || clock.now());
    let rate = (!arguments.no_rate_limit).then(RatePolicy::default);
    let scopes = KeyScopes::default();
    if arguments.may_withdraw {
        keys.iter().for_each(|key| scopes.grant(&key.key, Permission::ALL));
    }
    let http = PaperHttp { market, keys: keys.iter().map(PaperKey::api_key).collect(), clock: wall, faults, rate };
    welcome(address, &keys, arguments.json);
    let router = paper::http::router_with(http, scopes);
    let kept = state.file();
    let outcome = tokio::select! {
        () = stop.cancelled() => Ok(()),
        () = keep_on(&venue, kept.clone()) => Ok(()),
        served = paper::http::serve(listener, router) => served.map_err(PaperCommandError::Serving),
    };
    if let Some(path) = kept {
        keep::keep_once(&venue, path).await?;
    }
    outcome
}

async fn start(
    configuration: &PaperConfiguration,
    venue: SharedVenue,
    clock: &Arc<dyn Clock>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<PaperMarket, PaperCommandError> {
    let live = match configuration.source {
        PaperSource::Live => {
            let side = LnMarkets::reach(Mode::Live, None, clock)?;
            Some(LivePrice { market: side.market(), feed: side.feed() })
        }
        PaperSource::Scenario(_) | PaperSource::CandleFile(_) => None,
    };
    let wall = Arc::clone(clock);
    Ok(paper_side::start_market(configuration, live, venue, Arc::new(move || wall.now()), tasks, stop).await?)
}

/// Without a folder there is nothing to keep, and it never ends.
async fn keep_on(venue: &SharedVenue, path: Option<PathBuf>) {
    match path {
        Some(path) => keep::keep(venue.clone(), path).await,
        None => std::future::pending().await,
    }
}

fn faults(path: Option<&Path>, clock: &dyn Clock) -> Result<Faults, PaperCommandError> {
    let faults = Faults::default();
    if let Some(path) = path {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|source| PaperCommandError::Faults { path: path.to_owned(), source })?;
        faults.follow(Forecast::read(&text)?, clock.now());
    }
    Ok(faults)
}

/// The keys are to play money, and whoever starts the exchange needs them.
fn welcome(address: SocketAddr, keys: &[PaperKey], as_json: bool) {
    if as_json {
        let told: Vec<_> = keys.iter().map(PaperKey::told).collect();
        println!(
            "{}",
            json!({ "rest": format!("http://{address}"), "stream": format!("ws://{address}"), "keys": told })
        );
        return;
    }
    println!("The paper exchange speaks LN Markets' API: http://{address}/v3 and ws://{address}/v1");
    for key in keys {
        println!("{key}");
    }
}

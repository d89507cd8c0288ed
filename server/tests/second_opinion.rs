//! The program with another market beside the exchange, both over TCP.
#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use axum::Router;
use axum::routing::get;
use clap::Parser;
use domain::source::{BreakerState, Opinion, SourceHealth, SourceRole};
use domain::{Mode, Price};
use serde_json::json;
use server::assembly::Assembly;
use server::cli::{Cli, Command};
use server::configuration::Configuration;
use server::system_clock::SystemClock;
use service::Clock;
use stage::Stage;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A server that tells a price as Binance does.
async fn other_market() -> String {
    let day = async || axum::Json(json!({ "lastPrice": "100100.26", "closeTime": SystemClock.now().unix_ms() }));
    let router = Router::new().route("/api/v3/ticker/24hr", get(day));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_price_is_shown_beside_another_market_s() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let database = format!("sqlite:{}", path("axisor.db"));
    let stage = Stage::set(&database).await;
    std::fs::write(path("master.key"), hex::encode([7; 32])).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path("master.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let (key, other) = (path("master.key"), other_market().await);
    let arguments = ["axisor", "serve", "--data", &path("data"), "--database", &database, "--master-key-file", &key];
    let markets = ["--lnm-endpoint", &stage.exchange.endpoint, "--binance-endpoint", &other];
    let wanted = ["--second-opinion", "binance"];
    let cli = Cli::try_parse_from([&arguments[..], &markets, &wanted].concat()).unwrap();
    let Command::Serve(arguments) = cli.command else { panic!("serve") };
    let configuration = Configuration::check(*arguments).unwrap();
    let stop = CancellationToken::new();
    let mut assembly = Assembly::build(&configuration, stop).await.unwrap();
    assembly.start_jobs();

    let sources = || assembly.services.sources.list();
    let is_whole = |source: &SourceHealth| {
        let is_first = source.role == SourceRole::Decides(Mode::Live);
        let is_streaming = source.stream.is_some_and(|stream| stream.is_up) && source.clock_offset.is_some();
        source.is_fresh && (!is_first || is_streaming)
    };
    let both = async || sources().len() == 2 && sources().iter().all(is_whole);
    stage.wait_until("both markets are heard", both).await;
    let sources = sources();
    let [own, second] = &sources[..] else { panic!("two sources") };
    assert_eq!(own.name, format!("LN Markets at {}", stage.exchange.endpoint));
    assert_eq!((own.role, &own.breaker), (SourceRole::Decides(Mode::Live), &BreakerState::Closed { failures: 0 }));
    assert_eq!(own.price.map(Price::ticks), Some(200_000));
    assert_eq!((second.name.as_str(), second.role), (binance::NAME, SourceRole::SecondOpinion));
    assert_eq!(second.opinion, Some(Opinion::Agrees));
    assembly.finish().await;
}

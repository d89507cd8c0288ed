//! Where the log goes: standard error, and another system where one is named.

use crate::Failure;
use crate::cli::Command;
use crate::configuration::check_log;
use crate::system_clock::SystemClock;
use notify::{LogShipment, LogSink};
use service::Clock;
use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins the log. A server's goes to its other place as well, until the shipment is finished.
pub fn begin(command: &Command) -> Result<Option<LogShipment>, Failure> {
    let place = match command {
        Command::Serve(arguments) => check_log(arguments).map_err(Failure::bad_input)?,
        _ => None,
    };
    let elsewhere = place.map(|place| LogSink::start(place, || SystemClock.now())).transpose();
    let (sink, shipment) = elsewhere.map_err(Failure::other)?.unzip();
    let filter = EnvFilter::try_from_env("AXISOR_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,tower_sessions=error,tower_sessions_core=error,fred=error"));
    let lines =
        tracing_subscriber::fmt::layer().with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    let log = tracing_subscriber::registry().with(filter).with(filter_fn(may_be_told)).with(lines);
    log.with(sink.map(LogSink::layer)).init();
    Ok(shipment)
}

/// Frames of a stream carry keys: whatever is asked for, they are not told.
fn may_be_told(event: &Metadata<'_>) -> bool {
    *event.level() != Level::TRACE || !event.target().starts_with("tungstenite")
}

//! `axisor history`: prices and funding of the past, into the database and out of it.

mod arguments;
mod download;
mod listing;

pub use arguments::HistoryCommand;

use crate::Failure;
use crate::cli::StorageArguments;
use crate::configuration::Storage;
use arguments::{ExportHistoryArguments, ForgetHistoryArguments, ListHistoryArguments};
use domain::candle_series::{self, csv_row};
use domain::{HistoryKey, HistorySource, Interval, Millis, Series, Span, Timestamp};
use service::price_history::list_shelves;
use std::io::{self, Write};
use std::sync::Arc;
use store::Store;

/// Bars that are written out at once.
const PAGE: u32 = 10_000;

pub async fn run(command: HistoryCommand) -> Result<(), Failure> {
    match command {
        HistoryCommand::Download(arguments) => download::download(arguments).await,
        HistoryCommand::List(arguments) => list(arguments).await,
        HistoryCommand::Export(arguments) => export(arguments).await,
        HistoryCommand::Forget(arguments) => forget(arguments).await,
    }
}

async fn open(arguments: StorageArguments) -> Result<Arc<dyn Store>, Failure> {
    let storage = Storage::check(arguments).map_err(Failure::bad_input)?;
    store::open(storage.database.as_str()).await.map_err(Failure::other)
}

async fn list(arguments: ListHistoryArguments) -> Result<(), Failure> {
    let store = open(arguments.storage).await?;
    let shelves = list_shelves(&*store).await.map_err(Failure::other)?;
    if shelves.is_empty() && !arguments.json {
        println!("Nothing is kept yet; `axisor history download` keeps something.");
    }
    for shelf in &shelves {
        if arguments.json {
            println!("{}", listing::json(shelf));
        } else {
            print!("{}", listing::text(shelf));
        }
    }
    Ok(())
}

/// Writes page after page, so that a long past needs no more memory than a short one.
async fn export(arguments: ExportHistoryArguments) -> Result<(), Failure> {
    let ExportHistoryArguments { source, interval, from, to, storage } = arguments;
    let store = open(storage).await?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    let last = Timestamp::from_unix_ms(i64::MAX);
    let mut span = Span::new(from.unwrap_or(Timestamp::from_unix_ms(i64::MIN)), to.unwrap_or(last));
    writeln!(output, "{}", candle_series::HEADER).map_err(Failure::other)?;
    loop {
        let bars = store.list_candles(source.into(), interval, span, PAGE).await.map_err(Failure::other)?;
        let Some(last) = bars.last() else { break };
        span.from = last.at.plus(Millis::new(1));
        for bar in &bars {
            writeln!(output, "{}", csv_row(bar)).map_err(Failure::other)?;
        }
    }
    output.flush().map_err(Failure::other)
}

async fn forget(arguments: ForgetHistoryArguments) -> Result<(), Failure> {
    let ForgetHistoryArguments { source, interval, storage, .. } = arguments;
    let store = open(storage).await?;
    let key = HistoryKey { source: HistorySource::from(source), series: series(interval) };
    store.delete_history(key).await.map_err(Failure::other)?;
    println!("{} is forgotten.", listing::name_of(key));
    Ok(())
}

/// Settlements have no length.
fn series(interval: Option<Interval>) -> Series {
    interval.map_or(Series::Settlements, Series::Candles)
}

//! What is asked of the past, as typed and as checked.

use crate::cli::StorageArguments;
use clap::{Args, Subcommand, ValueEnum};
use domain::{HistorySource, Interval, Millis, Timestamp, iso8601};

#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Downloads prices and funding; goes on where an earlier download was broken off, and lists gaps at the end.
    Download(DownloadArguments),
    /// Shows what is kept and where it has gaps.
    List(ListHistoryArguments),
    /// Writes bars to standard output as a candle file, for `axisor replay` and the paper exchange.
    Export(ExportHistoryArguments),
    /// Removes one kind of past from the database.
    Forget(ForgetHistoryArguments),
}

#[derive(Clone, Debug, Args)]
pub struct DownloadArguments {
    #[arg(long, value_enum)]
    pub source: SourceArgument,
    /// Address of the paper exchange, or of a mirror of Binance.
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// The paper exchange answers as many requests as come.
    #[arg(long)]
    pub no_rate_limit: bool,
    /// Length of a bar: 1m, 3m, 5m, 10m, 15m, 30m, 45m, 1h, 2h, 3h, 4h or 1d, where the source has it.
    #[arg(long, default_value = "1m", value_parser = interval)]
    pub interval: Interval,
    /// Only prices, or only funding; without it, all that the source has.
    #[arg(long, value_enum)]
    pub only: Option<SeriesArgument>,
    /// First moment: unix seconds, 2021-12-04 or 2021-12-04T05:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub from: Timestamp,
    /// The moment before which it ends; without it, the market's present.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub to: Option<Timestamp>,
    /// Asks once more for what an earlier download found missing.
    #[arg(long)]
    pub gaps_again: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Debug, Args)]
pub struct ListHistoryArguments {
    /// Prints one JSON object a kind, with times in unix milliseconds.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Debug, Args)]
pub struct ExportHistoryArguments {
    #[arg(long, value_enum)]
    pub source: SourceArgument,
    /// Length of a bar, as in `download`.
    #[arg(long, default_value = "1m", value_parser = interval)]
    pub interval: Interval,
    /// First moment: unix seconds, 2021-12-04 or 2021-12-04T05:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub from: Option<Timestamp>,
    /// The moment before which it ends.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub to: Option<Timestamp>,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Debug, Args)]
pub struct ForgetHistoryArguments {
    #[arg(long, value_enum)]
    pub source: SourceArgument,
    /// Length of the bars to be forgotten.
    #[arg(long, value_parser = interval, required_unless_present = "settlements")]
    pub interval: Option<Interval>,
    /// Forgets the funding settlements.
    #[arg(long, conflicts_with = "interval")]
    pub settlements: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SourceArgument {
    /// LN Markets' mainnet.
    Lnmarkets,
    /// LN Markets' signet, a market of its own.
    Signet,
    /// Binance spot BTC/USDT.
    Binance,
    /// A paper exchange at --endpoint.
    Paper,
}

impl From<SourceArgument> for HistorySource {
    fn from(source: SourceArgument) -> HistorySource {
        match source {
            SourceArgument::Lnmarkets => HistorySource::LnMarkets,
            SourceArgument::Signet => HistorySource::Signet,
            SourceArgument::Binance => HistorySource::Binance,
            SourceArgument::Paper => HistorySource::Paper,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SeriesArgument {
    Candles,
    Settlements,
}

/// Weeks and months are left out: they begin on days that no fixed length falls on.
const INTERVALS: [(&str, i64); 12] = [
    ("1m", 1),
    ("3m", 3),
    ("5m", 5),
    ("10m", 10),
    ("15m", 15),
    ("30m", 30),
    ("45m", 45),
    ("1h", 60),
    ("2h", 120),
    ("3h", 180),
    ("4h", 240),
    ("1d", 1_440),
];

fn interval(text: &str) -> Result<Interval, String> {
    let minutes = INTERVALS.iter().find(|(name, _)| *name == text).map(|(_, minutes)| *minutes);
    let length = minutes.map(|minutes| Millis::new(minutes.saturating_mul(Millis::MINUTE.get())));
    length.and_then(Interval::new).ok_or_else(|| {
        let names: Vec<&str> = INTERVALS.iter().map(|(name, _)| *name).collect();
        format!("there are {}", names.join(", "))
    })
}

/// What bars of this length are called; their milliseconds where they have no name.
pub fn name_of(interval: Interval) -> String {
    let minutes = interval.length().get().div_euclid(Millis::MINUTE.get());
    let is_whole = minutes.saturating_mul(Millis::MINUTE.get()) == interval.length().get();
    let name = INTERVALS.iter().find(|(_, length)| is_whole && *length == minutes).map(|(name, _)| (*name).to_owned());
    name.unwrap_or_else(|| format!("{} ms", interval.length().get()))
}

fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Ok(Timestamp::EPOCH.plus(Millis::from_secs(seconds)));
    }
    let clock = if text.contains('T') { "" } else { "T00:00:00Z" };
    iso8601::read(&format!("{text}{clock}"))
        .ok_or_else(|| "it must be unix seconds, 2021-12-04 or 2021-12-04T05:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_typed_in_three_ways() {
        let noon = Ok(Timestamp::from_unix_ms(1_638_576_000_000));
        for text in ["1638576000", "2021-12-04", "2021-12-04T00:00:00Z"] {
            assert_eq!(time(text), noon, "{text}");
        }
        for text in ["", "yesterday", "2021-13-04", "2021-12-04T25:00:00Z"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_interval_goes_by_its_name() {
        for (name, _) in INTERVALS {
            assert_eq!(name_of(interval(name).unwrap()), name);
        }
        assert!(interval("1w").unwrap_err().contains("1d"));
        assert_eq!(name_of(Interval::new(Millis::new(90_000)).unwrap()), "90000 ms");
    }
}

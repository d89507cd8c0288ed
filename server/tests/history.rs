//! `axisor history` against a paper exchange over TCP: broken off, gone on with, listed and taken out again.
#![cfg(test)]

use domain::{Candle, CandleSeries, HistoryKey, HistorySource, Interval, Millis, Price, Series, Span, Tick, Timestamp};
use paper::http::{Fault, Faults, Hold, PaperHttp};
use paper::{Chance, PaperMarket, SharedVenue, Venue, VenueRules};
use serde_json::Value;
use server::assembly::past::Past;
use server::jobs::history::{Rhythm, run};
use server::system_clock::SystemClock;
use service::{Clock, PriceHistory};
use std::process::{Output, Stdio};
use std::sync::Arc;
use store::Store;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::{Duration, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// 15 January 2027, 08:00 UTC.
const NOON: Timestamp = Timestamp::from_unix_ms(1_800_000_000_000);
const CANDLES: &str = "/v3/futures/candles";
const PATIENCE: Duration = Duration::from_secs(30);
const PACE: Duration = Duration::from_millis(20);
const BARS: HistoryKey = HistoryKey { source: HistorySource::Paper, series: Series::Candles(Interval::MINUTE) };

/// An exchange whose past has a gap of five bars, and a folder for what is kept of it.
struct Stage {
    endpoint: String,
    faults: Faults,
    bars: Vec<Candle>,
    folder: TempDir,
}

fn minute(number: i64) -> Timestamp {
    NOON.minus(Millis::new(2_800 * 60_000)).plus(Millis::new(number * 60_000))
}

fn bar(number: i64) -> Candle {
    let open = Price::from_ticks(180_000 + number).unwrap();
    Candle { at: minute(number), open, high: open, low: open, close: open, volume: number }
}

impl Stage {
    async fn open() -> Stage {
        let bars: Vec<Candle> = (0..2_800).filter(|number| !(2_400..2_405).contains(number)).map(bar).collect();
        let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(5)));
        let clock: paper::Clock = Arc::new(|| NOON);
        let market = PaperMarket::driven(venue, bars.clone(), clock.clone());
        market.push(Tick::of(NOON, Price::from_ticks(200_000).unwrap()));
        let faults = Faults::default();
        let http = PaperHttp { market, keys: Vec::new(), clock, faults: faults.clone(), rate: None };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { paper::http::serve(listener, paper::http::router(http)).await });
        Stage { endpoint, faults, bars, folder: tempfile::tempdir().unwrap() }
    }

    fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
        command.args(["history", verb, "--data", self.folder.path().to_str().unwrap()]).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    fn download(&self) -> Command {
        let (endpoint, from) = (self.endpoint.as_str(), (minute(0).unix_ms() / 1_000).to_string());
        self.command(
            "download",
            &["--source", "paper", "--endpoint", endpoint, "--no-rate-limit", "--only", "candles", "--from", &from],
        )
    }

    async fn say(&self, verb: &str, arguments: &[&str]) -> String {
        said(&self.command(verb, arguments).output().await.unwrap())
    }

    async fn store(&self) -> Arc<dyn Store> {
        store::open(&format!("sqlite:{}", self.folder.path().join("axisor.db").display())).await.unwrap()
    }

    async fn kept(&self) -> Vec<Candle> {
        let all = Span::new(minute(0), NOON);
        self.store().await.list_candles(BARS.source, Interval::MINUTE, all, 1_000_000).await.unwrap()
    }
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[tokio::test]
async fn a_download_that_is_killed_goes_on_and_no_bar_comes_twice() {
    let stage = Stage::open().await;
    let hold = Hold::default();
    stage.faults.plan("GET", CANDLES, Fault::Delay(Duration::ZERO));
    stage.faults.plan("GET", CANDLES, Fault::HoldReply(hold.clone()));
    let mut killed = stage.download().spawn().unwrap();
    timeout(PATIENCE, hold.reached()).await.unwrap();
    killed.kill().await.unwrap();
    let first = stage.kept().await;
    let covered = stage.store().await.list_history_spans(BARS).await.unwrap();
    let [span] = covered[..] else { panic!("the first piece is kept, and no more: {covered:?}") };
    assert!(!first.is_empty() && first.len() < 2_000, "{}", first.len());
    assert_eq!((first.first().copied(), span.from), (Some(bar(0)), minute(0)));

    let told = said(&stage.download().output().await.unwrap());
    let left = 2_795 - first.len();
    assert!(told.contains(&format!("paper bars of 1m: {left} came, 1 gaps")), "{told}");
    assert_eq!(stage.kept().await, stage.bars);
    let told = said(&stage.download().output().await.unwrap());
    assert!(told.contains("0 came, 0 gaps"), "what is kept is not asked for again: {told}");
}

#[tokio::test]
async fn a_source_that_stumbles_is_waited_for_and_gaps_are_listed() {
    let stage = Stage::open().await;
    stage.faults.plan("GET", CANDLES, Fault::Delay(Duration::ZERO));
    let broken = Fault::Status { code: 502, body: "<html>".to_owned(), headers: Vec::new() };
    stage.faults.plan_times(3, "GET", CANDLES, broken.clone());
    stage.faults.plan_times(3, "GET", "/v3/futures/ticker", broken);
    let output = stage.download().output().await.unwrap();
    let told = said(&output);
    assert_eq!(String::from_utf8(output.stderr).unwrap().matches("tried again in 1 s").count(), 2);
    assert!(told.contains("2795 came, 1 gaps") && told.contains(": 5 bars"), "{told}");
    assert_eq!(stage.kept().await, stage.bars);

    let listed: Value = serde_json::from_str(&stage.say("list", &["--json"]).await).unwrap();
    let gap = serde_json::json!([{ "from": minute(2_400).unix_ms(), "to": minute(2_405).unix_ms() }]);
    assert_eq!((&listed["source"], &listed["interval_ms"], &listed["gaps"]), (&"paper".into(), &60_000.into(), &gap));
    assert_eq!(listed["covered"].as_array().unwrap().len(), 1);
    assert!(stage.say("list", &[]).await.contains("paper bars of 1m"));

    let exported = CandleSeries::parse_csv(&stage.say("export", &["--source", "paper"]).await).unwrap();
    assert_eq!(exported.candles, stage.bars);
    stage.say("forget", &["--source", "paper", "--interval", "1m"]).await;
    assert_eq!(stage.say("list", &["--json"]).await, "");
    assert_eq!(stage.kept().await, []);
}

#[tokio::test]
async fn the_past_of_a_market_in_use_is_kept_in_the_background() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stage = Stage::open().await;
    let (store, clock): (_, Arc<dyn Clock>) = (stage.store().await, Arc::new(SystemClock));
    let past = Past::of_unlimited_paper(&stage.endpoint, &clock).unwrap();
    let history = PriceHistory::new(Arc::clone(&store), BARS.source);
    // So many failures that the round is given up, in the middle of it.
    stage.faults.plan("GET", CANDLES, Fault::Delay(Duration::ZERO));
    let broken = Fault::Status { code: 502, body: "<html>".to_owned(), headers: Vec::new() };
    stage.faults.plan_times(4, "GET", CANDLES, broken);
    let (first, page, round) = (Duration::ZERO, Duration::ZERO, PATIENCE);
    let rhythm = Rhythm { first, page, round, failure: PACE, longest: PACE };
    let stop = CancellationToken::new();
    let (running, stopped) = (stop.clone(), stop.clone());
    let job = tokio::spawn(async move { run(&past, &history, rhythm, &running).await });
    let newest = NOON.minus(Millis::new(2 * 60_000));
    let both_kept = async {
        let settlements = HistoryKey { series: Series::Settlements, ..BARS };
        while store.list_history_spans(settlements).await.unwrap().is_empty() {
            sleep(PACE).await;
        }
    };
    timeout(PATIENCE, both_kept).await.expect("a round that failed is tried again");
    assert_eq!(stage.faults.pending(), 0);
    let covered = store.list_history_spans(BARS).await.unwrap();
    assert_eq!(covered, [Span::new(NOON.minus(Millis::new(7 * 86_400_000)), newest)]);
    let expected: Vec<Candle> = stage.bars.iter().copied().filter(|bar| bar.at < newest).collect();
    assert_eq!(stage.kept().await, expected);
    stopped.cancel();
    timeout(PATIENCE, job).await.expect("a stop is not waited for").unwrap();
}

#[tokio::test]
async fn what_cannot_be_downloaded_is_refused_with_what_to_change() {
    let stage = Stage::open().await;
    let paper = ["--source", "paper", "--endpoint", &stage.endpoint];
    for (arguments, reason) in [
        (vec!["--source", "paper", "--from", "2020-01-01"], "give its --endpoint"),
        (vec!["--source", "lnmarkets", "--endpoint", &stage.endpoint, "--from", "0"], "use --source paper"),
        ([&paper[..], &["--from", "2099-01-01"]].concat(), "nothing between these moments"),
        ([&paper[..], &["--from", "0", "--interval", "1w"]].concat(), "there are 1m"),
        (vec!["--source", "paper", "--endpoint", "http://example.com", "--from", "0"], "https://"),
    ] {
        let output = stage.command("download", &arguments).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.contains(reason)), (Some(2), true), "{said}");
    }
}

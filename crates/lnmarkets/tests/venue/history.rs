//! The past of a venue, fetched whole over TCP.

use crate::support::{NOON, Setting, Stage, price, stage, tick};
use async_trait::async_trait;
use domain::{Candle, Interval, Millis, Timestamp};
use exchange::history::{
    CandleHistory, DownloadError, Settlement, SettlementHistory, SettlementSource, Sink, SinkError, Span, download,
};
use paper::http::Fault;
use std::sync::Mutex;

struct Memory<Item>(Mutex<(Vec<Span>, Vec<Item>)>);

impl<Item> Default for Memory<Item> {
    fn default() -> Memory<Item> {
        Memory(Mutex::new((Vec::new(), Vec::new())))
    }
}

#[async_trait]
impl<Item: Clone + Send + Sync> Sink<Item> for Memory<Item> {
    async fn list_covered(&self) -> Result<Vec<Span>, SinkError> {
        Ok(self.0.lock().unwrap().0.clone())
    }

    async fn insert(&self, span: Span, items: &[Item]) -> Result<(), SinkError> {
        let mut memory = self.0.lock().unwrap();
        memory.0.push(span);
        memory.1.extend_from_slice(items);
        Ok(())
    }
}

fn minute(number: i64) -> Timestamp {
    NOON.minus(Millis::DAY).minus(Millis::DAY).plus(Millis::new(number * 60_000))
}

fn bar(number: i64) -> Candle {
    let open = price(90_000 + number);
    Candle { at: minute(number), open, high: open, low: open, close: open, volume: number }
}

async fn stage_with_history() -> (Stage, Vec<Candle>) {
    let history: Vec<Candle> = (0..2_800).filter(|number| !(700..705).contains(number)).map(bar).collect();
    (Setting { history: history.clone(), ..Setting::default() }.open().await, history)
}

#[tokio::test]
async fn candles_are_downloaded_whole_though_the_venue_breaks_in_between() {
    let (stage, history) = stage_with_history().await;
    let market = stage.client.market();
    let source = CandleHistory::new(&market, Interval::MINUTE);
    let (sink, wanted) = (Memory::default(), Span::new(minute(0), minute(2_800)));
    let broken = Fault::Status { code: 502, body: "<html>".to_owned(), headers: Vec::new() };
    stage.faults.plan("GET", "/v3/futures/candles", Fault::Delay(std::time::Duration::ZERO));
    stage.faults.plan_times(3, "GET", "/v3/futures/candles", broken);
    let first = download(&source, &sink, wanted, |_| {}).await;
    assert!(matches!(first, Err(DownloadError::Read(_))), "{first:?}");
    let mut last = None;
    let report = download(&source, &sink, wanted, |progress| last = Some(progress)).await.unwrap();
    assert_eq!(report.gaps, [Span::new(minute(700), minute(705))]);
    let mut kept = sink.0.lock().unwrap().1.clone();
    kept.sort_by_key(|bar| bar.at);
    assert_eq!(kept, history);
    assert!(last.is_some_and(|progress| progress.done == progress.total && progress.total == wanted.length()));
}

#[tokio::test]
async fn funding_settlements_are_downloaded_whole() {
    let stage = stage().await;
    for eight in 1..=30 {
        stage.market.push(tick(8 * eight * 3_600, 100_000));
    }
    let market = stage.client.market();
    let wanted = Span::new(NOON.plus(Millis::HOUR), tick(8 * 30 * 3_600, 1).at.plus(Millis::HOUR));
    let fetched = market.fetch_settlements(wanted).await.unwrap();
    let sink: Memory<Settlement> = Memory::default();
    let history = SettlementHistory::new(&market, Millis::new(8 * 3_600_000));
    let report = download(&history, &sink, wanted, |_| {}).await.unwrap();
    let venues: Vec<Timestamp> = stage.venue.lock().settlements().into_iter().map(|row| row.at).collect();
    let expected: Vec<Timestamp> = venues.iter().rev().copied().filter(|at| wanted.contains(*at)).collect();
    assert!(29 <= expected.len());
    assert_eq!((report.items, fetched.len()), (expected.len(), expected.len()));
    let mut kept: Vec<Timestamp> = sink.0.lock().unwrap().1.iter().map(|settlement| settlement.at).collect();
    kept.sort();
    assert_eq!(kept, expected);
}

//! The past, fetched whole from sources that leave out, break off and repeat.
#![cfg(test)]

use async_trait::async_trait;
use domain::{Candle, Interval, Millis, Price, Rate, Ticker, Timestamp};
use exchange::history::{
    CandleHistory, DownloadError, DownloadReport, Progress, Settlement, SettlementHistory, SettlementSource, Sink,
    SinkError, Span, download,
};
use exchange::{CandleQuery, Market, ReadError};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const MINUTE: i64 = 60_000;

fn minute(number: i64) -> Timestamp {
    Timestamp::from_unix_ms(number * MINUTE)
}

fn span(from: i64, to: i64) -> Span {
    Span::new(minute(from), minute(to))
}

fn bar(number: i64) -> Candle {
    let price = Price::from_ticks(100_000 + number).unwrap();
    Candle { at: minute(number), open: price, high: price, low: price, close: price, volume: 0 }
}

/// A market that has all bars but those left out.
#[derive(Default)]
struct Past {
    left_out: Vec<i64>,
    /// Bars that are missing in every other answer.
    shy: Vec<i64>,
    /// The answer after so many breaks off.
    breaks_after: Option<usize>,
    asked: AtomicUsize,
}

#[async_trait]
impl Market for Past {
    async fn fetch_time(&self) -> Result<Timestamp, ReadError> {
        Err(ReadError::Unavailable("no clock".to_owned()))
    }

    async fn fetch_ticker(&self) -> Result<Ticker, ReadError> {
        Err(ReadError::Unavailable("no price".to_owned()))
    }

    async fn fetch_candles(&self, query: CandleQuery) -> Result<Vec<Candle>, ReadError> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        if self.breaks_after == Some(asked) {
            return Err(ReadError::Unavailable("broken".to_owned()));
        }
        let numbers = query.from.unix_ms().div_euclid(MINUTE)..query.to.unix_ms().div_euclid(MINUTE);
        let is_shy = |number: &i64| asked.is_multiple_of(2) && self.shy.contains(number);
        let is_there = |number: &i64| !self.left_out.contains(number) && !is_shy(number);
        // Newest first, with one bar from before and one told twice.
        let mut bars: Vec<Candle> = numbers.clone().filter(is_there).map(bar).rev().collect();
        bars.extend(
            [bar(numbers.start - 1), bar(numbers.start)]
                .into_iter()
                .filter(|bar| is_there(&bar.at.unix_ms().div_euclid(MINUTE))),
        );
        Ok(bars)
    }
}

struct Memory<Item> {
    covered: Mutex<Vec<Span>>,
    items: Mutex<Vec<Item>>,
    fails: bool,
}

impl<Item> Default for Memory<Item> {
    fn default() -> Memory<Item> {
        Memory { covered: Mutex::default(), items: Mutex::default(), fails: false }
    }
}

#[async_trait]
impl<Item: Clone + Send + Sync> Sink<Item> for Memory<Item> {
    async fn list_covered(&self) -> Result<Vec<Span>, SinkError> {
        Ok(self.covered.lock().unwrap().clone())
    }

    async fn insert(&self, span: Span, items: &[Item]) -> Result<(), SinkError> {
        if self.fails {
            return Err(SinkError("full".to_owned()));
        }
        self.covered.lock().unwrap().push(span);
        self.items.lock().unwrap().extend_from_slice(items);
        Ok(())
    }
}

async fn fetch(past: &Past, sink: &Memory<Candle>, wanted: Span) -> Result<DownloadReport, DownloadError> {
    download(&CandleHistory::new(past, Interval::MINUTE), sink, wanted, |_| {}).await
}

fn kept(sink: &Memory<Candle>) -> BTreeMap<Timestamp, usize> {
    let mut kept = BTreeMap::new();
    sink.items.lock().unwrap().iter().for_each(|bar| *kept.entry(bar.at).or_insert(0) += 1);
    kept
}

#[tokio::test]
async fn the_past_comes_whole_and_each_bar_once() {
    let (past, sink) = (Past::default(), Memory::default());
    let mut steps = Vec::new();
    let source = CandleHistory::new(&past, Interval::MINUTE);
    let report = download(&source, &sink, span(500, 3_500), |step: Progress| steps.push(step.done.get() / MINUTE));
    assert_eq!(report.await, Ok(DownloadReport { items: 3_000, gaps: vec![] }));
    assert!(kept(&sink).keys().copied().eq((500..3_500).map(minute)));
    assert!(kept(&sink).values().all(|times| *times == 1));
    assert_eq!(steps, [0, 500, 1_500, 2_500, 3_000]);
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on_where_it_was() {
    let (broken, sink) = (Past { breaks_after: Some(2), ..Past::default() }, Memory::default());
    let error = fetch(&broken, &sink, span(0, 5_000)).await;
    assert_eq!(error, Err(DownloadError::Read(ReadError::Unavailable("broken".to_owned()))));
    assert_eq!(kept(&sink).len(), 2_000);
    let mended = Past::default();
    assert_eq!(fetch(&mended, &sink, span(0, 5_000)).await.unwrap().items, 3_000);
    assert_eq!(mended.asked.load(Ordering::SeqCst), 3, "what was kept is not asked for again");
    assert!(kept(&sink).keys().copied().eq((0..5_000).map(minute)));
    assert_eq!(fetch(&mended, &sink, span(0, 5_000)).await, Ok(DownloadReport::default()));
}

#[tokio::test]
async fn gaps_are_told_and_not_filled() {
    let past = Past { left_out: vec![10, 11, 12, 999, 1_000, 1_500], ..Past::default() };
    let sink = Memory::default();
    let report = fetch(&past, &sink, span(0, 2_000)).await.unwrap();
    assert_eq!(report.gaps, [span(10, 13), span(999, 1_001), span(1_500, 1_501)]);
    assert_eq!((report.items, kept(&sink).len()), (1_994, 1_994));
}

#[tokio::test]
async fn f21_an_incomplete_answer_is_asked_for_again() {
    let past = Past { shy: vec![7, 8], ..Past::default() };
    let sink = Memory::default();
    assert_eq!(fetch(&past, &sink, span(0, 100)).await, Ok(DownloadReport { items: 100, gaps: vec![] }));
    assert_eq!(past.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn what_can_t_be_kept_is_not_called_covered() {
    let sink = Memory { fails: true, ..Memory::default() };
    let error = fetch(&Past::default(), &sink, span(0, 100)).await;
    assert_eq!(error, Err(DownloadError::Sink(SinkError("full".to_owned()))));
    assert_eq!(sink.list_covered().await, Ok(vec![]));
}

#[test]
fn the_bar_that_still_forms_is_not_wanted() {
    let past = Past::default();
    let source = CandleHistory::new(&past, Interval::MINUTE);
    let at = |ms| Timestamp::from_unix_ms(ms);
    assert_eq!(source.until_now(at(MINUTE + 5), at(10 * MINUTE + 59_999)), span(1, 10));
}

struct Settlements(Vec<i64>);

#[async_trait]
impl SettlementSource for Settlements {
    async fn fetch_settlements(&self, span: Span) -> Result<Vec<Settlement>, ReadError> {
        let settlement = |hour: &i64| Settlement {
            at: Timestamp::from_unix_ms(hour * 3_600_000),
            rate: Rate::from_hundred_millionths(10_000),
            fixing: Price::MIN,
        };
        Ok(self.0.iter().map(settlement).filter(|settlement| span.contains(settlement.at)).collect())
    }
}

#[tokio::test]
async fn a_settlement_that_is_missing_is_a_gap() {
    let eight_hours = Millis::new(8 * 3_600_000);
    let hour = |hour: i64| Timestamp::from_unix_ms(hour * 3_600_000);
    let (source, sink) = (Settlements(vec![40, 8, 16, 32, 0]), Memory::default());
    let history = SettlementHistory::new(&source, eight_hours);
    let report = download(&history, &sink, Span::new(hour(0), hour(48)), |_| {}).await.unwrap();
    assert_eq!((report.items, report.gaps), (5, vec![Span::new(hour(16), hour(32))]));
    let kept: Vec<Timestamp> = sink.items.lock().unwrap().iter().map(|settlement| settlement.at).collect();
    assert_eq!(kept, [0, 8, 16, 32, 40].map(hour));
}

#[tokio::test]
async fn a_settlement_that_is_missing_between_two_pieces_is_a_gap() {
    let hour = |hour: i64| Timestamp::from_unix_ms(hour * 3_600_000);
    let all_but =
        |missing: i64| Settlements((0..1_000).map(|number| number * 8).filter(|due| *due != missing).collect());
    for missing in [0, 4_000, 7_992, 2_000] {
        let (source, sink) = (all_but(missing), Memory::default());
        let history = SettlementHistory::new(&source, Millis::new(8 * 3_600_000));
        let report = download(&history, &sink, Span::new(hour(0), hour(8_000)), |_| {}).await.unwrap();
        assert_eq!(report.items, 999);
        assert!(report.gaps.iter().any(|gap| gap.contains(hour(missing))), "{missing}: {:?}", report.gaps);
        assert_eq!(report.gaps.len(), 1);
    }
}

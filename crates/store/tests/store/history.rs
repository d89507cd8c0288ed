//! The past of markets: whole or not at all, each moment once, and each source on its own.

use crate::database::{Fresh, by_hand, on_both};
use domain::{Candle, HistoryKey, HistorySource, Interval, Millis, Price, Rate, Series, Settlement, Span, Timestamp};
use std::sync::Arc;
use store::{Store, StoreError};

const MINUTES: Series = Series::Candles(Interval::MINUTE);

on_both!(the_past_is_kept_once_and_told_apart_by_its_source, a_past);
on_both!(a_piece_is_kept_whole_or_not_at_all, a_piece_that_fails);
on_both!(of_two_downloads_at_once_nothing_is_lost_and_nothing_doubled, two_downloads);
on_both!(bars_that_are_missing_part_the_runs, runs);

fn minute(number: i64) -> Timestamp {
    Timestamp::from_unix_ms(number * 60_000)
}

fn span(from: i64, to: i64) -> Span {
    Span::new(minute(from), minute(to))
}

fn bar(number: i64) -> Candle {
    let price = |ticks: i64| Price::from_ticks(200_000 + number + ticks).unwrap();
    Candle { at: minute(number), open: price(0), high: price(3), low: price(-2), close: price(1), volume: number }
}

fn bars(numbers: std::ops::Range<i64>) -> Vec<Candle> {
    numbers.map(bar).collect()
}

fn settlement(hour: i64, rate: i64) -> Settlement {
    let fixing = Price::from_ticks(200_001).unwrap();
    Settlement { at: minute(hour * 60), rate: Rate::from_hundred_millionths(rate), fixing }
}

async fn list(store: &dyn Store, source: HistorySource, span: Span) -> Vec<Candle> {
    store.list_candles(source, Interval::MINUTE, span, 1_000_000).await.unwrap()
}

async fn a_past(fresh: &Fresh) {
    use HistorySource::{Binance, LnMarkets, Paper, Signet};
    let store = fresh.open().await;
    assert_eq!(store.list_histories().await.unwrap(), []);

    // More bars than go into one statement; the same piece twice, and one that overlaps.
    store.insert_candles(LnMarkets, Interval::MINUTE, span(0, 1_000), &bars(0..1_000)).await.unwrap();
    store.insert_candles(LnMarkets, Interval::MINUTE, span(0, 1_000), &bars(0..1_000)).await.unwrap();
    store.insert_candles(LnMarkets, Interval::MINUTE, span(900, 1_200), &bars(900..1_200)).await.unwrap();
    assert_eq!(list(&*store, LnMarkets, span(0, 9_999)).await, bars(0..1_200));
    assert_eq!(list(&*store, LnMarkets, span(5, 8)).await, bars(5..8));
    assert_eq!(store.list_candles(LnMarkets, Interval::MINUTE, span(0, 50), 3).await.unwrap(), bars(0..3));

    // What is kept is not rewritten.
    let other = Candle { close: Price::MIN, ..bar(7) };
    store.insert_candles(LnMarkets, Interval::MINUTE, span(7, 8), &[other]).await.unwrap();
    assert_eq!(list(&*store, LnMarkets, span(7, 8)).await, [bar(7)]);

    // Each source and each length for itself; a stretch that was empty is covered all the same.
    let hour = Interval::new(Millis::HOUR).unwrap();
    store.insert_candles(Binance, Interval::MINUTE, span(7, 8), &[other]).await.unwrap();
    store.insert_candles(LnMarkets, hour, span(0, 60), &[bar(0)]).await.unwrap();
    store.insert_candles(Signet, Interval::MINUTE, span(0, 10), &[]).await.unwrap();
    assert_eq!(list(&*store, Binance, span(0, 9_999)).await, [other]);
    assert_eq!(list(&*store, Signet, span(0, 9_999)).await, []);

    let rates = [settlement(8, 10_000), settlement(16, -2_500)];
    store.insert_settlements(Paper, span(0, 1_440), &rates).await.unwrap();
    store.insert_settlements(Paper, span(0, 1_440), &rates).await.unwrap();

    // A restart.
    drop(store);
    let store = fresh.open().await;
    assert_eq!(store.list_settlements(Paper, span(0, 9_999)).await.unwrap(), rates);
    assert_eq!(store.list_settlements(Paper, span(481, 9_999)).await.unwrap(), rates[1..]);
    assert_eq!(store.list_settlements(LnMarkets, span(0, 9_999)).await.unwrap(), []);
    let key = |source, series| HistoryKey { source, series };
    let kept = [
        key(Binance, MINUTES),
        key(LnMarkets, MINUTES),
        key(LnMarkets, Series::Candles(hour)),
        key(Paper, Series::Settlements),
        key(Signet, MINUTES),
    ];
    assert_eq!(store.list_histories().await.unwrap(), kept);
    assert_eq!(store.list_history_spans(kept[1]).await.unwrap(), [span(0, 1_200)]);
    assert_eq!(store.list_history_spans(kept[4]).await.unwrap(), [span(0, 10)]);

    // One kind is forgotten, the others stay.
    store.delete_history(kept[1]).await.unwrap();
    store.delete_history(kept[3]).await.unwrap();
    assert_eq!(store.list_histories().await.unwrap(), [kept[0], kept[2], kept[4]]);
    assert_eq!(list(&*store, LnMarkets, span(0, 9_999)).await, []);
    assert_eq!(store.list_settlements(Paper, span(0, 9_999)).await.unwrap(), []);
    assert_eq!(store.list_candles(LnMarkets, hour, span(0, 9_999), 9).await.unwrap(), [bar(0)]);
}

async fn a_piece_that_fails(fresh: &Fresh) {
    let store = fresh.open().await;
    let source = HistorySource::LnMarkets;
    store.insert_candles(source, Interval::MINUTE, span(0, 300), &bars(0..300)).await.unwrap();
    // The piece breaks at its very end, when it is to be called covered.
    let table = if fresh.url.starts_with("sqlite") {
        "create trigger full before insert on history_spans begin select raise(abort, 'disk full'); end"
    } else {
        "alter table history_spans add constraint full_disk check (to_at <= 18000000)"
    };
    by_hand(fresh, table).await.unwrap();
    let refused = store.insert_candles(source, Interval::MINUTE, span(300, 900), &bars(300..900)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    assert_eq!(list(&*store, source, span(0, 9_999)).await, bars(0..300));
    let key = HistoryKey { source, series: MINUTES };
    assert_eq!(store.list_history_spans(key).await.unwrap(), [span(0, 300)], "what was covered stays covered");
}

async fn two_downloads(fresh: &Fresh) {
    let (one, other) = (fresh.open().await, fresh.open().await);
    let source = HistorySource::LnMarkets;
    let download = |store: Arc<dyn Store>, first: i64| async move {
        for piece in (first..first + 20).map(|piece| piece * 10..(piece + 2) * 10) {
            let covered = span(piece.start, piece.end);
            store.insert_candles(source, Interval::MINUTE, covered, &bars(piece)).await.unwrap();
        }
    };
    let (done, other_done) = tokio::join!(tokio::spawn(download(one.clone(), 0)), tokio::spawn(download(other, 1)));
    done.and(other_done).unwrap();
    assert_eq!(list(&*one, source, span(0, 9_999)).await, bars(0..220));
    let key = HistoryKey { source, series: MINUTES };
    assert_eq!(one.list_history_spans(key).await.unwrap(), [span(0, 220)]);
}

async fn runs(fresh: &Fresh) {
    let store = fresh.open().await;
    let source = HistorySource::Paper;
    let there: Vec<Candle> = (0..20).filter(|number| ![3, 4, 11].contains(number)).map(bar).collect();
    store.insert_candles(source, Interval::MINUTE, span(0, 20), &there).await.unwrap();
    let runs = store.list_candle_runs(source, Interval::MINUTE).await.unwrap();
    assert_eq!(runs, [span(0, 3), span(5, 11), span(12, 20)]);
    assert_eq!(store.list_candle_runs(HistorySource::Binance, Interval::MINUTE).await.unwrap(), []);
}

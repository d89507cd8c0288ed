//! The log on its way to another system, over TCP.

#![cfg(test)]

mod receiver;

use domain::Timestamp;
use notify::{Egress, LogPlace, LogShipment, LogSink};
use receiver::Receiver;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::dispatcher::with_default;
use tracing::{Dispatch, Event, Metadata, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

const PATIENCE: Duration = Duration::from_secs(20);

fn sink(receiver: &Receiver) -> (LogSink, LogShipment) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let egress = Egress::allowing(["127.0.0.1".to_owned()]);
    let place = LogPlace::at(&receiver.address("log:hunter2@", "/insert?token=abc"), &egress).unwrap();
    LogSink::start(place, || Timestamp::EPOCH).unwrap()
}

fn logging(sink: LogSink) -> Dispatch {
    Dispatch::new(Registry::default().with(sink.layer().with_filter(LevelFilter::INFO)))
}

fn lines(body: &str) -> Vec<Value> {
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_log_goes_to_another_system_as_lines_of_json() {
    let mut receiver = Receiver::open().await;
    let (sink, shipment) = sink(&receiver);
    with_default(&logging(sink), || {
        tracing::info!(account = 7, "one\nline");
        tracing::warn!("another \"line\"");
    });
    let (head, body) = receiver.take(200).await;
    assert!(head.starts_with("POST /insert?token=abc HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-ndjson"), "{head}");
    assert!(head.contains("authorization: Basic bG9nOmh1bnRlcjI="), "{head}");
    let lines = lines(&body);
    assert_eq!((lines.len(), &lines[0]["message"], &lines[0]["account"]), (2, &"one\nline".into(), &7.into()));
    assert_eq!((&lines[0]["level"], &lines[0]["target"]), (&"INFO".into(), &"log".into()));
    assert!(lines[0]["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{}", lines[0]);
    assert_eq!(lines[1]["message"], "another \"line\"");
    shipment.finish().await;
}

#[tokio::test]
async fn a_place_that_stands_still_holds_up_nobody_and_the_next_batch_says_how_much_was_lost() {
    const WRITTEN: u64 = 30_000;
    let mut receiver = Receiver::open().await;
    let (sink, shipment) = sink(&receiver);
    let log = logging(sink);
    let mut arrived = 0;
    with_default(&log, || (0..WRITTEN).for_each(|number| tracing::info!(number, "busy")));
    // Nobody has answered yet, and all of it is written. The first attempt fails; nothing of it is lost.
    receiver.take(503).await;
    let mut lost = 0;
    while arrived + lost < WRITTEN {
        for line in lines(&receiver.take(200).await.1) {
            match line["lost"].as_u64() {
                Some(more) => {
                    assert_eq!(
                        (&line["level"], &line["timestamp"]),
                        (&"WARN".into(), &"1970-01-01T00:00:00.000Z".into())
                    );
                    lost += more;
                }
                None => arrived += 1,
            }
        }
    }
    assert_eq!(arrived + lost, WRITTEN);
    assert!(0 < lost && 4_000 < arrived, "{arrived} arrived, {lost} were lost");
    shipment.finish().await;
}

#[tokio::test]
async fn a_batch_that_is_never_taken_is_counted_and_the_next_one_goes() {
    let mut receiver = Receiver::open().await;
    let (sink, shipment) = sink(&receiver);
    let log = logging(sink);
    with_default(&log, || (0..3).for_each(|number| tracing::info!(number, "odd")));
    receiver.take(400).await;
    with_default(&log, || tracing::info!("even"));
    let lines = lines(&receiver.take(200).await.1);
    assert_eq!((lines.len(), &lines[0]["message"], &lines[1]["lost"]), (2, &"even".into(), &3.into()));
    shipment.finish().await;
}

#[tokio::test]
async fn what_waits_at_a_stop_is_sent() {
    let mut receiver = Receiver::open().await;
    let (sink, shipment) = sink(&receiver);
    with_default(&logging(sink), || (0..1_200).for_each(|number| tracing::info!(number, "last words")));
    let finished = tokio::spawn(shipment.finish());
    let mut arrived = 0;
    while arrived < 1_200 {
        arrived += lines(&receiver.take(200).await.1).len();
    }
    finished.await.unwrap();
}

#[tokio::test]
async fn a_place_that_never_answers_holds_up_a_stop_for_seconds_only() {
    let receiver = Receiver::open().await;
    let (sink, shipment) = sink(&receiver);
    with_default(&logging(sink), || tracing::info!("into the void"));
    tokio::time::timeout(PATIENCE, shipment.finish()).await.expect("it ends though nobody answers");
}

/// Hears what is logged beside the log's own way.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.0.lock().unwrap().push(event.metadata().target().to_owned());
    }
}

fn is_of_the_way(target: &str) -> bool {
    ["hyper", "reqwest", "notify", "rustls", "h2"].iter().any(|crate_| target.starts_with(crate_))
}

#[tokio::test]
async fn what_the_logs_own_way_logs_is_not_sent_on_it() {
    let mut receiver = Receiver::open().await;
    let (sink, shipment) = sink(&receiver);
    let ear = Ear::default();
    let is_told = |event: &Metadata<'_>| event.target() == "told" || is_of_the_way(event.target());
    let told = tracing_subscriber::filter::filter_fn(is_told);
    // The way's own thread has no log but the process's.
    let log = Registry::default().with(ear.clone()).with(sink.layer().with_filter(told));
    tracing::subscriber::set_global_default(log).unwrap();
    tracing::info!(target: "told", "one");
    receiver.take(503).await;
    let (_, body) = receiver.take(200).await;
    assert_eq!(lines(&body).len(), 1, "{body}");
    tracing::info!(target: "told", "two");
    let (_, body) = receiver.take(200).await;
    assert_eq!(lines(&body).len(), 1, "{body}");
    shipment.finish().await;
    let heard = ear.0.lock().unwrap();
    assert!(heard.iter().any(|target| target.starts_with("hyper")), "the client was talkative: {heard:?}");
    assert!(heard.iter().any(|target| target.starts_with("notify")), "the failure was told: {heard:?}");
}

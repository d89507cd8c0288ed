use super::stage::{Setting, Stage, text};
use crate::jobs::heartbeat::beat;
use crate::siren::Siren;
use axum::http::StatusCode;
use domain::{LedgerEntry, LedgerOutcome, Millis, Reason};
use notify::{Alarms, Channel, Courier, Heartbeat, Journal};
use service::AlarmSink;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

fn alarm(stage: &Stage) -> LedgerEntry {
    let reason = Reason::PriceStale { age: Millis::from_secs(7) };
    LedgerEntry { outcome: LedgerOutcome::Alarmed, reason, ..super::stage::decision(stage.account, stage.now()) }
}

/// One way, to a file; the courier takes what is in its queue and ends.
fn to_file(path: &Path) -> (Alarms, Courier) {
    let channel: Arc<dyn Channel> = Arc::new(Journal::at(path.to_owned()));
    let (alarms, mut couriers) = Alarms::over(vec![channel]);
    (alarms, couriers.remove(0))
}

#[tokio::test]
async fn f88_an_alarm_is_a_sentence_on_each_way_and_a_way_that_fails_is_shown_by_the_health_report() {
    let folder = tempfile::tempdir().unwrap();
    let stopped = CancellationToken::new();
    stopped.cancel();

    let file = folder.path().join("alarms.jsonl");
    let (alarms, courier) = to_file(&file);
    let stage = Stage::set_with(Setting { alarms: alarms.clone(), ..Setting::default() }).await;
    Siren(alarms).raise(&alarm(&stage));
    courier.run(&stopped).await;
    let line: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(line["kind"], "price_stale");
    assert!(line["text"].as_str().unwrap().contains("7.0 s") && line["subject"].as_str().unwrap().contains("account"));
    assert_eq!(stage.health().await.status(), StatusCode::OK);

    let (alarms, courier) = to_file(folder.path());
    let stage = Stage::set_with(Setting { alarms: alarms.clone(), ..Setting::default() }).await;
    Siren(alarms).raise(&alarm(&stage));
    courier.run(&stopped).await;
    let answer = stage.health().await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(answer).await.contains("alarms by file"));
}

#[tokio::test]
async fn f13_the_health_report_names_what_keeps_a_guard_from_its_work() {
    let stage = Stage::set().await;
    stage.tick(100_000);
    assert_eq!(stage.health().await.status(), StatusCode::OK);
    stage.lose_tables().await;
    // For two seconds a look goes by what the last one read.
    stage.clock.advance(Millis::from_secs(2));
    stage.tick(100_000);
    stage.look_again().await;
    let answer = stage.health().await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(text(answer).await.contains("database_lost: account"));
}

#[tokio::test]
async fn a_heartbeat_goes_out_while_the_guard_is_at_work_and_is_silent_when_it_is_not() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = notify::Egress::allowing(["127.0.0.1".to_owned()]);
    let heartbeat = Heartbeat::to(&format!("http://{}/ping", listener.local_addr().unwrap()), &here).unwrap();
    let stage = Stage::set().await;
    let desk = stage.services.desk.clone();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1_024];
        let read = stream.read(&mut request).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
        (String::from_utf8_lossy(&request[..read]).into_owned(), listener)
    });
    assert!(beat(&desk, &heartbeat).await);
    let (request, listener) = heard.await.unwrap();
    assert!(request.starts_with("GET /ping "), "{request}");

    stage.clock.advance(Millis::from_secs(11));
    assert!(!beat(&desk, &heartbeat).await);
    let knocked = tokio::time::timeout(std::time::Duration::ZERO, listener.accept()).await;
    assert!(knocked.is_err(), "nobody was asked");
}

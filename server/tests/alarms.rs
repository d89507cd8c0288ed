//! The real program whose database is taken away: a person hears of it on two ways.

#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use domain::Reason;
use stage::Stage;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers every request with yes, until one says `wanted`.
async fn receiver(listener: TcpListener, wanted: &'static str) -> String {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        let mut some = [0; 4_096];
        while !String::from_utf8_lossy(&heard).contains(wanted) {
            match tokio::time::timeout(Duration::from_secs(1), stream.read(&mut some)).await {
                Ok(Ok(read)) if read != 0 => heard.extend_from_slice(&some[..read]),
                _ => break,
            }
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        let heard = String::from_utf8_lossy(&heard).into_owned();
        if heard.contains(wanted) {
            return heard;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f14_with_the_database_gone_the_alarm_is_in_the_file_and_at_the_webhook() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("axisor.db").display());
    let stage = Stage::set(&database).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/alarms", listener.local_addr().unwrap());
    let heard = tokio::spawn(receiver(listener, "database_lost"));
    let mut program = stage.start_program_with(
        &database,
        folder.path(),
        &[("AXISOR_ALARM_URL", &address), ("AXISOR_PRIVATE_HOSTS", "127.0.0.1")],
    );
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;
    let pool = sqlx::SqlitePool::connect(&database).await.unwrap();
    sqlx::query("alter table leases rename to leases_lost").execute(&pool).await.unwrap();
    let request = tokio::time::timeout(stage::PATIENCE, heard).await.expect("the webhook is called").unwrap();
    assert!(request.starts_with("POST /alarms "), "{request}");
    let file = folder.path().join("alarms.jsonl");
    let is_written = async || std::fs::read_to_string(&file).is_ok_and(|lines| lines.contains("\"database_lost\""));
    stage.wait_until("the alarm is in the file", is_written).await;
    program.kill().await.unwrap();
}

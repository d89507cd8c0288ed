//! F-55: the real program with few files, and a crowd that takes all that the web gives.

#![cfg(test)]

#[path = "program/stage.rs"]
mod stage;

use domain::{Bps, Reason};
use paper::http::Fault;
use stage::Stage;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const FILES: u32 = 128;
const RUNNING: &str = "/v3/futures/isolated/trades/running";
const A_MOMENT: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_crowd_that_takes_every_connection_leaves_the_guards_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("axisor.db").display());
    let stage = Stage::set(&database).await;
    let address = a_free_address().await;
    let mut program = stage.start_program_with_files(&database, folder.path(), address, FILES);
    stage.wait_for("the position is adopted", |entry| matches!(entry.reason, Reason::PositionAdopted { .. })).await;

    let mut crowd = Vec::new();
    // More than it may serve, and no more than the system lets wait.
    for _ in 0..FILES + FILES / 4 {
        if let Ok(Ok(stream)) = timeout(A_MOMENT, TcpStream::connect(address)).await {
            crowd.push(stream);
        }
    }
    assert!(usize::try_from(FILES).unwrap() <= crowd.len(), "{} came", crowd.len());
    assert!(!is_alive(address).await, "nobody else comes in");
    // What the guard had open is gone, and it needs files anew.
    for _ in 0..4 {
        stage.exchange.faults.plan("GET", RUNNING, Fault::ResetConnection);
    }
    stage.exchange.set_price_to_distance(Bps::new(400));
    // What it foresaw before its connections broke, it took back.
    stage.wait_until("the position is saved", async || stage.are_proved(1).await).await;
    assert_eq!(stage.exchange.margin_calls().len(), 1);
    assert!(program.try_wait().unwrap().is_none(), "the program goes on");

    drop(crowd);
    stage.wait_until("others come in again", async || is_alive(address).await).await;
    program.kill().await.unwrap();
}

async fn a_free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// Whether the program says that it lives.
async fn is_alive(address: SocketAddr) -> bool {
    let asked = timeout(A_MOMENT, async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    });
    matches!(asked.await, Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200"))
}

//! The way to the venue: who answers there, and how slowly.

use crate::support::{PATIENCE, client, key};
use domain::{PositionId, Sats};
use exchange::{Exchange, Outcome, Priority, ReadError, Silence};
use lnmarkets::LnMarketsAccount;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

/// A certificate for 127.0.0.1 that nobody has signed but itself; its key opens nothing.
const UNTRUSTED: &[u8] = include_bytes!("untrusted.pem");

async fn top_up(account: &LnMarketsAccount) -> Outcome<domain::Position> {
    account.add_margin(PositionId::from_uuid(uuid::Uuid::nil()), Sats::new(1)).await
}

/// A TLS server with a certificate of its own making: how often it was called, and how much it was told.
fn impostor() -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let certificate = CertificateDer::from_pem_slice(UNTRUSTED).unwrap();
    let key = PrivateKeyDer::from_pem_slice(UNTRUSTED).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let (calls, told) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, heard) = (calls.clone(), told.clone());
    std::thread::spawn(move || {
        while let Ok((mut socket, _)) = listener.accept() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let bytes = Stream::new(&mut connection, &mut socket).read(&mut [0; 1_024]).unwrap_or(0);
            heard.fetch_add(bytes, Ordering::SeqCst);
        }
    });
    (endpoint, calls, told)
}

#[tokio::test]
async fn f26_a_server_that_nobody_vouches_for_is_told_nothing() {
    let (endpoint, calls, told) = impostor();
    let account = client(&endpoint).account(key());
    assert!(matches!(top_up(&account).await, Outcome::Rejected(refusal) if refusal.status == 0));
    let read = account.fetch_wallet(Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Unavailable(_))), "{read:?}");
    assert!(0 < calls.load(Ordering::SeqCst));
    assert_eq!(told.load(Ordering::SeqCst), 0);
}

/// A server that says `head` at once, and then one byte at a time.
async fn dripping(head: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4_096]).await;
                let mut said = socket.write_all(head.as_bytes()).await;
                while said.is_ok() {
                    sleep(Duration::from_millis(50)).await;
                    said = socket.write_all(b" ").await;
                }
            });
        }
    });
    endpoint
}

#[tokio::test]
async fn f26_an_answer_that_drips_is_not_waited_for() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{";
    let account = client(&dripping(head).await).account(key());
    let asked = Instant::now();
    assert_eq!(top_up(&account).await, Outcome::Unknown(Silence::Unreadable));
    assert!(asked.elapsed() < PATIENCE.body + Duration::from_millis(900), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn f26_a_head_that_drips_is_not_waited_for() {
    let account = client(&dripping("HTTP/1.1 200 OK\r\nx:").await).account(key());
    let asked = Instant::now();
    assert_eq!(top_up(&account).await, Outcome::Unknown(Silence::TimedOut));
    assert!(asked.elapsed() < PATIENCE.answer + Duration::from_millis(900), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn f26_a_name_that_leads_nowhere_was_sent_nothing() {
    let account = client("https://no-such-host.invalid").account(key());
    let asked = Instant::now();
    assert!(matches!(top_up(&account).await, Outcome::Rejected(refusal) if refusal.code == "NOT_SENT"));
    let read = account.fetch_wallet(Priority::GuardRead).await;
    assert!(matches!(read, Err(ReadError::Unavailable(_))), "{read:?}");
    assert!(asked.elapsed() < PATIENCE.turn + PATIENCE.read, "{:?}", asked.elapsed());
}

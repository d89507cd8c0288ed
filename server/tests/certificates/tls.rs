//! The program speaks HTTPS itself.

use crate::authority::{Authority, Pair};
use axum::Router;
use axum::routing::get;
use reqwest::{Certificate, Client, Version};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use server::http::{Greeter, Tls, TlsFiles, listener};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(60);

/// Believes this authority alone. Each request has a connection of its own.
fn browser(authority: &Authority) -> Client {
    let pem = fs::read(&authority.file).unwrap();
    let believed = Certificate::from_pem(&pem).unwrap();
    Client::builder().tls_certs_only([believed]).pool_max_idle_per_host(0).timeout(PATIENCE).build().unwrap()
}

#[tokio::test]
async fn the_program_speaks_https_itself_and_tells_browsers_to_come_so() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::found(folder.path(), "authority");
    let Pair { certificate, key } = authority.server();
    let mut command = Command::new(env!("CARGO_BIN_EXE_axisor"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path());
    command.arg("--tls-cert").arg(&certificate).arg("--tls-key").arg(&key);
    let mut serving = command.kill_on_drop(true).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let told = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    let (base, _) = told.split_once(": ").unwrap().1.split_once("/setup").unwrap();
    assert!(base.starts_with("https://127.0.0.1:"), "{told}");

    let browser = browser(&authority);
    let page = browser.get(format!("{base}/sign-in")).send().await.unwrap();
    assert_eq!((page.status().as_u16(), page.version()), (200, Version::HTTP_2));
    assert!(page.headers()["strict-transport-security"].to_str().unwrap().contains("max-age="));
    assert!(page.text().await.unwrap().contains("Axisor"));
    let plain = reqwest::get(format!("{base}/health/live").replace("https:", "http:")).await;
    assert!(plain.is_err_and(|error| error.is_request()), "nothing is said in the clear");
    let stranger = Authority::found(folder.path(), "stranger");
    assert!(self::browser(&stranger).get(format!("{base}/health/live")).send().await.is_err());

    let health = |certificate: &Path| {
        let mut health = Command::new(env!("CARGO_BIN_EXE_axisor"));
        health.args(["health", "--url", &format!("{base}/health/live"), "--tls-cert"]).arg(certificate);
        async move { health.output().await.unwrap().status.success() }
    };
    assert!(health(&authority.file).await, "the container's own question is asked over TLS as well");
    assert!(!health(&stranger.file).await);
    serving.kill().await.unwrap();
}

struct Served {
    address: SocketAddr,
    tls: std::sync::Arc<Tls>,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
}

async fn serve(Pair { certificate, key }: Pair) -> Served {
    let tls = std::sync::Arc::new(Tls::read(TlsFiles { certificate, key }).await.unwrap());
    let (socket, address) = listener::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let (stop, greeter) = (CancellationToken::new(), Greeter::new(&tls, 64));
    let (end, router) = (stop.clone(), Router::new().route("/", get(async || "a page")));
    let serving = tokio::spawn(async move { listener::serve_tls(socket, greeter, router, &end).await });
    Served { address, tls, stop, serving }
}

impl Served {
    async fn answers(&self, browser: &Client) -> bool {
        let page = browser.get(format!("https://{}/", self.address)).send().await;
        page.is_ok_and(|page| page.status().is_success())
    }
}

#[tokio::test]
async fn f82_a_handshake_that_is_never_finished_holds_up_nobody_and_no_stop() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::found(folder.path(), "authority");
    let served = serve(authority.server()).await;
    let mut silent = Vec::new();
    for _ in 0..32 {
        silent.push(TcpStream::connect(served.address).await.unwrap());
    }
    let answered = timeout(Duration::from_secs(8), served.answers(&browser(&authority))).await;
    assert_eq!(answered, Ok(true), "a page comes while the others have not finished");
    served.stop.cancel();
    timeout(Duration::from_secs(8), served.serving).await.expect("it ends").unwrap();
    drop(silent);
}

#[tokio::test]
async fn a_certificate_that_was_renewed_is_taken_and_a_broken_one_is_not() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (Authority::found(folder.path(), "first"), Authority::found(folder.path(), "second"));
    let served = serve(first.server()).await;
    let (knows_first, knows_second) = (browser(&first), browser(&second));
    assert!(served.answers(&knows_first).await && !served.answers(&knows_second).await);

    let Pair { certificate, key } = second.server();
    let (whole, new_key) = (fs::read(&certificate).unwrap(), fs::read(&key).unwrap());
    assert!(CertificateDer::from_pem_slice(&whole).is_ok());
    for broken in [&whole[..whole.len() / 2], b"", b"nonsense"] {
        fs::write(&certificate, broken).unwrap();
        served.tls.look_again().await;
        assert!(served.answers(&knows_first).await, "the old one stays");
    }
    fs::remove_file(&certificate).unwrap();
    served.tls.look_again().await;
    assert!(served.answers(&knows_first).await, "the old one stays");

    fs::write(&certificate, &whole).unwrap();
    fs::write(&key, &new_key).unwrap();
    served.tls.look_again().await;
    assert!(served.answers(&knows_second).await);
    // One that was here before goes on with its session; a new one knows nobody who vouches for the new certificate.
    assert!(!served.answers(&browser(&first)).await);
    served.stop.cancel();
    served.serving.await.unwrap();
}

//! Takes connections: a bounded number, each with a deadline for its headers and for a reader that stands still.

use super::tls::Greeter;
use crate::machine;
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::Layer;

const HEADER_DEADLINE: Duration = Duration::from_secs(10);
/// What was sent and is not taken in for so long ends the connection: a half-open socket, a reader that stands still.
const STALLED: Duration = Duration::from_secs(30);
/// What is under way at a stop may take so long.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Serves until the stop, then lets what is under way finish.
pub async fn serve(listener: TcpListener, router: Router, stop: &CancellationToken) {
    take(listener, None, router, stop).await;
}

/// The same over TLS. Handshakes are made beside each other, and none holds up who comes after it.
pub async fn serve_tls(listener: TcpListener, greeter: Greeter, router: Router, stop: &CancellationToken) {
    take(listener, Some(greeter), router, stop).await;
}

async fn take(listener: TcpListener, greeter: Option<Greeter>, router: Router, stop: &CancellationToken) {
    let places = Arc::new(Semaphore::new(machine::most_connections()));
    let connections = GracefulShutdown::new();
    let server = server();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        if let Err(error) = set_up(&stream) {
            tracing::debug!(%peer, %error, "a connection ended before it began");
            continue;
        }
        let talk = Talk { server: server.clone(), watcher: connections.watcher(), router: router.clone(), peer };
        let (greeter, stop) = (greeter.clone(), stop.clone());
        tokio::spawn(async move {
            match greeter {
                None => talk.over(stream).await,
                Some(greeter) => {
                    let greeted = tokio::select! {
                        () = stop.cancelled() => None,
                        greeted = greeter.greet(stream) => greeted,
                    };
                    if let Some(stream) = greeted {
                        talk.over(stream).await;
                    }
                }
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_ANSWERS, connections.shutdown()).await.is_err() {
        tracing::warn!("connections that did not finish in time are cut");
    }
}

/// What one connection is answered by.
struct Talk {
    server: auto::Builder<TokioExecutor>,
    watcher: Watcher,
    router: Router,
    peer: SocketAddr,
}

impl Talk {
    async fn over(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Talk { server, watcher, router, peer } = self;
        let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router));
        let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%peer, error, "a connection broke");
        }
    }
}

fn server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_DEADLINE);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(STALLED)
        .keep_alive_timeout(HEADER_DEADLINE)
        .max_concurrent_streams(64);
    server
}

fn set_up(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    SockRef::from(stream).set_tcp_user_timeout(Some(STALLED))?;
    Ok(())
}

/// A connection that broke while it waited is its own affair; a machine without free files needs a moment.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "no connection can be taken");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Where a listener listens, as it was granted.
pub async fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let granted = listener.local_addr()?;
    Ok((listener, granted))
}

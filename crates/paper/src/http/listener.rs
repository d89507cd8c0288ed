//! Connections that can be cut from within a request.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How long to wait when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) struct CutListener {
    inner: TcpListener,
}

impl CutListener {
    pub fn new(inner: TcpListener) -> CutListener {
        CutListener { inner }
    }
}

impl Listener for CutListener {
    type Io = CutStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CutStream, SocketAddr) {
        loop {
            match self.inner.accept().await {
                Ok((inner, address)) => {
                    // Small answers should not wait for more to come; without it they are only slower.
                    let _ = inner.set_nodelay(true);
                    return (CutStream { inner, cutter: Cutter::default() }, address);
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Close,
    Reset,
}

/// Ends the connection that a request came over.
#[derive(Clone, Debug, Default)]
pub(super) struct Cutter(Arc<Mutex<CutState>>);

#[derive(Debug, Default)]
struct CutState {
    ending: Option<Ending>,
    wakers: Vec<Waker>,
}

impl Cutter {
    /// The client sees the end of the stream.
    pub fn close(&self) {
        self.end(Ending::Close);
    }

    /// The client sees a reset.
    pub fn reset(&self) {
        self.end(Ending::Reset);
    }

    fn end(&self, ending: Ending) {
        let wakers = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.ending = Some(ending);
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// How the connection was ended; while it was not, the task is woken when it is.
    fn poll_end(&self, context: &Context<'_>) -> Option<Ending> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.ending.is_none() && !state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            state.wakers.push(context.waker().clone());
        }
        state.ending
    }
}

impl Connected<IncomingStream<'_, CutListener>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, CutListener>) -> Cutter {
        stream.io().cutter.clone()
    }
}

/// A connection that fails from the moment it is cut.
pub(super) struct CutStream {
    inner: TcpStream,
    cutter: Cutter,
}

impl CutStream {
    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        match self.cutter.poll_end(context) {
            None => Ok(()),
            Some(Ending::Close) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Ending::Reset) => {
                self.inner.set_zero_linger()?;
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

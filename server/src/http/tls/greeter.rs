//! Handshakes: each has an end, and only so many are under way at once.

use super::Tls;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A client that takes longer to greet does not come in.
const PATIENCE: Duration = Duration::from_secs(10);

/// Greets connections, each in a task of its own. Copies count together.
#[derive(Clone)]
pub struct Greeter {
    acceptor: TlsAcceptor,
    places: Arc<Semaphore>,
}

impl Greeter {
    /// Beyond `most` handshakes at once, whoever comes is turned away.
    pub fn new(tls: &Tls, most: usize) -> Greeter {
        Greeter { acceptor: TlsAcceptor::from(Arc::new(tls.config())), places: Arc::new(Semaphore::new(most)) }
    }

    /// `None` for who does not come in.
    pub async fn greet<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> Option<TlsStream<S>> {
        let Ok(_place) = self.places.try_acquire() else {
            tracing::debug!("a connection was turned away: too many are being greeted");
            return None;
        };
        match tokio::time::timeout(PATIENCE, self.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a TLS handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!("a TLS handshake took too long");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TlsFiles;
    use super::*;
    use futures::FutureExt;
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use tokio::time::Instant;

    async fn greeter(most: usize) -> Greeter {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let files = TlsFiles { certificate: folder.path().join("crt"), key: folder.path().join("key") };
        std::fs::write(&files.certificate, cert.pem()).unwrap();
        std::fs::write(&files.key, signing_key.serialize_pem()).unwrap();
        Greeter::new(&Tls::read(files).await.unwrap(), most)
    }

    #[tokio::test]
    async fn f82_a_handshake_that_never_ends_is_cut_and_no_more_than_so_many_wait() {
        let greeter = greeter(2).await;
        tokio::time::pause();
        let ([near, other, third], _far) = silent();
        let begun = Instant::now();
        let (mut first, mut second) = (Box::pin(greeter.greet(near)), Box::pin(greeter.greet(other)));
        assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none(), "they are waited for");
        assert!(
            greeter.greet(third).now_or_never().is_some_and(|greeted| greeted.is_none()),
            "the third is turned away"
        );
        assert!(first.await.is_none() && second.await.is_none());
        assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
        assert_eq!(greeter.places.available_permits(), 2, "their places are free again");
    }

    /// Three connections whose other ends say nothing.
    fn silent() -> ([tokio::io::DuplexStream; 3], [tokio::io::DuplexStream; 3]) {
        let [a, b, c] = [(); 3].map(|()| tokio::io::duplex(64));
        ([a.0, b.0, c.0], [a.1, b.1, c.1])
    }
}

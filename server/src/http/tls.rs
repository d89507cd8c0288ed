//! HTTPS by the program itself: a certificate and its key from files, which are read anew when they change.

mod greeter;

pub use greeter::Greeter;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The files are looked at so often.
const PACE: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path} cannot be read")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is not PEM")]
    Pem { path: PathBuf, source: pem::Error },
    #[error("the certificate in {certificate} and the key in {key} do not fit")]
    Pair { certificate: PathBuf, key: PathBuf, source: rustls::Error },
}

/// Where the pair lies: PEM, the certificate with those that vouch for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What a TLS connection is answered with.
pub struct Tls {
    files: TlsFiles,
    /// Of what was last read, whether it was of use or not.
    seen: Mutex<[u8; 32]>,
    pair: Arc<PairInUse>,
}

impl Tls {
    /// Fails where the files are no pair.
    pub async fn read(files: TlsFiles) -> Result<Tls, TlsError> {
        let bytes = files.read().await?;
        let pair = Arc::new(PairInUse(RwLock::new(Arc::new(files.parse(&bytes)?))));
        Ok(Tls { files, seen: Mutex::new(hash(&bytes)), pair })
    }

    /// Looks at the files until the stop.
    pub async fn follow(&self, stop: &CancellationToken) {
        let mut pace = tokio::time::interval(PACE);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = pace.tick() => self.look_again().await,
            }
        }
    }

    /// Takes a new pair. One that is broken, or half written, is told once, and the old one stays.
    pub async fn look_again(&self) {
        let bytes = match self.files.read().await {
            Ok(bytes) => bytes,
            Err(error) => return tracing::warn!(error = crate::told(&error), "the certificate cannot be read anew"),
        };
        let now = hash(&bytes);
        if std::mem::replace(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner), now) == now {
            return;
        }
        match self.files.parse(&bytes) {
            Ok(pair) => {
                *self.pair.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
                tracing::info!("there is a new certificate, which new connections are answered with");
            }
            Err(error) => {
                tracing::error!(error = crate::told(&error), "the new certificate is of no use: the old one stays");
            }
        }
    }

    /// TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
    fn config(&self) -> ServerConfig {
        let mut config = ServerConfig::builder().with_no_client_auth().with_cert_resolver(Arc::clone(&self.pair) as _);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }
}

/// The two files' bytes.
type Bytes = [Vec<u8>; 2];

impl TlsFiles {
    async fn read(&self) -> Result<Bytes, TlsError> {
        let read = async |path: &PathBuf| {
            tokio::fs::read(path).await.map_err(|source| TlsError::File { path: path.clone(), source })
        };
        Ok([read(&self.certificate).await?, read(&self.key).await?])
    }

    fn parse(&self, [certificate, key]: &Bytes) -> Result<CertifiedKey, TlsError> {
        let pem = |path: &PathBuf| {
            let path = path.clone();
            move |source| TlsError::Pem { path, source }
        };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.map_err(pem(&self.certificate))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(pem(&self.key))?;
        let pair = CertifiedKey::from_der(chain, key, &default_provider());
        let TlsFiles { certificate, key } = self.clone();
        pair.map_err(|source| TlsError::Pair { certificate, key, source })
    }
}

/// So that no key is kept to compare with.
fn hash(bytes: &Bytes) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in bytes {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

struct PairInUse(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for PairInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairInUse(…)")
    }
}

impl ResolvesServerCert for PairInUse {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

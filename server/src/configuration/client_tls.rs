//! How this program shows who it is to a service that asks for a certificate.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum ClientTlsError {
    #[error("{path} cannot be read; it must be PEM")]
    Pem { path: PathBuf, source: rustls::pki_types::pem::Error },
    #[error("the certificate in {certificate} and the key in {key} do not fit")]
    Pair { certificate: PathBuf, key: PathBuf, source: rustls::Error },
    #[error("an authority in {path} cannot be used")]
    Authority { path: PathBuf, source: rustls::Error },
}

/// A certificate of our own, and whose certificates are believed. Its key is never shown.
#[derive(Clone)]
pub struct ClientTls(ClientConfig);

impl fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientTls(…)")
    }
}

impl ClientTls {
    /// PEM files: our certificate and its key, and an authority that is believed beside those of the system.
    pub fn read(identity: Option<(&Path, &Path)>, authority: Option<&Path>) -> Result<ClientTls, ClientTlsError> {
        let mut believed = RootCertStore::empty();
        // What of the system's cannot be read is believed by nobody.
        believed.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = authority {
            for certificate in certificates(path)? {
                let added = believed.add(certificate);
                added.map_err(|source| ClientTlsError::Authority { path: path.to_owned(), source })?;
            }
        }
        let config = ClientConfig::builder().with_root_certificates(believed);
        let Some((certificate, key)) = identity else { return Ok(ClientTls(config.with_no_client_auth())) };
        let config = config.with_client_auth_cert(certificates(certificate)?, private_key(key)?);
        let pair = |source| ClientTlsError::Pair { certificate: certificate.to_owned(), key: key.to_owned(), source };
        Ok(ClientTls(config.map_err(pair)?))
    }

    pub fn config(&self) -> ClientConfig {
        self.0.clone()
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ClientTlsError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    read.map_err(|source| ClientTlsError::Pem { path: path.to_owned(), source })
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, ClientTlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|source| ClientTlsError::Pem { path: path.to_owned(), source })
}

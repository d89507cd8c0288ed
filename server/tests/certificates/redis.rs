//! Redis is opened by a certificate, and sessions are kept there.

use crate::authority::{Authority, Pair};
use crate::daemon::{Daemon, free_port, installed};
use domain::Millis;
use server::configuration::{ClientTls, ClientTlsError};
use server::redis_sessions::RedisSessions;
use server::system_clock::SystemClock;
use service::Clock;
use service::sessions::SessionKeep;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Session;

fn start(folder: &Path, authority: &Authority) -> Option<(Daemon, String)> {
    let binary = PathBuf::from("/usr/bin/redis-server");
    let binary = installed("Redis", binary.is_file().then_some(binary))?;
    let (port, Pair { certificate, key }) = (free_port().to_string(), authority.server());
    let words = |path: &Path| path.display().to_string();
    let arguments: Vec<String> = [
        ["--port", "0"].map(str::to_owned),
        ["--tls-port".to_owned(), port.clone()],
        ["--bind", "127.0.0.1"].map(str::to_owned),
        ["--tls-cert-file".to_owned(), words(&certificate)],
        ["--tls-key-file".to_owned(), words(&key)],
        ["--tls-ca-cert-file".to_owned(), words(&authority.file)],
        ["--tls-auth-clients", "yes"].map(str::to_owned),
        ["--save", ""].map(str::to_owned),
        ["--dir".to_owned(), words(folder)],
    ]
    .concat();
    Some((Daemon::start(&[], &binary, &arguments, "Ready to accept connections"), format!("rediss://127.0.0.1:{port}")))
}

#[tokio::test]
async fn sessions_are_kept_in_a_redis_that_knows_us_by_a_certificate() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::found(folder.path(), "authority");
    let Some((_redis, url)) = start(folder.path(), &authority) else { return };
    let database = format!("sqlite:{}", folder.path().join("axisor.db").display());
    let store = store::open(&database).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let reach = |pair: Option<&Pair>, authority: &Authority| {
        let pair = pair.map(|pair| (&*pair.certificate, &*pair.key));
        let tls = ClientTls::read(pair, Some(&authority.file)).unwrap();
        RedisSessions::at(&url, Some(&tls), Arc::clone(&store), Arc::clone(&clock)).unwrap()
    };

    let ours = authority.client("axisor");
    let sessions = reach(Some(&ours), &authority);
    assert!(sessions.wait_a_moment().await, "the certificate opens it");
    let now = clock.now();
    let (id, data, expires_at) = ("one".to_owned(), b"{}".to_vec(), now.plus(Millis::MINUTE));
    sessions.insert(&Session { id, user: None, data: data.clone(), expires_at }).await.unwrap();
    assert!(store.find_session("one", now).await.unwrap().is_none(), "it is in Redis alone");
    assert_eq!(sessions.find("one", now).await.unwrap().map(|found| found.data), Some(data));

    assert!(!reach(None, &authority).wait_a_moment().await, "without a certificate");
    let elsewhere = Authority::found(folder.path(), "elsewhere");
    let forged = elsewhere.client("axisor");
    assert!(!reach(Some(&forged), &authority).wait_a_moment().await, "with one of another authority");
    let ours = authority.client("axisor");
    assert!(!reach(Some(&ours), &elsewhere).wait_a_moment().await, "a Redis that nobody vouches for");
}

#[tokio::test]
async fn a_certificate_that_does_not_fit_its_key_is_said_at_the_start() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::found(folder.path(), "authority");
    let (one, other) = (authority.client("one"), authority.client("other"));
    let mixed = ClientTls::read(Some((&one.certificate, &other.key)), None);
    assert!(matches!(mixed, Err(ClientTlsError::Pair { .. })), "{mixed:?}");
    let lost = ClientTls::read(Some((&one.certificate, &folder.path().join("none"))), None);
    assert!(matches!(lost, Err(ClientTlsError::Pem { .. })), "{lost:?}");
    let whole = ClientTls::read(Some((&one.certificate, &one.key)), None).unwrap();
    assert_eq!(format!("{whole:?}"), "ClientTls(…)");
}

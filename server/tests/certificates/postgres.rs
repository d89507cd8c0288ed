//! The database is opened by a certificate and no password.

use crate::authority::{Authority, Pair};
use crate::daemon::{Daemon, free_port, installed};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const OWNER: [&str; 3] = ["--reuid=postgres", "--regid=postgres", "--init-groups"];

struct Postgres {
    port: u16,
    folder: TempDir,
    authority: Authority,
    _daemon: Daemon,
}

/// PostgreSQL refuses to run as root.
fn owner() -> &'static [&'static str] {
    let user = Command::new("id").arg("-u").output().unwrap();
    if user.stdout == b"0\n" { &OWNER } else { &[] }
}

fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = versions.map(|version| version.path().join("bin")).find(|path| path.join("postgres").is_file());
    installed("PostgreSQL", programs)
}

fn as_owner(program: &str, arguments: &[&str]) {
    let done = Command::new("setpriv").args(owner()).arg("--").arg(program).args(arguments).current_dir("/").output();
    let done = done.unwrap();
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
}

impl Postgres {
    /// One that lets in `axisor` alone, over TLS, by a certificate of its authority.
    fn start() -> Option<Postgres> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::found(folder.path(), "authority");
        let server = authority.server();
        give_to_owner(folder.path());
        for file in [&server.certificate, &server.key, &authority.file] {
            give_to_owner(file);
        }
        as_owner("chmod", &["600", server.key.to_str().unwrap()]);
        let data = folder.path().join("data");
        let init =
            ["--username=axisor", "--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pgdata"];
        let initdb = programs.join("initdb");
        as_owner(initdb.to_str().unwrap(), &[&init[..], &[data.to_str().unwrap()]].concat());
        let port = free_port();
        fs::write(data.join("pg_hba.conf"), "hostssl all axisor 127.0.0.1/32 cert clientcert=verify-full\n").unwrap();
        let mut arguments: Vec<String> = vec!["-p".to_owned(), port.to_string()];
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            "fsync=off".to_owned(),
            "ssl=on".to_owned(),
            format!("unix_socket_directories={}", folder.path().display()),
            format!("ssl_cert_file={}", server.certificate.display()),
            format!("ssl_key_file={}", server.key.display()),
            format!("ssl_ca_file={}", authority.file.display()),
        ];
        arguments.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
        arguments.extend(["-D".to_owned(), data.display().to_string()]);
        let daemon = Daemon::start(owner(), &programs.join("postgres"), &arguments, "ready to accept connections");
        Some(Postgres { port, folder, authority, _daemon: daemon })
    }

    fn url(&self, mode: &str, authority: &Path, pair: Option<&Pair>) -> String {
        let mut url = format!(
            "postgres://axisor@127.0.0.1:{}/postgres?sslmode={mode}&sslrootcert={}",
            self.port,
            authority.display()
        );
        if let Some(Pair { certificate, key }) = pair {
            url.push_str(&format!("&sslcert={}&sslkey={}", certificate.display(), key.display()));
        }
        url
    }
}

fn give_to_owner(path: &Path) {
    if !owner().is_empty() {
        let given = Command::new("chown").arg("postgres:").arg(path).status().unwrap();
        assert!(given.success());
    }
}

async fn opens(url: &str) -> bool {
    store::open(url).await.is_ok()
}

#[tokio::test]
async fn the_database_is_opened_by_a_certificate_and_no_password() {
    let Some(postgres) = Postgres::start() else { return };
    let authority = &postgres.authority;
    let url = |pair: Option<&Pair>| postgres.url("verify-full", &authority.file, pair);
    let ours = authority.client("axisor");
    let store = store::open(&url(Some(&ours))).await.expect("the certificate opens it");
    store.ping().await.unwrap();

    assert!(!opens(&url(None)).await, "without a certificate");
    let another = authority.client("somebody");
    assert!(!opens(&url(Some(&another))).await, "with that of somebody else");
    let elsewhere = Authority::found(postgres.folder.path(), "elsewhere");
    let forged = elsewhere.client("axisor");
    assert!(!opens(&url(Some(&forged))).await, "with one that another authority gave out");
    let ours = authority.client("axisor");
    assert!(opens(&url(Some(&ours))).await, "with one that was renewed");
    assert!(
        !opens(&postgres.url("verify-full", &elsewhere.file, Some(&ours))).await,
        "a server that nobody vouches for"
    );
    assert!(!opens(&postgres.url("disable", &authority.file, Some(&ours))).await, "without TLS");
}

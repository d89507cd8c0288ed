//! `axisor health`: asks a running server whether it is ready.

use crate::Failure;
use crate::cli::HealthArguments;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Where the server usually listens.
const HERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 13_010);
const PATH: &str = "/health/ready";

#[derive(Debug, thiserror::Error)]
enum Unhealthy {
    #[error("{path} cannot be read")]
    Certificate { path: PathBuf, source: io::Error },
    #[error("the server cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("not ready ({status}): {body}")]
    NotReady { status: u16, body: String },
}

pub async fn check(arguments: HealthArguments) -> Result<(), Failure> {
    let body = ask(arguments).await.map_err(Failure::other)?;
    println!("{body}");
    Ok(())
}

async fn ask(arguments: HealthArguments) -> Result<String, Unhealthy> {
    let HealthArguments { url, tls_cert, public_url } = arguments;
    let mut client = reqwest::Client::builder().timeout(Duration::from_secs(3));
    let mut usual = format!("http://{HERE}{PATH}");
    if let Some(path) = tls_cert {
        let pem = std::fs::read(&path).map_err(|source| Unhealthy::Certificate { path, source })?;
        let believed = reqwest::Certificate::from_pem_bundle(&pem).map_err(Unhealthy::Unreachable)?;
        let name = public_url.as_deref().map_or("localhost", host);
        usual = format!("https://{name}:{}{PATH}", HERE.port());
        // It is this machine that is asked, by the name that its certificate is for.
        client = client.tls_certs_merge(believed).resolve(name, HERE);
    }
    let client = client.build().map_err(Unhealthy::Unreachable)?;
    let response = client.get(url.unwrap_or(usual)).send().await.map_err(Unhealthy::Unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(Unhealthy::Unreachable)?;
    if status.is_success() { Ok(body) } else { Err(Unhealthy::NotReady { status: status.as_u16(), body }) }
}

/// `https://HOST:PORT`
fn host(url: &str) -> &str {
    let place = url.trim_start_matches("https://").trim_end_matches('/');
    place.split_once(':').map_or(place, |(host, _)| host)
}

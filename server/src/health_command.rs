//! `axisor health`: asks a running server whether it is ready.

use crate::Failure;
use crate::cli::HealthArguments;
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
enum Unhealthy {
    #[error("the server cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("not ready ({status}): {body}")]
    NotReady { status: u16, body: String },
}

pub async fn check(arguments: HealthArguments) -> Result<(), Failure> {
    let body = ask(&arguments.url).await.map_err(Failure::other)?;
    println!("{body}");
    Ok(())
}

async fn ask(url: &str) -> Result<String, Unhealthy> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).build().map_err(Unhealthy::Unreachable)?;
    let response = client.get(url).send().await.map_err(Unhealthy::Unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(Unhealthy::Unreachable)?;
    if status.is_success() { Ok(body) } else { Err(Unhealthy::NotReady { status: status.as_u16(), body }) }
}

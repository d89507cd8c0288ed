//! `axisor serve`: the server, from its configuration to its last answer.

use crate::Failure;
use crate::assembly::Assembly;
use crate::cli::ServeArguments;
use crate::configuration::Configuration;
use crate::demo::Demo;
use crate::http::{Greeter, Tls, Web, listener, router};
use crate::machine;
use crate::shutdown;
use crate::system_clock::SystemEntropy;
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

#[derive(Debug, thiserror::Error)]
#[error("{address} cannot be listened on; choose another with --listen")]
struct Occupied {
    address: SocketAddr,
    source: std::io::Error,
}

/// Serves until a signal says stop.
pub async fn serve(arguments: ServeArguments) -> Result<(), Failure> {
    let mut configuration = Configuration::check(arguments).map_err(Failure::bad_input)?;
    let stop = CancellationToken::new();
    shutdown::on_signal(stop.clone());
    let address = configuration.listen;
    let (listener, address) =
        listener::bind(address).await.map_err(|source| Failure::other(Occupied { address, source }))?;
    configuration.listen = address;
    if configuration.demo {
        configuration.storage.forget_demo().map_err(Failure::other)?;
    }
    let tls = match configuration.tls.clone() {
        Some(files) => Some(Tls::read(files).await.map_err(Failure::bad_input)?),
        None => None,
    };
    if tls.is_none() && !address.ip().is_loopback() && configuration.trusted_proxies.is_empty() {
        tracing::warn!(
            "others reach this server over plain HTTP: give it AXISOR_TLS_CERT and AXISOR_TLS_KEY, or put a proxy in front \
             and name its network in AXISOR_TRUSTED_PROXIES"
        );
    }
    let mut assembly = Assembly::build(&configuration, stop.clone()).await.map_err(Failure::other)?;
    let demo = welcome(&configuration, &assembly).await?;
    if let Err(error) = assembly.services.passkeys.live_at(&configuration.passkey_origin()) {
        tracing::warn!(%error, "passkeys are off");
    }
    assembly.services.post.links_begin_with(&configuration.base_url());
    assembly.start_jobs();
    if let Some(demo) = demo {
        let (desk, stop) = (Arc::clone(&assembly.services.desk), stop.clone());
        tokio::spawn(async move { demo.play(&desk, &stop).await });
    }
    let router = router(web(&configuration, &assembly, demo));
    tracing::info!(address = %address, "listening");
    answer(listener, tls, router, &stop).await;
    assembly.finish().await;
    tracing::info!("stopped");
    Ok(())
}

/// Takes connections until the stop, over TLS where there is a certificate.
async fn answer(listener: TcpListener, tls: Option<Tls>, router: Router, stop: &CancellationToken) {
    let Some(tls) = tls else { return listener::serve(listener, router, stop).await };
    // At least as many connections are left for those who have been greeted.
    let greeter = Greeter::new(&tls, machine::most_connections() / 2);
    tokio::join!(listener::serve_tls(listener, greeter, router, stop), tls.follow(stop));
}

/// Says where to go: the demo, the one-time set-up link, or the sign-in.
async fn welcome(configuration: &Configuration, assembly: &Assembly) -> Result<Option<Demo>, Failure> {
    let base = configuration.base_url();
    if configuration.demo {
        let demo = Demo::set_up(&assembly.services, &SystemEntropy).await.map_err(Failure::other)?;
        println!("Axisor's demo: {base}/");
        return Ok(Some(demo));
    }
    match assembly.services.identity.open_setup().await.map_err(Failure::other)? {
        Some(token) => println!("Make the first user, once and within a day: {base}/setup#token={token}"),
        None => println!("Axisor: {base}/"),
    }
    Ok(None)
}

fn web(configuration: &Configuration, assembly: &Assembly, demo: Option<Demo>) -> Web {
    let venues = Arc::clone(&assembly.venues);
    Web {
        services: assembly.services.clone(),
        store: Arc::clone(&assembly.store),
        clock: Arc::clone(&assembly.clock),
        feeds: Arc::new(move || venues.feeds()),
        unserved: Arc::clone(&assembly.unserved),
        site: configuration.site.clone(),
        secure: configuration.is_secure(),
        hsts_subdomains: configuration.hsts_subdomains,
        proxies: configuration.trusted_proxies.clone().into(),
        api_origins: configuration.api_origins.clone(),
        demo: demo.map(|demo| demo.user),
        alarms: assembly.alarms.clone(),
        stop: assembly.stop.clone(),
    }
}

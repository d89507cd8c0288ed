//! To where a message may go: an address that the operator named, and never to a private network unless its host was
//! named as well.
//!
//! What a name stands for is looked up when the connection is made, and only what was checked then is connected to: a name
//! that changes its mind between a check and a connection gains nothing.

mod public;

use public::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::collections::BTreeSet;
use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// A receiver who takes longer is tried again later.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("the address must be https://…; http:// is for this machine only, and no password may be in it")]
    Address,
    #[error("the address is in a private network; name its host in AXISOR_PRIVATE_HOSTS to allow it")]
    Private,
    #[error("the client cannot be made")]
    Client(#[from] reqwest::Error),
}

/// The hosts that may be in a private network; none by default.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    private: Arc<BTreeSet<String>>,
}

impl Egress {
    /// `hosts` as they stand in an address: names, or numbers without brackets.
    pub fn allowing(hosts: impl IntoIterator<Item = String>) -> Egress {
        Egress { private: Arc::new(hosts.into_iter().map(|host| host.to_lowercase()).collect()) }
    }

    /// Plain HTTP stays on this machine; a number of a private network needs to be named.
    pub fn check(&self, address: &str) -> Result<Url, AddressError> {
        let url = Url::parse(address).map_err(|_| AddressError::Address)?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let number = host.parse::<IpAddr>().ok();
        let is_here = host == "localhost" || number.is_some_and(|number| number.is_loopback());
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_bare = url.username().is_empty() && url.password().is_none() && !host.is_empty();
        if !is_safe || !is_bare {
            return Err(AddressError::Address);
        }
        let is_private = host == "localhost" || number.is_some_and(|number| !is_public(number));
        if is_private && !self.allows(&host) { Err(AddressError::Private) } else { Ok(url) }
    }

    /// It goes to the named host and nowhere else: no redirect is followed, and no proxy of the environment is used.
    pub(crate) fn client(&self) -> Result<Client, AddressError> {
        self.client_looking_up(Arc::new(System))
    }

    fn client_looking_up(&self, lookup: Arc<dyn Lookup>) -> Result<Client, AddressError> {
        let guarded = Guarded { egress: self.clone(), lookup };
        let client = Client::builder().redirect(Policy::none()).no_proxy().dns_resolver(Arc::new(guarded));
        Ok(client.timeout(PATIENCE).connect_timeout(PATIENCE).build()?)
    }

    /// The numbers of a host that a message may go to; an error where there is none.
    pub(crate) async fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let found = System.look_up(host).await?;
        let open = self.open(host, found).into_iter();
        let open: Vec<_> = open.map(|address| SocketAddr::new(address, port)).collect();
        if open.is_empty() { Err(private()) } else { Ok(open) }
    }

    fn open(&self, host: &str, found: Vec<IpAddr>) -> Vec<IpAddr> {
        let allowed = self.allows(host);
        found.into_iter().filter(|address| allowed || is_public(*address)).collect()
    }

    fn allows(&self, host: &str) -> bool {
        self.private.contains(&host.to_lowercase())
    }
}

/// Who knows what a name stands for.
#[async_trait::async_trait]
trait Lookup: Send + Sync {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

struct System;

#[async_trait::async_trait]
impl Lookup for System {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

struct Guarded {
    egress: Egress,
    lookup: Arc<dyn Lookup>,
}

impl Resolve for Guarded {
    /// What is answered here is what is connected to.
    fn resolve(&self, name: Name) -> Resolving {
        let (egress, lookup) = (self.egress.clone(), Arc::clone(&self.lookup));
        Box::pin(async move {
            let found = lookup.look_up(name.as_str()).await?;
            let open = egress.open(name.as_str(), found).into_iter();
            let open: Vec<SocketAddr> = open.map(|address| SocketAddr::new(address, 0)).collect();
            if open.is_empty() {
                return Err(Box::new(private()) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

fn private() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "it leads into a private network")
}

#[cfg(test)]
mod tests;

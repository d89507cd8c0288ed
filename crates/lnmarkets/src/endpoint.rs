//! Where LN Markets is reached.

use reqwest::Url;
use std::fmt;

/// One of the venue's own networks; accounts and keys of one are unknown to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    Mainnet,
    Signet,
}

/// The scheme, host and port that all paths are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
    stream: Url,
    network: Network,
    is_venues_own: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an LN Markets endpoint is https://HOST; http:// is for this machine only, and there is no path")]
pub struct EndpointError;

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Network::Mainnet => "mainnet",
            Network::Signet => "signet",
        })
    }
}

impl Network {
    const fn origin(self) -> &'static str {
        match self {
            Network::Mainnet => "https://api.lnmarkets.com",
            Network::Signet => "https://api.signet.lnmarkets.com",
        }
    }

    const fn stream(self) -> &'static str {
        match self {
            Network::Mainnet => "wss://stream.lnmarkets.com/v1",
            Network::Signet => "wss://stream.signet.lnmarkets.com/v1",
        }
    }
}

impl Endpoint {
    /// The venue's own address.
    pub fn of(network: Network) -> Result<Endpoint, EndpointError> {
        let endpoint = Endpoint::at(network.origin(), network)?.with_stream(network.stream())?;
        Ok(Endpoint { is_venues_own: true, ..endpoint })
    }

    /// Another server that speaks the venue's language, such as a paper exchange; its stream is at `/v1`.
    pub fn at(url: &str, network: Network) -> Result<Endpoint, EndpointError> {
        let url: Url = url.parse().map_err(|_| EndpointError)?;
        let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url));
        let mut stream = url.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        let has_scheme = stream.set_scheme(scheme).is_ok();
        stream.set_path("/v1");
        let is_valid = is_origin && is_safe && has_scheme && is_anonymous(&url);
        is_valid.then_some(Endpoint { url, stream, network, is_venues_own: false }).ok_or(EndpointError)
    }

    /// The same, with its stream elsewhere.
    pub fn with_stream(self, url: &str) -> Result<Endpoint, EndpointError> {
        let stream: Url = url.parse().map_err(|_| EndpointError)?;
        let is_safe = stream.scheme() == "wss" || (stream.scheme() == "ws" && is_this_machine(&stream));
        (is_safe && is_anonymous(&stream)).then_some(Endpoint { stream, ..self }).ok_or(EndpointError)
    }

    pub const fn network(&self) -> Network {
        self.network
    }

    /// Whether it is the venue itself, whose market time is the time of day.
    pub(crate) const fn is_venues_own(&self) -> bool {
        self.is_venues_own
    }

    pub(crate) fn is_this_machine(&self) -> bool {
        is_this_machine(&self.url)
    }

    pub(crate) fn stream(&self) -> &Url {
        &self.stream
    }

    /// The address of a path with its query, exactly as given.
    pub(crate) fn url(&self, target: &str) -> Option<Url> {
        let url = self.url.join(target).ok()?;
        (url.origin() == self.url.origin()).then_some(url)
    }
}

fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_leave_this_machine_over_tls_only() {
        for accepted in ["http://127.0.0.1:9", "http://[::1]:9", "http://localhost:9/", "https://api.lnmarkets.com"] {
            assert!(Endpoint::at(accepted, Network::Mainnet).is_ok(), "{accepted}");
        }
        for refused in ["http://api.lnmarkets.com", "https://a:b@c.org", "https://a.org/v3", "ftp://127.0.0.1", ""] {
            assert_eq!(Endpoint::at(refused, Network::Mainnet), Err(EndpointError), "{refused}");
        }
        for network in [Network::Mainnet, Network::Signet] {
            assert!(Endpoint::of(network).is_ok());
        }
        let local = Endpoint::at("http://127.0.0.1:9", Network::Mainnet).unwrap();
        assert_eq!(local.stream().as_str(), "ws://127.0.0.1:9/v1");
        assert!(local.clone().with_stream("ws://[::1]:1/v1").is_ok());
        assert!(local.clone().with_stream("ws://stream.lnmarkets.com/v1").is_err());
        assert!(local.with_stream("https://127.0.0.1/").is_err());
    }

    #[test]
    fn a_target_never_leads_to_another_host() {
        let endpoint = Endpoint::of(Network::Mainnet).unwrap();
        let url = endpoint.url("/v3/x?from=2026-11-23T23%3A37%3A56.105Z").unwrap();
        assert_eq!(url.as_str(), "https://api.lnmarkets.com/v3/x?from=2026-11-23T23%3A37%3A56.105Z");
        assert_eq!(endpoint.url("//evil.org/v3/x"), None);
        assert_eq!(endpoint.url("https://evil.org/"), None);
    }
}

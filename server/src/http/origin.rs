//! Whose address a request has: the connection's own, unless a proxy that we trust says on whose behalf it asks.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;
use service::Origin;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const FORWARDED: &str = "x-forwarded-for";

/// The networks of our own proxies; empty where browsers connect directly.
pub type TrustedProxies = Arc<[IpNet]>;

/// Gives each request its [`Origin`].
pub async fn note(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = peer.map(|peer| client(peer, request.headers(), &proxies));
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let origin = Origin::web(address, agent);
    request.extensions_mut().insert(origin);
    next.run(request).await
}

/// From the connection outwards, as long as each hop is one that we trust. What stands before the first other hop is
/// that hop's claim, and counts for nothing.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.contains(&address));
    let told = headers.get_all(FORWARDED).iter().flat_map(|line| line.to_str().unwrap_or_default().split(','));
    let mut nearest = peer.to_canonical();
    for hop in told.collect::<Vec<_>>().into_iter().rev() {
        if !trusted(nearest) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, lines: &[&str]) -> String {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, line.parse().unwrap());
        }
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn f85_only_a_trusted_proxy_may_say_for_whom_it_asks() {
        assert_eq!(seen("192.0.2.9", &["198.51.100.1"]), "192.0.2.9", "no proxy of ours");
        assert_eq!(seen("10.1.1.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("::ffff:10.1.1.1", &["198.51.100.1"]), "198.51.100.1", "IPv4 in IPv6");
        assert_eq!(seen("10.1.1.1", &["127.0.0.1, 198.51.100.1"]), "198.51.100.1", "what the client claimed itself");
        assert_eq!(seen("10.1.1.1", &["198.51.100.1, 10.2.2.2"]), "198.51.100.1", "two proxies of ours");
        assert_eq!(seen("10.1.1.1", &["127.0.0.1", "198.51.100.1"]), "198.51.100.1", "a second header");
        for nonsense in ["", "nonsense", "198.51.100.1:80", "198.51.100.1, x"] {
            assert_eq!(seen("10.1.1.1", &[nonsense]), "10.1.1.1", "{nonsense}");
        }
    }
}

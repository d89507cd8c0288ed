//! The address of a Redis, and what it knows us by.

use super::{ClientTls, ConfigurationError};
use crate::cli::RedisArguments;
use secrecy::{ExposeSecret, SecretString};
use std::net::IpAddr;

/// Where sessions are kept.
#[derive(Clone, Debug)]
pub struct RedisPlace {
    pub url: RedisUrl,
    /// `None` where the system's authorities are enough.
    pub tls: Option<ClientTls>,
}

impl RedisPlace {
    pub(super) fn check(
        arguments: RedisArguments,
        private_hosts: &[String],
    ) -> Result<Option<RedisPlace>, ConfigurationError> {
        let RedisArguments { redis, redis_cert, redis_key, redis_authority } = arguments;
        let Some(url) = redis else { return Ok(None) };
        let url = RedisUrl::check(&url, private_hosts)?;
        let identity = redis_cert.as_deref().zip(redis_key.as_deref());
        if identity.is_none() && redis_authority.is_none() {
            return Ok(Some(RedisPlace { url, tls: None }));
        }
        if !url.expose().starts_with("rediss://") {
            return Err(ConfigurationError::RedisCertificate);
        }
        let tls = Some(ClientTls::read(identity, redis_authority.as_deref())?);
        Ok(Some(RedisPlace { url, tls }))
    }
}

/// May hold a password, so it is never shown.
#[derive(Clone, Debug)]
pub struct RedisUrl(SecretString);

impl RedisUrl {
    /// Without TLS only where what is sent stays on this machine, or in a network that the operator named.
    pub(super) fn check(url: &SecretString, private_hosts: &[String]) -> Result<RedisUrl, ConfigurationError> {
        let text = url.expose_secret();
        let rest = match (text.strip_prefix("rediss://"), text.strip_prefix("redis://")) {
            (Some(rest), _) => Some(rest),
            (_, Some(rest)) if is_near(host(rest), private_hosts) => Some(rest),
            _ => None,
        };
        match rest.map(host) {
            Some(host) if !host.is_empty() => Ok(RedisUrl(url.clone())),
            _ => Err(ConfigurationError::Redis),
        }
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// `user:password@HOST:port/database`
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((number, _)) => number,
        None => place.split(':').next().unwrap_or_default(),
    }
}

fn is_near(host: &str, private_hosts: &[String]) -> bool {
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_loopback || host == "localhost" || private_hosts.iter().any(|named| named == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_go_over_plain_tcp_to_this_machine_and_named_hosts_only() {
        let named = ["redis".to_owned()];
        let fits = |url: &str| RedisUrl::check(&url.to_owned().into(), &named).is_ok();
        for url in ["redis://127.0.0.1:6379/2", "redis://[::1]", "redis://:secret@localhost", "redis://redis:6379"] {
            assert!(fits(url), "{url}");
        }
        assert!(fits("rediss://user:secret@cache.example.org:6380"));
        for url in ["redis://cache.example.org", "redis://localhost@10.0.0.1", "rediss://", "http://localhost", ""] {
            assert!(!fits(url), "{url}");
        }
    }

    #[test]
    fn a_certificate_is_not_forgotten_where_there_is_no_tls() {
        let arguments = |url: &str, authority: &str| RedisArguments {
            redis: Some(url.to_owned().into()),
            redis_cert: None,
            redis_key: None,
            redis_authority: Some(authority.into()),
        };
        let plain = RedisPlace::check(arguments("redis://localhost", "/none"), &[]);
        assert!(matches!(plain, Err(ConfigurationError::RedisCertificate)), "{plain:?}");
        let lost = RedisPlace::check(arguments("rediss://localhost", "/none"), &[]);
        assert!(matches!(lost, Err(ConfigurationError::ClientTls(_))), "{lost:?}");
    }

    #[test]
    fn a_password_of_redis_is_not_shown() {
        let url = RedisUrl::check(&"redis://:secret@localhost".to_owned().into(), &[]).unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }
}

//! Whether what is asked of the database can be read on its way there.

use crate::Result;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;
use std::str::FromStr;

/// How the database is reached.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// It stays on this machine: a file, a socket, or the loopback.
    Here,
    /// Another machine, and nothing goes there without TLS.
    Encrypted,
    /// Another machine, which may do without TLS.
    Plain { host: String },
}

/// As the address and the environment of PostgreSQL's programs (`PGHOST`, `PGSSLMODE`) say; nothing is connected to. Fails
/// where the address cannot be read.
pub fn way(url: &str) -> Result<Way> {
    if !url.starts_with("postgres") {
        return Ok(Way::Here);
    }
    let options = PgConnectOptions::from_str(url)?;
    let host = options.get_host().trim_matches(['[', ']']);
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|number| number.is_loopback());
    if options.get_socket().is_some() || host.starts_with('/') || host == "localhost" || is_loopback {
        return Ok(Way::Here);
    }
    // `prefer` goes on in the clear where the other side says that it has no TLS, whoever that is.
    Ok(match options.get_ssl_mode() {
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => Way::Encrypted,
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer => Way::Plain { host: host.to_owned() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_this_machine_without_tls_is_known_by_its_address() {
        let is = |url: &str| way(url).unwrap();
        for here in [
            "sqlite:axisor.db",
            "postgres://ana:secret@127.0.0.1:5432/axisor",
            "postgresql://[::1]/axisor",
            "postgres://localhost/axisor?sslmode=disable",
            "postgres://ana@%2Fvar%2Frun%2Fpostgresql/axisor",
            "postgres:///axisor?host=/var/run/postgresql",
        ] {
            assert_eq!(is(here), Way::Here, "{here}");
        }
        for mode in ["require", "verify-ca", "verify-full"] {
            assert_eq!(is(&format!("postgres://db.example.org/axisor?sslmode={mode}")), Way::Encrypted, "{mode}");
        }
        for plain in [
            "postgres://db.example.org/axisor",
            "postgres://db.example.org/axisor?sslmode=prefer",
            "postgres://db.example.org/axisor?sslmode=require&sslmode=allow",
            "postgres://localhost/axisor?host=db.example.org",
            "postgres://localhost@db.example.org/axisor?sslmode=disable",
        ] {
            assert_eq!(is(plain), Way::Plain { host: "db.example.org".to_owned() }, "{plain}");
        }
        assert_eq!(is("postgres://localhost/axisor?hostaddr=10.0.0.9"), Way::Plain { host: "10.0.0.9".to_owned() });
        assert!(way("postgres://db.example.org/axisor?sslmode=perhaps").is_err());
    }
}

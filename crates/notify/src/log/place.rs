//! Where the log goes.

use crate::DeliveryError;
use crate::egress::{AddressError, Egress};
use crate::webhook::cause;
use reqwest::{Client, StatusCode, Url};
use std::fmt;

/// An address that takes lines of JSON (Vector, Fluent Bit, VictoriaLogs). May hold a password, so it is never shown.
#[derive(Clone)]
pub struct LogPlace {
    client: Client,
    address: Url,
}

impl fmt::Debug for LogPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogPlace(…)")
    }
}

/// Why a batch did not arrive.
pub enum NotTaken {
    /// It may be taken later.
    Yet(DeliveryError),
    /// The place never takes what is in it.
    Ever(DeliveryError),
}

impl LogPlace {
    /// `https://USER:PASSWORD@HOST/PATH?QUERY`, of which user and password go out as basic authorization.
    pub fn at(address: &str, egress: &Egress) -> Result<LogPlace, AddressError> {
        let address = Url::parse(address).map_err(|_| AddressError::Address)?;
        let mut bare = address.clone();
        if bare.set_username("").is_err() || bare.set_password(None).is_err() {
            return Err(AddressError::Address);
        }
        egress.check(bare.as_str())?;
        Ok(LogPlace { client: egress.client()?, address })
    }

    pub(super) async fn post(&self, lines: &[u8]) -> Result<(), NotTaken> {
        let request = self.client.post(self.address.clone()).header("content-type", "application/x-ndjson");
        let answer = request.body(lines.to_vec()).send().await;
        // An error's own text would name the address.
        let answer = answer.map_err(|error| NotTaken::Yet(DeliveryError::Send(cause(&error).to_owned())))?;
        let status = answer.status();
        let error = DeliveryError::Status(status.as_u16());
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY => Err(NotTaken::Ever(error)),
            _ => Err(NotTaken::Yet(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f78_the_log_goes_over_tls_and_into_a_private_network_only_where_it_was_named() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let named = Egress::allowing(["127.0.0.1".to_owned(), "10.0.0.9".to_owned()]);
        let fits = |address: &str, egress: &Egress| LogPlace::at(address, egress).is_ok();
        for good in ["https://log:secret@logs.example.org/insert", "http://127.0.0.1:9428/x", "https://a:b@10.0.0.9/"] {
            assert!(fits(good, &named), "{good}");
        }
        for bad in ["http://logs.example.org/", "http://10.0.0.9/", "https://10.0.0.8/", "ftp://127.0.0.1/", "x", ""] {
            assert!(!fits(bad, &named), "{bad}");
        }
        assert!(!fits("https://a:b@10.0.0.9/", &Egress::default()));
    }

    #[test]
    fn an_address_of_the_log_is_not_shown() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let place = LogPlace::at("https://log:secret@logs.example.org/topic", &Egress::default()).unwrap();
        assert_eq!(format!("{place:?}"), "LogPlace(…)");
    }
}

//! The mail server of the operator: over TLS always, by STARTTLS or from the first byte.

use super::text::written;
use crate::egress::Egress;
use domain::letter::Letter;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use std::error::Error;
use std::fmt;
use std::io;
use std::iter::successors;
use std::net::SocketAddr;
use std::time::Duration;

/// A mail server that takes longer is tried again later.
const PATIENCE: Duration = Duration::from_secs(20);

/// What to change in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    #[error(
        "the mail server must be smtp://HOST:PORT (STARTTLS) or smtps://HOST:PORT, with USER:PASSWORD@ where it asks for one"
    )]
    Address,
    #[error("the sender must be an address, as axisor@example.org or Axisor <axisor@example.org>")]
    Sender,
    #[error("the certificate of the mail server's authority cannot be read; it must be PEM")]
    Authority,
}

/// Why a letter did not go out. Names neither an address nor a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpError {
    #[error("the mail server cannot be found, or is in a private network and not named in AXISOR_PRIVATE_HOSTS")]
    NoWay,
    #[error("the mail server does not answer, or breaks off")]
    Connection,
    #[error("no safe connection: the mail server offers no TLS, or its certificate is not trusted")]
    Tls,
    #[error("the mail server answered {0}")]
    Refused(u16),
    #[error("this is no address that mail can go to")]
    Recipient,
}

impl SmtpError {
    /// Whether it may go better later.
    pub fn may_pass(&self) -> bool {
        match self {
            SmtpError::Refused(code) => *code < 500,
            SmtpError::Recipient => false,
            SmtpError::NoWay | SmtpError::Connection | SmtpError::Tls => true,
        }
    }
}

/// Where the mail server is, as the operator wrote it.
#[derive(Clone, Debug)]
pub struct MailAddress {
    host: String,
    port: u16,
    /// TLS begins with a command.
    starts_plain: bool,
    login: Option<(String, SecretString)>,
}

impl MailAddress {
    /// `smtp://USER:PASSWORD@HOST:587` or `smtps://…:465`; what is not plain in a password is percent-encoded.
    pub fn read(address: &str) -> Result<MailAddress, MailError> {
        let url = Url::parse(address).map_err(|_| MailError::Address)?;
        let starts_plain = match url.scheme() {
            "smtp" => true,
            "smtps" => false,
            _ => return Err(MailError::Address),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(MailError::Address)?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(MailError::Address);
        }
        let login = match (plain(url.username())?, url.password().map(plain).transpose()?) {
            (user, Some(password)) if !user.is_empty() => Some((user, SecretString::from(password))),
            (user, None) if user.is_empty() => None,
            _ => return Err(MailError::Address),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = url.port().unwrap_or(if starts_plain { 587 } else { 465 });
        Ok(MailAddress { host, port, starts_plain, login })
    }
}

/// Undoes percent-encoding.
fn plain(text: &str) -> Result<String, MailError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next().unwrap_or(b' '), rest.next().unwrap_or(b' ')];
        let digits = std::str::from_utf8(&digits).map_err(|_| MailError::Address)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| MailError::Address)?);
    }
    String::from_utf8(bytes).map_err(|_| MailError::Address)
}

/// Hands letters to one mail server.
#[derive(Clone)]
pub struct Smtp {
    address: MailAddress,
    from: Mailbox,
    tls: TlsParameters,
    egress: Egress,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Smtp {
    /// `authority` is a certificate (PEM) to be trusted beside those of the system.
    pub fn new(address: MailAddress, from: &str, authority: Option<&[u8]>, egress: Egress) -> Result<Smtp, MailError> {
        let from = from.parse::<Mailbox>().map_err(|_| MailError::Sender)?;
        let mut tls = TlsParameters::builder(address.host.clone());
        if let Some(authority) = authority {
            tls = tls.add_root_certificate(Certificate::from_pem(authority).map_err(|_| MailError::Authority)?);
        }
        let tls = tls.build_rustls().map_err(|_| MailError::Authority)?;
        Ok(Smtp { address, from, tls, egress })
    }

    pub async fn deliver(&self, letter: &Letter) -> Result<(), SmtpError> {
        let (subject, text) = written(letter);
        let to = letter.to.parse::<Mailbox>().map_err(|_| SmtpError::Recipient)?;
        let builder = Message::builder().from(self.from.clone()).to(to).subject(subject);
        let message = builder.header(ContentType::TEXT_PLAIN).body(text).map_err(|_| SmtpError::Recipient)?;
        let found = self.egress.look_up(&self.address.host, self.address.port).await;
        let mut last = SmtpError::NoWay;
        for address in found.map_err(|_| SmtpError::NoWay)? {
            // The transport's own patience is for the connection alone.
            let (transport, letter) = (self.transport(address), message.clone());
            match tokio::time::timeout(PATIENCE, transport.send(letter)).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(error)) => last = cause(&error),
                Err(_) => return Err(SmtpError::Connection),
            }
            if last != SmtpError::Connection {
                break;
            }
        }
        Err(last)
    }

    /// What was looked up and checked is what is connected to; the certificate is still the name's.
    fn transport(&self, to: SocketAddr) -> AsyncSmtpTransport<Tokio1Executor> {
        let tls = self.tls.clone();
        let tls = if self.address.starts_plain { Tls::Required(tls) } else { Tls::Wrapper(tls) };
        let name = ClientId::Domain(self.from.email.domain().to_owned());
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(to.ip().to_string())
            .port(to.port())
            .tls(tls)
            .hello_name(name)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = &self.address.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        builder.build()
    }
}

/// An error's own text may name an address.
fn cause(error: &lettre::transport::smtp::Error) -> SmtpError {
    match error.status() {
        Some(status) => SmtpError::Refused(u16::from(status)),
        None if error.is_tls() || error.is_client() || is_mistrust(error) => SmtpError::Tls,
        None => SmtpError::Connection,
    }
}

/// A handshake that fails over what the other side showed is told as data that is not valid.
fn is_mistrust(error: &lettre::transport::smtp::Error) -> bool {
    let causes = successors(error.source(), |error| (*error).source());
    causes.filter_map(|error| error.downcast_ref::<io::Error>()).any(|error| error.kind() == io::ErrorKind::InvalidData)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_reached_over_tls_or_not_at_all() {
        let read = |address: &str| MailAddress::read(address).map(|it| (it.host, it.port, it.starts_plain));
        assert_eq!(read("smtp://mail.example.org"), Ok(("mail.example.org".to_owned(), 587, true)));
        assert_eq!(read("smtps://mail.example.org"), Ok(("mail.example.org".to_owned(), 465, false)));
        assert_eq!(read("smtp://ana:p@mail.example.org:2525").map(|it| it.1), Ok(2525));
        for wrong in [
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://ana@mail.example.org",
            "smtp://mail.example.org/x",
            "smtp://mail.example.org?tls=none",
            "smtp://a:%zz@mail.example.org",
        ] {
            assert_eq!(read(wrong), Err(MailError::Address), "{wrong}");
        }
    }

    #[test]
    fn f43_a_mail_server_shows_no_password() {
        let address = MailAddress::read("smtp://ana:can%61ry%3A%2F@mail.example.org").unwrap();
        let (user, password) = address.login.clone().unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("ana", "canary:/"));
        let smtp = Smtp::new(address, "axisor@example.org", None, Egress::default()).unwrap();
        assert!(!format!("{smtp:?}").contains("canary"));
    }

    #[test]
    fn f88_a_sender_or_an_address_with_more_in_it_is_none() {
        let address = || MailAddress::read("smtp://mail.example.org").unwrap();
        for sender in ["", "axisor", "axisor@example.org\r\nBcc: eve@example.org"] {
            let made = Smtp::new(address(), sender, None, Egress::default());
            assert_eq!(made.err(), Some(MailError::Sender), "{sender:?}");
        }
        assert!("ana@example.org\r\nBcc: eve@example.org".parse::<Mailbox>().is_err());
    }
}

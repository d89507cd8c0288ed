//! The server's configuration, checked once at start.

#[cfg(test)]
mod tests;

mod client_tls;
mod database;
mod redis;

pub use client_tls::{ClientTls, ClientTlsError};
pub use database::DatabaseUrl;
pub use redis::{RedisPlace, RedisUrl};

use crate::cli::{
    AlarmArguments, MailArguments, PaperArguments, PaperCommandArguments, SecondOpinionArgument,
    SecondOpinionArguments, ServeArguments, StorageArguments,
};
use crate::http::TlsFiles;
use axum::http::HeaderValue;
use domain::brake::BreakerLimits;
use domain::{Millis, Sats, Timestamp};
use ipnet::IpNet;
use notify::{Egress, LogPlace, MailAddress, MailError, Smtp};
use paper::Scenario;
use secrecy::{ExposeSecret, SecretString};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

const DEMO_DATABASE: &str = "demo.db";

/// Everything that the server must know before it starts.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub demo: bool,
    pub listen: SocketAddr,
    /// `None` where a proxy speaks TLS, or nobody.
    pub tls: Option<TlsFiles>,
    /// Without a slash at the end.
    pub public_url: Option<String>,
    /// Browsers are to use TLS for every host below that of the public URL, too.
    pub hsts_subdomains: bool,
    /// Our own proxies, whose word about a browser's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Other sites whose pages may read the API.
    pub api_origins: Vec<HeaderValue>,
    pub site: PathBuf,
    pub storage: Storage,
    /// LN Markets' address for live accounts; `None` for its own.
    pub live_endpoint: Option<String>,
    /// The same for signet accounts.
    pub signet_endpoint: Option<String>,
    pub second_opinion: SecondOpinionSource,
    pub breaker: BreakerLimits,
    pub alarms: AlarmArguments,
    /// `None` where this server sends no mail.
    pub mail: Option<Smtp>,
    /// `None` where sessions are in the database.
    pub redis: Option<RedisPlace>,
    /// What no new password may be on, beside the lists within the program.
    pub breached_passwords: Option<PathBuf>,
    pub paper: PaperConfiguration,
}

/// Where everything is kept; the folder exists.
#[derive(Clone, Debug)]
pub struct Storage {
    pub data: PathBuf,
    pub database: DatabaseUrl,
    pub master_key_file: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub struct PaperConfiguration {
    pub source: PaperSource,
    pub seed: u64,
    /// Market milliseconds in one of ours.
    pub speed: NonZeroU32,
    /// Where in a candle file the market starts.
    pub start: Option<Timestamp>,
    pub balance: Sats,
}

/// Who else is asked about the price of live accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondOpinionSource {
    Nobody,
    /// At its own address, or at `endpoint`.
    Binance {
        endpoint: Option<String>,
    },
}

/// Where the paper market's prices come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperSource {
    Scenario(Scenario),
    CandleFile(PathBuf),
    /// LN Markets' public price.
    Live,
}

/// What to change in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    #[error("--demo signs anyone in, so it listens on this machine only: use a loopback address, not {0}")]
    DemoInPublic(SocketAddr),
    #[error(
        "live accounts would trade at {0}, which is on this machine and no exchange, while this server is open to others: \
         take AXISOR_LNM_ENDPOINT away, or listen on a loopback address without a public URL"
    )]
    PlayedLive(String),
    #[error("the database must be sqlite:PATH or postgres://…")]
    Database,
    #[error(
        "what is asked of the database on {0} could be read on its way: add ?sslmode=verify-full to its address (with \
         &sslrootcert=FILE where the system does not know who vouches for it), or, in a network of your own, name {0} in \
         AXISOR_PRIVATE_HOSTS"
    )]
    PlainDatabase(String),
    #[error("the public URL must be https://HOST, without a path")]
    PublicUrl,
    #[error("an API origin must be https://HOST or https://HOST:PORT")]
    ApiOrigin,
    #[error("an endpoint must be an https:// address; http:// is for this machine only")]
    Endpoint,
    #[error(
        "the paper source must be crash, bull, bear, sideways, volatile, live, or a candle file: there is no file {0}"
    )]
    PaperSource(String),
    #[error("the paper balance must be from 1 to 2,100,000,000,000,000 sats")]
    PaperBalance,
    #[error(
        "{0} must be an https:// address; http:// is for this machine only, no password may be in it, and a host of a private \
         network must be named in AXISOR_PRIVATE_HOSTS"
    )]
    AlarmAddress(&'static str),
    #[error(
        "the log URL must be an https:// address; http:// is for this machine only, and a host of a private network, this \
         machine's as well, must be named in AXISOR_PRIVATE_HOSTS"
    )]
    Log,
    #[error(
        "Redis must be a rediss:// address; redis:// is for this machine and for hosts that are named in AXISOR_PRIVATE_HOSTS"
    )]
    Redis,
    #[error("a certificate or an authority for Redis means nothing without TLS: write rediss://…")]
    RedisCertificate,
    #[error(transparent)]
    ClientTls(#[from] ClientTlsError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("a mail server needs a sender: set AXISOR_SMTP_FROM")]
    NoSender,
    #[error("{path} cannot be read")]
    Authority { path: PathBuf, source: io::Error },
    #[error("the data folder {path} cannot be made")]
    Data { path: PathBuf, source: io::Error },
    #[error("the last demo's {path} cannot be removed")]
    Forget { path: PathBuf, source: io::Error },
}

impl Configuration {
    pub fn check(arguments: ServeArguments) -> Result<Configuration, ConfigurationError> {
        let ServeArguments {
            demo,
            listen,
            tls,
            public_url,
            hsts_subdomains,
            trusted_proxies,
            api_origins,
            site,
            breaker,
            alarms,
            mail,
            storage,
            redis,
            breached_passwords,
            paper,
            ..
        } = arguments;
        let endpoints = [arguments.lnm_endpoint, arguments.lnm_signet_endpoint];
        if demo && !listen.ip().is_loopback() {
            return Err(ConfigurationError::DemoInPublic(listen));
        }
        let [live_endpoint, signet_endpoint] = endpoints.map(|url| url.map(check_endpoint));
        let database_hosts = [&storage.database_hosts[..], &alarms.private_hosts].concat();
        let storage = StorageArguments { database_hosts, ..storage };
        let storage = if demo { Storage::check_demo(storage)? } else { Storage::check(storage)? };
        let (live_endpoint, signet_endpoint) = (live_endpoint.transpose()?, signet_endpoint.transpose()?);
        check_played(live_endpoint.as_deref(), !listen.ip().is_loopback() || public_url.is_some())?;
        let is_made_up = demo || live_endpoint.is_some();
        let second_opinion = SecondOpinionSource::check(arguments.second_opinion, is_made_up)?;
        Ok(Configuration {
            demo,
            listen,
            tls: tls.tls_cert.zip(tls.tls_key).map(|(certificate, key)| TlsFiles { certificate, key }),
            public_url: public_url.map(check_public_url).transpose()?,
            hsts_subdomains,
            trusted_proxies,
            api_origins: api_origins.into_iter().map(check_origin).collect::<Result<_, _>>()?,
            site,
            storage,
            breaker: breaker.into(),
            mail: check_mail(mail, alarms.egress())?,
            breached_passwords,
            redis: RedisPlace::check(redis, &alarms.private_hosts)?,
            alarms: check_alarms(alarms)?,
            live_endpoint,
            signet_endpoint,
            second_opinion,
            paper: PaperConfiguration::check(paper, demo)?,
        })
    }

    /// Whether browsers come over TLS, so that cookies can be bound to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.is_some() || self.tls.is_some()
    }

    fn scheme(&self) -> &'static str {
        if self.is_secure() { "https" } else { "http" }
    }

    /// The origin that passkeys are bound to. Without a public address that is this machine's name for itself, since a
    /// passkey is never bound to a number.
    pub fn passkey_origin(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("{}://localhost:{}", self.scheme(), self.listen.port()))
    }

    /// The address that a browser is to open.
    pub fn base_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("{}://{}", self.scheme(), self.listen))
    }
}

impl Storage {
    pub fn check(arguments: StorageArguments) -> Result<Storage, ConfigurationError> {
        let StorageArguments { data, database, master_key_file, database_hosts } = arguments;
        let url = database.unwrap_or_else(|| format!("sqlite:{}", data.join("axisor.db").display()));
        let database = DatabaseUrl::check(url, &database_hosts)?;
        make_folder(&data)?;
        Ok(Storage { data, database, master_key_file })
    }

    /// The demo keeps to a folder and a database of its own, whatever else was asked for.
    fn check_demo(arguments: StorageArguments) -> Result<Storage, ConfigurationError> {
        let data = arguments.data.join("demo");
        make_folder(&data)?;
        let database = DatabaseUrl::check(format!("sqlite:{}", data.join(DEMO_DATABASE).display()), &[])?;
        Ok(Storage { data, database, master_key_file: None })
    }

    /// Begins the demo anew, as its paper market does; no other database is touched.
    pub fn forget_demo(&self) -> Result<(), ConfigurationError> {
        for suffix in ["", "-wal", "-shm"] {
            let path = self.data.join(format!("{DEMO_DATABASE}{suffix}"));
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(ConfigurationError::Forget { path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl SecondOpinionSource {
    /// A market that is not LN Markets' own need not have bitcoin's price, so nobody else is asked unless told to be.
    fn check(arguments: SecondOpinionArguments, is_made_up: bool) -> Result<SecondOpinionSource, ConfigurationError> {
        let SecondOpinionArguments { second_opinion, binance_endpoint } = arguments;
        let endpoint = binance_endpoint.map(check_endpoint).transpose()?;
        Ok(match second_opinion {
            Some(SecondOpinionArgument::None) => SecondOpinionSource::Nobody,
            None if is_made_up => SecondOpinionSource::Nobody,
            Some(SecondOpinionArgument::Binance) | None => SecondOpinionSource::Binance { endpoint },
        })
    }
}

impl PaperConfiguration {
    fn check(arguments: PaperArguments, demo: bool) -> Result<PaperConfiguration, ConfigurationError> {
        let PaperArguments { paper_source, paper_seed, paper_speed, paper_start, paper_balance } = arguments;
        let usual = if demo { Scenario::Crash } else { Scenario::Volatile };
        let source = paper_source.map_or(Ok(PaperSource::Scenario(usual)), |text| check_source(&text))?;
        let balance = Sats::new(paper_balance);
        if !(1..=2_100_000_000_000_000).contains(&paper_balance) {
            return Err(ConfigurationError::PaperBalance);
        }
        let start = paper_start.map(|seconds| Timestamp::EPOCH.plus(Millis::from_secs(seconds)));
        Ok(PaperConfiguration { source, seed: paper_seed, speed: paper_speed, start, balance })
    }
}

impl PaperConfiguration {
    /// That of the paper exchange alone.
    pub fn check_command(arguments: &PaperCommandArguments) -> Result<PaperConfiguration, ConfigurationError> {
        let PaperCommandArguments { source, seed, speed, start, balance, .. } = arguments;
        let arguments = PaperArguments {
            paper_source: Some(source.clone()),
            paper_seed: *seed,
            paper_speed: *speed,
            paper_start: *start,
            paper_balance: *balance,
        };
        PaperConfiguration::check(arguments, false)
    }
}

fn check_source(text: &str) -> Result<PaperSource, ConfigurationError> {
    if text == "live" {
        return Ok(PaperSource::Live);
    }
    if let Ok(scenario) = text.parse() {
        return Ok(PaperSource::Scenario(scenario));
    }
    let path = Path::new(text);
    if path.is_file() {
        Ok(PaperSource::CandleFile(path.to_owned()))
    } else {
        Err(ConfigurationError::PaperSource(text.to_owned()))
    }
}

fn check_public_url(url: String) -> Result<String, ConfigurationError> {
    let host = url.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(format!("https://{host}")),
        _ => Err(ConfigurationError::PublicUrl),
    }
}

/// As a browser writes it: a scheme, a host and no slash at the end. Never `*`, and never `null`.
fn check_origin(origin: String) -> Result<HeaderValue, ConfigurationError> {
    let host = origin.strip_prefix("https://").unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | ':');
    if host.is_empty() || !host.chars().all(is_plain) {
        return Err(ConfigurationError::ApiOrigin);
    }
    origin.parse().map_err(|_| ConfigurationError::ApiOrigin)
}

/// Real money goes over TLS; plain HTTP is for a paper exchange on this machine.
pub(crate) fn check_endpoint(url: String) -> Result<String, ConfigurationError> {
    let url = url.trim_end_matches('/').to_owned();
    if url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains('@')) {
        return Ok(url);
    }
    let host = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = name == "localhost"
        || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if local { Ok(url) } else { Err(ConfigurationError::Endpoint) }
}

/// What is served to others must not call play money live: an exchange on this machine is none.
fn check_played(live_endpoint: Option<&str>, is_open_to_others: bool) -> Result<(), ConfigurationError> {
    match live_endpoint {
        Some(url) if is_open_to_others && url.starts_with("http://") => {
            Err(ConfigurationError::PlayedLive(url.to_owned()))
        }
        _ => Ok(()),
    }
}

fn check_alarms(alarms: AlarmArguments) -> Result<AlarmArguments, ConfigurationError> {
    let addresses = [("the alarm URL", &alarms.alarm_url), ("the heartbeat URL", &alarms.heartbeat_url)];
    for (name, address) in addresses {
        if address.as_ref().is_some_and(|address| alarms.egress().check(address.expose_secret()).is_err()) {
            return Err(ConfigurationError::AlarmAddress(name));
        }
    }
    Ok(alarms)
}

/// Where the log of a server goes beside standard error; the log is there before anything else.
pub fn check_log(arguments: &ServeArguments) -> Result<Option<LogPlace>, ConfigurationError> {
    let place = |url: &SecretString| LogPlace::at(url.expose_secret(), &arguments.alarms.egress());
    arguments.log_url.as_ref().map(place).transpose().map_err(|_| ConfigurationError::Log)
}

fn check_mail(mail: MailArguments, egress: Egress) -> Result<Option<Smtp>, ConfigurationError> {
    let MailArguments { smtp_url, smtp_from, smtp_authority } = mail;
    let Some(url) = smtp_url else { return Ok(None) };
    let address = MailAddress::read(url.expose_secret())?;
    let from = smtp_from.ok_or(ConfigurationError::NoSender)?;
    let read = |path: PathBuf| std::fs::read(&path).map_err(|source| ConfigurationError::Authority { path, source });
    let authority = smtp_authority.map(read).transpose()?;
    Ok(Some(Smtp::new(address, &from, authority.as_deref(), egress)?))
}

fn make_folder(path: &Path) -> Result<(), ConfigurationError> {
    std::fs::create_dir_all(path).map_err(|source| ConfigurationError::Data { path: path.to_owned(), source })
}

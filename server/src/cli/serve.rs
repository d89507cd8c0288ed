//! What the server itself is told, and the paper exchange.

use super::StorageArguments;
use clap::{Args, ValueEnum};
use domain::Sats;
use domain::brake::BreakerLimits;
use ipnet::IpNet;
use secrecy::SecretString;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU8, NonZeroU32};
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub struct ServeArguments {
    /// Shows a paper position being saved from a crash, signed in without typing; on this machine only.
    #[arg(long)]
    pub demo: bool,
    /// Address to listen on.
    #[arg(long, env = "AXISOR_LISTEN", default_value = "127.0.0.1:13010", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub tls: TlsArguments,
    /// How browsers reach this server, over TLS; makes cookies secure.
    #[arg(long, env = "AXISOR_PUBLIC_URL", value_name = "https://…")]
    pub public_url: Option<String>,
    /// Lets browsers use TLS alone for every host below that of the public URL as well; only where all of them are yours.
    #[arg(long, env = "AXISOR_HSTS_SUBDOMAINS", value_parser = clap::builder::FalseyValueParser::new())]
    pub hsts_subdomains: bool,
    /// Network of a proxy in front of this server, whose X-Forwarded-For is believed; several with commas.
    #[arg(long = "trusted-proxy", env = "AXISOR_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORK")]
    pub trusted_proxies: Vec<IpNet>,
    /// Another site whose pages may read the API with a token; several with commas. None by default.
    #[arg(long, env = "AXISOR_API_ORIGINS", value_delimiter = ',', value_name = "https://…")]
    pub api_origins: Vec<String>,
    /// Folder of the built web interface.
    #[arg(long, env = "AXISOR_SITE", default_value = "target/site", value_name = "FOLDER")]
    pub site: PathBuf,
    /// LN Markets' address for live accounts, where it is not LN Markets' own.
    #[arg(long, env = "AXISOR_LNM_ENDPOINT", value_name = "URL")]
    pub lnm_endpoint: Option<String>,
    /// LN Markets' address for signet accounts, where it is not LN Markets' own.
    #[arg(long, env = "AXISOR_LNM_SIGNET_ENDPOINT", value_name = "URL")]
    pub lnm_signet_endpoint: Option<String>,
    #[command(flatten)]
    pub second_opinion: SecondOpinionArguments,
    #[command(flatten)]
    pub breaker: BreakerArguments,
    #[command(flatten)]
    pub alarms: AlarmArguments,
    /// Address to which the log goes as well, as lines of JSON (Vector, Fluent Bit, VictoriaLogs); may hold a user and a
    /// password.
    #[arg(long, env = "AXISOR_LOG_URL", hide_env_values = true, value_name = "URL")]
    pub log_url: Option<SecretString>,
    #[command(flatten)]
    pub mail: MailArguments,
    #[command(flatten)]
    pub storage: StorageArguments,
    /// A file of breached passwords by their SHA-1, in order, as haveibeenpwned.com gives it out; no new password on it is taken
    #[arg(long, env = "AXISOR_BREACHED_PASSWORDS", value_name = "FILE")]
    pub breached_passwords: Option<PathBuf>,
    #[command(flatten)]
    pub redis: RedisArguments,
    #[command(flatten)]
    pub paper: PaperArguments,
}

/// HTTPS by the server itself; without it, it speaks HTTP for a proxy in front.
#[derive(Clone, Debug, Args)]
pub struct TlsArguments {
    /// Certificate (PEM) of this server, with those that vouch for it; read anew when the file changes.
    #[arg(long, env = "AXISOR_TLS_CERT", requires = "tls_key", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Key (PEM) of that certificate.
    #[arg(long, env = "AXISOR_TLS_KEY", requires = "tls_cert", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

/// Another market beside that of live accounts. It may confirm a price that jumped, and never decides.
#[derive(Clone, Debug, Args)]
pub struct SecondOpinionArguments {
    /// Who is asked; without it, Binance where live accounts live at LN Markets' own address.
    #[arg(long, env = "AXISOR_SECOND_OPINION", value_enum)]
    pub second_opinion: Option<SecondOpinionArgument>,
    /// Binance's address, where it is not Binance's own.
    #[arg(long, env = "AXISOR_BINANCE_ENDPOINT", value_name = "URL")]
    pub binance_endpoint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecondOpinionArgument {
    /// Binance spot BTC/USDT.
    Binance,
    /// Nobody.
    None,
}

/// Where alarms go beside the page, the log and `alarms.jsonl` in the data folder.
#[derive(Clone, Debug, Args)]
pub struct AlarmArguments {
    /// Address to which each alarm is posted as plain text (ntfy and its like).
    #[arg(long, env = "AXISOR_ALARM_URL", hide_env_values = true, value_name = "URL")]
    pub alarm_url: Option<SecretString>,
    /// Bearer token for that address.
    #[arg(long, env = "AXISOR_ALARM_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub alarm_token: Option<SecretString>,
    /// Address that is asked for each minute while the guards are at work, and whose silence alarms you
    /// (healthchecks.io and its like).
    #[arg(long, env = "AXISOR_HEARTBEAT_URL", hide_env_values = true, value_name = "URL")]
    pub heartbeat_url: Option<SecretString>,
    /// Hosts of these addresses that may be in a private network or on this machine, as they stand in the address; several
    /// with commas. Any other is refused when it is connected to, whatever its name stands for.
    #[arg(long, env = "AXISOR_PRIVATE_HOSTS", value_delimiter = ',', value_name = "HOST")]
    pub private_hosts: Vec<String>,
}

impl AlarmArguments {
    pub fn egress(&self) -> notify::Egress {
        notify::Egress::allowing(self.private_hosts.iter().cloned())
    }
}

/// A Redis for browsers' sessions, which are in the database without one.
#[derive(Clone, Debug, Args)]
pub struct RedisArguments {
    /// `rediss://…`: keeps browsers' sessions in Redis instead of the database; `redis://…` for this machine, and for a host
    /// that is named in AXISOR_PRIVATE_HOSTS. Nothing of a guard is in it.
    #[arg(long, env = "AXISOR_REDIS", hide_env_values = true, value_name = "URL")]
    pub redis: Option<SecretString>,
    /// Certificate (PEM) by which Redis knows this server.
    #[arg(long, env = "AXISOR_REDIS_CERT", requires = "redis_key", value_name = "FILE")]
    pub redis_cert: Option<PathBuf>,
    /// Key (PEM) of that certificate.
    #[arg(long, env = "AXISOR_REDIS_KEY", requires = "redis_cert", value_name = "FILE")]
    pub redis_key: Option<PathBuf>,
    /// Certificate (PEM) of an authority that Redis's own is from, where the system does not know it.
    #[arg(long, env = "AXISOR_REDIS_AUTHORITY", value_name = "FILE")]
    pub redis_authority: Option<PathBuf>,
}

/// The mail server by which letters go to people: invitations, new passwords, addresses to be shown. Without one, an
/// admin's one-time links do the same.
#[derive(Clone, Debug, Args)]
pub struct MailArguments {
    /// `smtp://USER:PASSWORD@HOST:587` (STARTTLS) or `smtps://…:465`; never without TLS. A host in a private network must be
    /// named in AXISOR_PRIVATE_HOSTS.
    #[arg(long, env = "AXISOR_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<SecretString>,
    /// Who letters are from: `axisor@example.org` or `Axisor <axisor@example.org>`.
    #[arg(long, env = "AXISOR_SMTP_FROM", value_name = "ADDRESS")]
    pub smtp_from: Option<String>,
    /// Certificate (PEM) of an authority that the mail server's own is from, where the system does not know it.
    #[arg(long, env = "AXISOR_SMTP_AUTHORITY", value_name = "FILE")]
    pub smtp_authority: Option<PathBuf>,
}

/// The breaker over all accounts, which falls where no set of sound guards could have got.
#[derive(Clone, Copy, Debug, Args)]
pub struct BreakerArguments {
    /// Top-ups that all guards together may make in a minute.
    #[arg(long, env = "AXISOR_MAX_ADDS_PER_MINUTE", default_value_t = BreakerLimits::default().adds_per_minute, value_name = "NUMBER")]
    pub max_adds_per_minute: u32,
    /// Sats that all guards together may add in an hour.
    #[arg(long, env = "AXISOR_MAX_SATS_PER_HOUR", default_value_t = BreakerLimits::default().sats_per_hour.get(), value_name = "SATS")]
    pub max_sats_per_hour: i64,
}

impl From<BreakerArguments> for BreakerLimits {
    fn from(arguments: BreakerArguments) -> BreakerLimits {
        let sats_per_hour = Sats::new(arguments.max_sats_per_hour);
        BreakerLimits { adds_per_minute: arguments.max_adds_per_minute, sats_per_hour }
    }
}

/// The paper market, which is made when the first paper account needs it.
#[derive(Clone, Debug, Args)]
pub struct PaperArguments {
    /// `crash`, `bull`, `bear`, `sideways`, `volatile`, `live` (LN Markets' public price), or a candle file (CSV, gz).
    #[arg(long, env = "AXISOR_PAPER_SOURCE", value_name = "SOURCE")]
    pub paper_source: Option<String>,
    /// Which of all possible scenarios.
    #[arg(long, env = "AXISOR_PAPER_SEED", default_value_t = 21, value_name = "NUMBER")]
    pub paper_seed: u64,
    /// Market milliseconds in one millisecond of ours; 1 with the live price.
    #[arg(long, env = "AXISOR_PAPER_SPEED", default_value = "60", value_name = "TIMES")]
    pub paper_speed: NonZeroU32,
    /// Where in a candle file the market starts, in unix seconds.
    #[arg(long, env = "AXISOR_PAPER_START", value_name = "SECONDS")]
    pub paper_start: Option<i64>,
    /// Sats in the wallet of a paper account.
    #[arg(long, env = "AXISOR_PAPER_BALANCE", default_value_t = 1_000_000, value_name = "SATS")]
    pub paper_balance: i64,
}

#[derive(Clone, Debug, Args)]
pub struct PaperCommandArguments {
    /// Port to listen on; 0 takes any that is free.
    #[arg(long, default_value_t = 8_900)]
    pub port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub address: IpAddr,
    /// `crash`, `bull`, `bear`, `sideways`, `volatile`, `live` (LN Markets' public price), or a candle file (CSV, gz).
    #[arg(long, default_value = "sideways")]
    pub source: String,
    /// Which of all possible scenarios.
    #[arg(long, default_value_t = 21, value_name = "NUMBER")]
    pub seed: u64,
    /// Market milliseconds in one millisecond of ours.
    #[arg(long, default_value = "1", value_name = "TIMES")]
    pub speed: NonZeroU32,
    /// Where in a candle file the market starts, in unix seconds.
    #[arg(long, value_name = "SECONDS")]
    pub start: Option<i64>,
    /// How many keys there are to be, each to a wallet of its own.
    #[arg(long, default_value = "1", value_name = "COUNT")]
    pub keys: NonZeroU8,
    /// Sats in the wallet of a new key.
    #[arg(long, default_value_t = 10_000_000, value_name = "SATS")]
    pub balance: i64,
    /// Folder that keeps keys, wallets and trades for the next start; without it they are forgotten.
    #[arg(long, value_name = "FOLDER")]
    pub state: Option<PathBuf>,
    /// Lets the keys withdraw as well.
    #[arg(long)]
    pub may_withdraw: bool,
    /// Answers as many requests as come.
    #[arg(long)]
    pub no_rate_limit: bool,
    /// File with a forecast of faults, in JSON; its times count from the start.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Prints addresses and keys as one line of JSON.
    #[arg(long)]
    pub json: bool,
}

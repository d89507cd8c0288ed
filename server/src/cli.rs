//! The command line; every flag of the server can be an environment variable as well.

mod audit;
mod brakes;
mod serve;

pub use audit::{AuditCommand, AuditFormat, ExportAuditArguments, VerifyAuditArguments};
pub use brakes::{ResumeArguments, StopArguments, ThawArguments};
pub use serve::{
    AlarmArguments, BreakerArguments, MailArguments, PaperArguments, PaperCommandArguments, RedisArguments,
    SecondOpinionArgument, SecondOpinionArguments, ServeArguments,
};

use crate::backup_command::BackupArguments;
use crate::doctor_command::DoctorArguments;
use crate::history_command::HistoryCommand;
use crate::replay::ReplayArguments;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{AccountId, Mode, PositionId, Timestamp, iso8601};
use std::path::PathBuf;

/// Keeps a Bitcoin futures trader on LN Markets alive while they sleep.
#[derive(Debug, Parser)]
#[command(name = "axisor", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the server: web interface, guards, everything.
    Serve(Box<ServeArguments>),
    /// Manages accounts at exchanges.
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Lets people in again who have lost their way.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Manages the master key that seals every secret.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Checks and exports the record of who did what.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Pulls the kill switch: of one account, or of everything. Takes effect within a second.
    Stop(StopArguments),
    /// Releases the kill switch, or arms the breaker again.
    Resume(ResumeArguments),
    /// Lifts the freeze of a position whose books did not add up, once you have looked at the exchange.
    Thaw(ThawArguments),
    /// Says why the guard did what it did with a position, or did nothing: what it knew, decided and proved.
    Why(WhyArguments),
    /// Shows what a margin guard would have done on past prices, beside no guard and a plain stop-loss.
    Replay(ReplayArguments),
    /// Keeps prices and funding of the past in the database.
    History {
        #[command(subcommand)]
        command: HistoryCommand,
    },
    /// Copies the database (SQLite) while the server runs; the copy is whole, and no secret in it opens without the master key.
    Backup(BackupArguments),
    /// Looks at what is taken for granted about LN Markets, one by one, and says what was seen.
    Doctor(DoctorArguments),
    /// Runs the paper exchange alone: LN Markets' REST v3 and Stream v1 over play money, for any program.
    Paper(PaperCommandArguments),
    /// Asks a running server whether it is ready; for container health checks.
    Health(HealthArguments),
}

#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Adds an account to a user. The key's secret and passphrase are read from standard input, one a line.
    Add(AddAccountArguments),
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Prints a link, good once and for a day, by which somebody sets a new password; their second factor is still asked.
    Link(UserLinkArguments),
}

#[derive(Clone, Debug, Args)]
pub struct UserLinkArguments {
    /// Whose password it is.
    #[arg(long, value_name = "EMAIL")]
    pub email: String,
    /// How browsers reach the server.
    #[arg(long, env = "AXISOR_PUBLIC_URL", default_value = "http://127.0.0.1:13010", value_name = "URL")]
    pub public_url: String,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Makes a new master key and puts every secret under it, while the server runs; goes on where it was broken off.
    Rotate(StorageArguments),
    /// Removes old master keys that seal nothing any more.
    Retire(StorageArguments),
}

/// Where everything is kept.
#[derive(Clone, Debug, Args)]
pub struct StorageArguments {
    /// Folder of what Axisor keeps: the SQLite database and the master key.
    #[arg(long, env = "AXISOR_DATA", default_value = "axisor-data", value_name = "FOLDER")]
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; without it, SQLite in the data folder. Another machine's PostgreSQL is reached over TLS
    /// alone (`?sslmode=verify-full`), unless its host is named in AXISOR_PRIVATE_HOSTS.
    #[arg(long, env = "AXISOR_DATABASE", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// File with the master key (64 hex digits) that seals every secret; without it, `master.key` in the data
    /// folder, made at the first start. The key itself may also be in AXISOR_MASTER_KEY.
    #[arg(long, env = "AXISOR_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Hosts of a PostgreSQL in a network of your own, which may do without TLS; several with commas.
    #[arg(long, env = "AXISOR_PRIVATE_HOSTS", value_delimiter = ',', hide = true, value_name = "HOST")]
    pub database_hosts: Vec<String>,
}

#[derive(Clone, Debug, Args)]
pub struct AddAccountArguments {
    /// E-mail of the user whose account it is.
    #[arg(long, value_name = "EMAIL")]
    pub user: String,
    /// What the account is called on every page.
    #[arg(long)]
    pub name: String,
    #[arg(long, value_enum)]
    pub mode: ModeArgument,
    /// The key's public part; not for paper.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// LN Markets' address for live accounts, where it is not LN Markets' own; the key is checked there.
    #[arg(long, env = "AXISOR_LNM_ENDPOINT", value_name = "URL")]
    pub lnm_endpoint: Option<String>,
    /// LN Markets' address for signet accounts, where it is not LN Markets' own; the key is checked there.
    #[arg(long, env = "AXISOR_LNM_SIGNET_ENDPOINT", value_name = "URL")]
    pub lnm_signet_endpoint: Option<String>,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeArgument {
    Paper,
    Signet,
    Live,
}

impl From<ModeArgument> for Mode {
    fn from(mode: ModeArgument) -> Mode {
        match mode {
            ModeArgument::Paper => Mode::Paper,
            ModeArgument::Signet => Mode::Signet,
            ModeArgument::Live => Mode::Live,
        }
    }
}

#[derive(Clone, Debug, Args)]
pub struct WhyArguments {
    /// The position, by the exchange's id.
    #[arg(long, value_name = "ID")]
    pub position: PositionId,
    /// When, by the server's clock: 2026-03-12T10:41:07Z; without it, the newest decision.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub at: Option<Timestamp>,
    /// The account; needed only where two accounts have seen the position.
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// Prints the whole answer as one line of JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub storage: StorageArguments,
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    iso8601::read(text).ok_or("a time is written 2026-03-12T10:41:07Z")
}

#[derive(Clone, Debug, Args)]
pub struct HealthArguments {
    /// What is asked; without it, the server on this machine's port 13010.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The server's certificate (PEM), where it speaks HTTPS itself: it is believed, beside the system's authorities.
    #[arg(long, env = "AXISOR_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The name that the certificate is for.
    #[arg(long, env = "AXISOR_PUBLIC_URL", value_name = "https://…")]
    pub public_url: Option<String>,
}

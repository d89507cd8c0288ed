//! `axisor audit`: what it is told.

use super::StorageArguments;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Checks every entry and names the first that is not as it was written.
    Verify(VerifyAuditArguments),
    /// Writes every entry to standard output.
    Export(ExportAuditArguments),
    /// Prints the signed head, to be kept elsewhere: it shows later if the audit was cut or replaced.
    Head(StorageArguments),
}

#[derive(Clone, Debug, Args)]
pub struct VerifyAuditArguments {
    /// A signed head that was kept elsewhere; may be given several times.
    #[arg(long = "head", value_name = "FILE")]
    pub heads: Vec<PathBuf>,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Debug, Args)]
pub struct ExportAuditArguments {
    #[arg(long, value_enum)]
    pub format: AuditFormat,
    #[command(flatten)]
    pub storage: StorageArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// RFC 4180; cells that a spreadsheet would take for formulas begin with an apostrophe.
    Csv,
    /// One JSON object a line.
    Json,
}

//! `axisor audit`: checks the audit, and takes it out of the database.

use crate::assembly::sealer;
use crate::cli::{AuditCommand, AuditFormat, ExportAuditArguments, StorageArguments, VerifyAuditArguments};
use crate::configuration::Storage;
use crate::system_clock::{SystemClock, SystemEntropy};
use crate::{Failure, csv};
use domain::iso8601;
use serde::Serialize;
use service::audit::{Fault, HeadError, SignedHead, Verdict};
use service::{Audit, Entropy};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::AuditRow;

const PAGE: u32 = 500;

#[derive(Debug, thiserror::Error)]
enum AuditCommandError {
    #[error("the audit is not as it was written: entry {seq} {fault}")]
    Bad { seq: i64, fault: Fault },
    #[error("{path} cannot be read")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path} is no signed head")]
    NoHead { path: PathBuf, source: serde_json::Error },
    #[error("{path}")]
    Head { path: PathBuf, source: HeadError },
    #[error("the audit has no entries yet")]
    Empty,
}

pub async fn run(command: AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify(arguments) => verify(arguments).await,
        AuditCommand::Export(arguments) => export(arguments).await,
        AuditCommand::Head(arguments) => print_head(arguments).await,
    }
}

async fn open(arguments: StorageArguments) -> Result<Audit, Failure> {
    let storage = Storage::check(arguments).map_err(Failure::bad_input)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let sealer = sealer(&storage, Arc::clone(&entropy)).map_err(Failure::other)?;
    let store = store::open(storage.database.as_str()).await.map_err(Failure::other)?;
    Audit::open(store, Arc::new(SystemClock), &*entropy, &sealer).await.map_err(Failure::other)
}

async fn verify(arguments: VerifyAuditArguments) -> Result<(), Failure> {
    let kept = arguments.heads.iter().map(|path| read_head(path)).collect::<Result<Vec<_>, _>>();
    let kept = kept.map_err(Failure::bad_input)?;
    let audit = open(arguments.storage).await?;
    match audit.verify(&kept).await.map_err(Failure::other)? {
        Verdict::Whole { entries } => {
            println!("The audit is as it was written: {entries} entries, {} kept heads agree.", kept.len());
            Ok(())
        }
        Verdict::Bad { seq, fault } => Err(Failure::other(AuditCommandError::Bad { seq, fault })),
    }
}

fn read_head(path: &Path) -> Result<SignedHead, AuditCommandError> {
    let path = || path.to_owned();
    let text =
        std::fs::read_to_string(path()).map_err(|source| AuditCommandError::Unreadable { path: path(), source })?;
    let head: SignedHead =
        serde_json::from_str(&text).map_err(|source| AuditCommandError::NoHead { path: path(), source })?;
    head.check().map_err(|source| AuditCommandError::Head { path: path(), source })?;
    Ok(head)
}

async fn print_head(arguments: StorageArguments) -> Result<(), Failure> {
    let head = open(arguments).await?.head().await.map_err(Failure::other)?;
    let head = head.ok_or_else(|| Failure::other(AuditCommandError::Empty))?;
    println!("{}", serde_json::to_string(&head).map_err(Failure::other)?);
    Ok(())
}

/// Writes page after page, so that a long audit needs no more memory than a short one.
async fn export(arguments: ExportAuditArguments) -> Result<(), Failure> {
    let audit = open(arguments.storage).await?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    if arguments.format == AuditFormat::Csv {
        output.write_all(csv_head().as_bytes()).map_err(Failure::other)?;
    }
    let mut after = 0;
    loop {
        let rows = audit.list(after, PAGE).await.map_err(Failure::other)?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in &rows {
            let line = match arguments.format {
                AuditFormat::Csv => csv_line(row),
                AuditFormat::Json => json_line(row).map_err(Failure::other)?,
            };
            output.write_all(line.as_bytes()).map_err(Failure::other)?;
        }
    }
    output.flush().map_err(Failure::other)
}

const HEADINGS: [&str; 11] =
    ["seq", "at", "actor", "source", "action", "subject", "before", "after", "previous", "hash", "signature"];

/// The line of headings.
pub(crate) fn csv_head() -> String {
    csv::line(&HEADINGS)
}

pub(crate) fn csv_line(row: &AuditRow) -> String {
    let actor = row.actor.map(|actor| actor.to_string()).unwrap_or_default();
    let fields = [
        &row.seq.to_string(),
        &iso8601::write(row.at),
        &actor,
        &row.source,
        &row.action,
        &row.subject,
        row.before.as_deref().unwrap_or_default(),
        row.after.as_deref().unwrap_or_default(),
        &hex::encode(row.previous),
        &hex::encode(row.hash),
        &hex::encode(&row.signature),
    ];
    csv::line(&fields)
}

/// An entry as one line of JSON.
#[derive(Serialize)]
struct Entry<'a> {
    seq: i64,
    at: String,
    actor: Option<String>,
    source: &'a str,
    action: &'a str,
    subject: &'a str,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
    previous: String,
    hash: String,
    signature: String,
}

pub(crate) fn json_line(row: &AuditRow) -> Result<String, serde_json::Error> {
    let value = |text: &Option<String>| {
        let text = text.as_deref()?;
        Some(serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text)))
    };
    let entry = Entry {
        seq: row.seq,
        at: iso8601::write(row.at),
        actor: row.actor.map(|actor| actor.to_string()),
        source: &row.source,
        action: &row.action,
        subject: &row.subject,
        before: value(&row.before),
        after: value(&row.after),
        previous: hex::encode(row.previous),
        hash: hex::encode(row.hash),
        signature: hex::encode(&row.signature),
    };
    Ok(serde_json::to_string(&entry)? + "\n")
}

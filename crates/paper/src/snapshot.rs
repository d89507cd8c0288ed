//! The whole venue in a file, so that a restart goes on where the last run stopped.

use crate::venue::{Imbalance, Venue};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Raised when an older file can no longer be read.
const FORMAT: u32 = 1;

/// Why a snapshot can't be used or made.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("{path} can't be read")]
    Read { path: PathBuf, source: io::Error },
    #[error("{path} can't be written")]
    Write { path: PathBuf, source: io::Error },
    #[error("{path} is no snapshot of a paper venue")]
    Malformed { path: PathBuf, source: serde_json::Error },
    #[error("{path} was written by another version (format {format})")]
    Format { path: PathBuf, format: u32 },
    #[error("the books in {path} do not balance")]
    Imbalance { path: PathBuf, source: Imbalance },
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    venue: &'a Venue,
}

#[derive(Deserialize)]
struct Header {
    format: u32,
}

#[derive(Deserialize)]
struct Read {
    venue: Venue,
}

/// The venue of a file; `None` where there is no file. Books that do not balance are refused.
pub fn read(path: &Path) -> Result<Option<Venue>, SnapshotError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(SnapshotError::Read { path: path.to_owned(), source }),
    };
    let malformed = |source| SnapshotError::Malformed { path: path.to_owned(), source };
    let Header { format } = serde_json::from_slice(&bytes).map_err(malformed)?;
    if format != FORMAT {
        return Err(SnapshotError::Format { path: path.to_owned(), format });
    }
    let Read { venue } = serde_json::from_slice(&bytes).map_err(malformed)?;
    venue.check_conservation().map_err(|source| SnapshotError::Imbalance { path: path.to_owned(), source })?;
    Ok(Some(venue))
}

/// Replaces the file in one step: whenever the machine stops, the old one or the new one is there, whole.
pub fn write(path: &Path, venue: &Venue) -> Result<(), SnapshotError> {
    replace(path, &Written { format: FORMAT, venue })
        .map_err(|source| SnapshotError::Write { path: path.to_owned(), source })
}

fn replace(path: &Path, written: &Written<'_>) -> io::Result<()> {
    let arriving = path.with_extension("arriving");
    let mut file = BufWriter::new(File::create(&arriving)?);
    serde_json::to_writer(&mut file, written)?;
    file.flush()?;
    file.get_ref().sync_all()?;
    fs::rename(&arriving, path)?;
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

//! Past funding settlements from a file: `timestamp,funding_rate`, plain or gzipped.

use domain::{Millis, Rate, Timestamp};
use flate2::read::MultiGzDecoder;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const HEADER: &str = "timestamp,funding_rate";
/// A settlement each eight hours for ten thousand years fits.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum FundingFileError {
    #[error("--funding: {path} cannot be read")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("--funding: {0} must begin with the line \"{HEADER}\"")]
    Header(PathBuf),
    #[error("--funding: line {line} of {path} must be unix seconds and a rate between -1 and 1, such as 0.0001")]
    Line { path: PathBuf, line: usize },
    #[error("--funding: line {line} of {path} is not later than the line before")]
    Unsorted { path: PathBuf, line: usize },
}

/// Settlements, oldest first. Columns after the first two are left alone.
pub fn read(path: &Path) -> Result<Vec<(Timestamp, Rate)>, FundingFileError> {
    let text = read_text(path).map_err(|source| FundingFileError::Unreadable { path: path.to_owned(), source })?;
    let mut lines = text.lines().enumerate();
    if !lines.next().is_some_and(|(_, header)| header.trim().starts_with(HEADER)) {
        return Err(FundingFileError::Header(path.to_owned()));
    }
    let mut settlements: Vec<(Timestamp, Rate)> = Vec::new();
    for (index, row) in lines {
        let line = index + 1;
        let settlement = parse(row).ok_or_else(|| FundingFileError::Line { path: path.to_owned(), line })?;
        if settlements.last().is_some_and(|(before, _)| settlement.0 <= *before) {
            return Err(FundingFileError::Unsorted { path: path.to_owned(), line });
        }
        settlements.push(settlement);
    }
    Ok(settlements)
}

fn parse(row: &str) -> Option<(Timestamp, Rate)> {
    let mut columns = row.split(',').map(str::trim);
    let seconds: i64 = columns.next()?.parse().ok()?;
    let rate = Rate::try_from_fraction(columns.next()?.parse().ok()?)?;
    Some((Timestamp::EPOCH.plus(Millis::from_secs(seconds)), rate))
}

fn read_text(path: &Path) -> io::Result<String> {
    let bytes = std::fs::read(path)?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(bytes.as_slice()).take(MOST_BYTES).read_to_string(&mut text)?;
    } else {
        bytes.as_slice().take(MOST_BYTES).read_to_string(&mut text)?;
    }
    Ok(text)
}

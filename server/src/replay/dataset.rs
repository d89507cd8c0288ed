//! The candles of a replay: a file, what its bytes are known by, and the window that is looked at.

use domain::candle_series::CandleSeries;
use domain::{Candle, Timestamp};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// From and to; either may be open.
pub type Window = (Option<Timestamp>, Option<Timestamp>);

#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    #[error(transparent)]
    File(paper::candle_file::CandleFileError),
    #[error("{path} cannot be read")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{path} has no candles between --from and --to; it goes from {first} to {last}")]
    EmptyWindow { path: PathBuf, first: String, last: String },
}

/// A candle file that was read whole, and the part of it that is replayed; never empty.
#[derive(Debug)]
pub struct Dataset {
    pub series: CandleSeries,
    /// SHA-256 of the file's bytes, in hex.
    pub sha256: String,
    window: Range<usize>,
    first: Candle,
    pub last: Candle,
}

impl Dataset {
    pub fn read(path: &Path, window: Window) -> Result<Dataset, DatasetError> {
        let series = paper::candle_file::read(path).map_err(DatasetError::File)?;
        let sha256 = fingerprint(path).map_err(|source| DatasetError::Unreadable { path: path.to_owned(), source })?;
        let (from, to) = window;
        let start = from.map_or(0, |from| series.candles.partition_point(|candle| candle.at < from));
        let end = to.map_or(series.candles.len(), |to| series.candles.partition_point(|candle| candle.at < to));
        let ends = series.candles.get(start..end).and_then(|part| Some((*part.first()?, *part.last()?)));
        let (first, last) = ends.ok_or_else(|| empty(path, &series))?;
        Ok(Dataset { series, sha256, window: start..end, first, last })
    }

    /// The candles that are replayed, oldest first.
    pub fn candles(&self) -> &[Candle] {
        self.series.candles.get(self.window.clone()).unwrap_or_default()
    }

    pub fn first(&self) -> &Candle {
        &self.first
    }

    /// Gaps and missing candles inside the window.
    pub fn gaps_in_window(&self) -> (usize, i64) {
        let inside = self.series.gaps.iter().filter(|gap| self.first.at < gap.to && gap.from <= self.last.at);
        inside.fold((0, 0), |(gaps, missing), gap| (gaps + 1, missing.saturating_add(gap.missing)))
    }
}

fn fingerprint(path: &Path) -> io::Result<String> {
    struct Hashing(Sha256);
    impl io::Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hash = Hashing(Sha256::new());
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex::encode(hash.0.finalize()))
}

fn empty(path: &Path, series: &CandleSeries) -> DatasetError {
    let at = |candle: Option<&Candle>| candle.map_or_else(String::new, |candle| super::report::date(candle.at));
    DatasetError::EmptyWindow {
        path: path.to_owned(),
        first: at(series.candles.first()),
        last: at(series.candles.last()),
    }
}

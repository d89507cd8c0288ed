//! Price history from a file: CSV, plain or gzipped.

use domain::candle_series::CandleSeries;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// More text than this is no candle file: ten years of minutes fit several times.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why a candle file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CandleFileError {
    #[error("there is no file at {0}")]
    Missing(PathBuf),
    #[error("{path} can't be read")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{0} is gzipped and ends too early: it was cut off while it was copied")]
    Truncated(PathBuf),
    #[error("{path} is not a sound gzip file")]
    BadGzip { path: PathBuf, source: io::Error },
    #[error("{path} holds more than {most} bytes of text")]
    TooLarge { path: PathBuf, most: u64 },
    #[error("{0} is not text")]
    NotText(PathBuf),
    #[error("{path} is no candle file")]
    NotCandles { path: PathBuf, source: domain::candle_series::CandleFileError },
}

/// Reads candles of `timestamp,open,high,low,close,volume`; gzip is recognised by content, not by name.
pub fn read(path: &Path) -> Result<CandleSeries, CandleFileError> {
    let text = read_text(path, MOST_BYTES)?;
    CandleSeries::parse_csv(&text).map_err(|source| CandleFileError::NotCandles { path: path.to_owned(), source })
}

fn read_text(path: &Path, most: u64) -> Result<String, CandleFileError> {
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => CandleFileError::Missing(path.to_owned()),
        _ => CandleFileError::Unreadable { path: path.to_owned(), source },
    };
    let mut head = Vec::with_capacity(2);
    File::open(path).and_then(|file| file.take(2).read_to_end(&mut head)).map_err(unreadable)?;
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let bytes = if head == GZIP_MAGIC {
        read_capped(MultiGzDecoder::new(file), most).map_err(|source| bad_gzip(path, source))?
    } else {
        read_capped(file, most).map_err(unreadable)?
    };
    let bytes = bytes.ok_or_else(|| CandleFileError::TooLarge { path: path.to_owned(), most })?;
    String::from_utf8(bytes).map_err(|_| CandleFileError::NotText(path.to_owned()))
}

fn bad_gzip(path: &Path, source: io::Error) -> CandleFileError {
    match source.kind() {
        io::ErrorKind::UnexpectedEof => CandleFileError::Truncated(path.to_owned()),
        _ => CandleFileError::BadGzip { path: path.to_owned(), source },
    }
}

/// `None` when there is more than the cap.
fn read_capped(reader: impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(u64::try_from(read).is_ok_and(|read| read <= most).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    const CSV: &str = "timestamp,open,high,low,close,volume\n\
        1700000040,100,110,90,105,1\n1700000100,105,106,104,105.5,2\n1700000160,105,105,100,101,3\n";

    fn gzipped(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn plain_and_gzipped_files_say_the_same() {
        let plain = read(file_of(CSV.as_bytes()).path()).unwrap();
        let zipped = read(file_of(&gzipped(CSV)).path()).unwrap();
        assert_eq!(plain.candles, zipped.candles);
        assert_eq!(plain.candles.len(), 3);
    }

    #[test]
    fn a_file_that_can_not_be_used_says_why() {
        let zipped = gzipped(CSV);
        let cut = file_of(&zipped[..zipped.len() - 6]);
        let broken = file_of(&[0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
        assert!(matches!(read(Path::new("/nowhere/candles.csv")), Err(CandleFileError::Missing(_))));
        assert!(matches!(read(cut.path()), Err(CandleFileError::Truncated(_))));
        assert!(matches!(read(broken.path()), Err(CandleFileError::BadGzip { .. })));
        assert!(matches!(read(file_of(&[0xff, 0xfe, 0, 1]).path()), Err(CandleFileError::NotText(_))));
        assert!(matches!(read(file_of(b"<html>").path()), Err(CandleFileError::NotCandles { .. })));
        assert!(matches!(read(file_of(b"").path()), Err(CandleFileError::NotCandles { .. })));
        assert!(matches!(read(std::env::temp_dir().as_path()), Err(CandleFileError::Unreadable { .. })));
        let large = read_text(file_of(&gzipped(&"x".repeat(1_000))).path(), 999);
        assert!(matches!(large, Err(CandleFileError::TooLarge { most: 999, .. })));
    }
}

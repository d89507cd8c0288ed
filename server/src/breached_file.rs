//! A list of breached passwords in a file, as haveibeenpwned.com gives it out: a line each, `SHA-1:COUNT`, in order.
//!
//! The whole list has a billion lines, so it is asked where it lies: each question reads some thirty lines.

use service::BreachedPasswords;
use std::cmp::Ordering;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// No line is longer.
const LONGEST_LINE: u64 = 64;
const HASH_DIGITS: usize = 40;

#[derive(Debug)]
pub struct BreachedFile {
    file: File,
    length: u64,
}

impl BreachedFile {
    /// Fails for a file that is no such list, as far as its first and its last line tell.
    pub fn open(path: &Path) -> io::Result<BreachedFile> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let list = BreachedFile { file, length };
        let (first, last) = (list.line_at(0)?, list.line_at(length.saturating_sub(2))?);
        if last.hash < first.hash { Err(no_list()) } else { Ok(list) }
    }

    /// The line of which the byte at `offset` is a part.
    fn line_at(&self, offset: u64) -> io::Result<Line> {
        let from = offset.saturating_sub(LONGEST_LINE);
        let before = usize::try_from(offset - from).map_err(io::Error::other)?;
        let until = self.length.min(offset + LONGEST_LINE);
        let mut bytes = vec![0; usize::try_from(until.saturating_sub(from)).map_err(io::Error::other)?];
        self.file.read_exact_at(&mut bytes, from)?;
        let (head, tail) = bytes.split_at_checked(before).ok_or_else(no_list)?;
        let start = match head.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => end + 1,
            None if from == 0 => 0,
            None => return Err(no_list()),
        };
        let rest = tail.iter().position(|byte| *byte == b'\n').map_or(tail.len(), |end| end + 1);
        let line = bytes.get(start..before + rest).ok_or_else(no_list)?;
        let hash = read_hash(line).ok_or_else(no_list)?;
        let (start, length) = (from + start as u64, line.len() as u64);
        Ok(Line { start, end: start + length, hash })
    }
}

/// A line that was read, and where it lies.
struct Line {
    start: u64,
    end: u64,
    hash: [u8; 20],
}

impl BreachedPasswords for BreachedFile {
    fn holds(&self, hash: &[u8; 20]) -> io::Result<bool> {
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let line = self.line_at(low + (high - low) / 2)?;
            match line.hash.cmp(hash) {
                Ordering::Equal => return Ok(true),
                Ordering::Less => low = line.end,
                Ordering::Greater => high = line.start,
            }
        }
        Ok(false)
    }
}

fn read_hash(line: &[u8]) -> Option<[u8; 20]> {
    let (digits, rest) = line.split_at_checked(HASH_DIGITS)?;
    let mut hash = [0; 20];
    hex::decode_to_slice(digits, &mut hash).ok()?;
    matches!(rest.first(), None | Some(b':' | b'\r' | b'\n')).then_some(hash)
}

fn no_list() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a line is no SHA-1, or the lines are not in order")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn hash_of(number: u32) -> [u8; 20] {
        let mut hash = [0; 20];
        hash[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
        hash
    }

    fn list_of(hashes: &[[u8; 20]], end: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for (count, hash) in hashes.iter().enumerate() {
            write!(file, "{}:{}{end}", hex::encode_upper(hash), count * count + 1).unwrap();
        }
        file
    }

    #[test]
    fn every_line_is_found_and_nothing_between_the_lines() {
        for (count, end) in [(1, "\n"), (2, "\r\n"), (3, "\n"), (1_000, "\r\n")] {
            let mut hashes: Vec<_> = (0..count).map(hash_of).collect();
            hashes.sort_unstable();
            let file = list_of(&hashes, end);
            let list = BreachedFile::open(file.path()).unwrap();
            assert!(hashes.iter().all(|hash| list.holds(hash).unwrap()), "{count}");
            assert!((count..count + 500).all(|other| !list.holds(&hash_of(other)).unwrap()), "{count}");
            assert!(!list.holds(&[0xff; 20]).unwrap());
        }
    }

    #[test]
    fn what_is_no_list_is_refused_at_the_start() {
        for nonsense in
            ["", "password\nletmein\n", "correct horse battery staple, which is longer than any line of a list may be"]
        {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(nonsense.as_bytes()).unwrap();
            assert!(BreachedFile::open(file.path()).is_err(), "{nonsense}");
        }
        let unordered = list_of(&[[9; 20], [1; 20]], "\n");
        assert!(BreachedFile::open(unordered.path()).is_err());
    }
}

//! The bytes of a journal: space that is reserved before it is needed, and writes that are on disk when they return.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Enough for some hundreds of records, so that a full disk still leaves room for what matters.
pub const RESERVE: usize = 512 * 1024;

/// Where a journal's bytes go.
pub trait Disk: Send + Sync {
    /// Overwrites at an offset; `Err` where there is no room, or the disk may not be written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Returns when everything written is on disk.
    fn sync(&self) -> io::Result<()>;
    /// What is to be done when a sync has failed: what was written before may be lost, and a later sync would not say
    /// so. Never returns in the program.
    fn give_up(&self, error: &io::Error);
}

/// A file with its reserve written out.
pub struct JournalFile(File);

impl JournalFile {
    /// Makes the file with its reserve, or opens the one that is there. The lock is a sign of life.
    pub fn open(path: &Path) -> io::Result<JournalFile> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        file.try_lock()?;
        if file.metadata()?.len() < u64::try_from(RESERVE).unwrap_or(u64::MAX) {
            file.write_all_at(&vec![0; RESERVE], 0)?;
            file.sync_all()?;
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
        }
        Ok(JournalFile(file))
    }
}

impl Disk for JournalFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn give_up(&self, error: &io::Error) {
        tracing::error!(%error, "a sync to disk failed; the process ends");
        std::process::abort();
    }
}

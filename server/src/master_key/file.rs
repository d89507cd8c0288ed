//! The file of the master keys: read by its owner alone, and replaced whole or not at all.

use super::{MasterKeyError, parse};
use service::{MasterKey, MasterKeys};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use zeroize::Zeroizing;

pub fn read(path: &Path) -> Result<MasterKeys, MasterKeyError> {
    let text = fs::read_to_string(path)
        .map_err(|source| MasterKeyError::Unreadable { path: path.to_owned(), source })
        .map(Zeroizing::new)?;
    parse(&text).ok_or_else(|| MasterKeyError::Content(path.to_owned()))
}

/// Makes the file; never over one that is there.
pub fn make(path: &Path, key: &MasterKey) -> Result<(), MasterKeyError> {
    put(path, std::slice::from_ref(key)).map_err(|source| MasterKeyError::Unwritable { path: path.to_owned(), source })
}

/// Replaces the file: after a power failure it holds the old keys or the new, and never half of them.
pub fn write(path: &Path, keys: &[MasterKey]) -> Result<(), MasterKeyError> {
    let beside = path.with_extension("key.new");
    let replaced = forget(&beside)
        .and_then(|()| put(&beside, keys))
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| sync_folder(path));
    replaced.map_err(|source| MasterKeyError::Unwritable { path: path.to_owned(), source })
}

fn put(path: &Path, keys: &[MasterKey]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    for key in keys {
        let line = Zeroizing::new(hex::encode(key.bytes()));
        writeln!(file, "{}", line.as_str())?;
    }
    file.sync_all()
}

/// What an earlier attempt left behind.
fn forget(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The new name is on disk when this returns.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

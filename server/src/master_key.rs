//! The key that seals the exchange keys: from the environment, from a file, or made at the first start.

use service::Entropy;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The environment variable that may hold the key itself.
const VARIABLE: &str = "AXISOR_MASTER_KEY";

pub type MasterKey = Zeroizing<[u8; 32]>;

#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    #[error("AXISOR_MASTER_KEY must be 64 hex digits")]
    Variable,
    #[error("{0} must hold 64 hex digits")]
    Content(PathBuf),
    #[error("the master key cannot be read from {path}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the master key cannot be written to {path}")]
    Unwritable { path: PathBuf, source: io::Error },
}

/// Reads the master key. Only the file in the data folder is made where it is missing: a file that was asked for by
/// name must be there.
pub fn load(named: Option<&Path>, data: &Path, entropy: &dyn Entropy) -> Result<MasterKey, MasterKeyError> {
    if let Ok(text) = std::env::var(VARIABLE) {
        return parse(&Zeroizing::new(text)).ok_or(MasterKeyError::Variable);
    }
    if let Some(path) = named {
        return read(path);
    }
    let path = data.join("master.key");
    match read(&path) {
        Err(MasterKeyError::Unreadable { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            make(&path, entropy)
        }
        read => read,
    }
}

fn read(path: &Path) -> Result<MasterKey, MasterKeyError> {
    let text = fs::read_to_string(path)
        .map_err(|source| MasterKeyError::Unreadable { path: path.to_owned(), source })
        .map(Zeroizing::new)?;
    parse(&text).ok_or_else(|| MasterKeyError::Content(path.to_owned()))
}

fn parse(text: &str) -> Option<MasterKey> {
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), key.as_mut_slice()).ok()?;
    Some(key)
}

/// Makes a key that only the program's own user can read; never over one that is there.
fn make(path: &Path, entropy: &dyn Entropy) -> Result<MasterKey, MasterKeyError> {
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(key.as_mut_slice());
    let text = Zeroizing::new(hex::encode(key.as_slice()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|source| MasterKeyError::Unwritable { path: path.to_owned(), source })?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system_clock::SystemEntropy;

    #[test]
    fn the_key_made_at_the_first_start_is_found_at_the_second() {
        let folder = tempfile::tempdir().unwrap();
        let made = load(None, folder.path(), &SystemEntropy).unwrap();
        let found = load(None, folder.path(), &SystemEntropy).unwrap();
        assert_eq!(*made, *found);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("master.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_named_key_that_is_missing_or_broken_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().join("my.key");
        let tried = load(Some(&named), folder.path(), &SystemEntropy);
        assert!(matches!(tried, Err(MasterKeyError::Unreadable { .. })));
        fs::write(&named, "short").unwrap();
        assert!(matches!(load(Some(&named), folder.path(), &SystemEntropy), Err(MasterKeyError::Content(_))));
        fs::write(folder.path().join("master.key"), "broken").unwrap();
        assert!(matches!(load(None, folder.path(), &SystemEntropy), Err(MasterKeyError::Content(_))));
    }
}

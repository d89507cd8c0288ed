//! The keys that seal every secret: from the environment, or from a file that is made at the first start.

mod file;

use service::{Entropy, MasterKey, MasterKeys};
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The environment variable that may hold the keys themselves.
const VARIABLE: &str = "AXISOR_MASTER_KEY";

#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    #[error("AXISOR_MASTER_KEY must be 64 hex digits; earlier keys may follow after commas")]
    Variable,
    #[error("{0} must hold 64 hex digits a line: the key in use, then earlier ones")]
    Content(PathBuf),
    #[error("the master key cannot be read from {path}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the master key cannot be written to {path}")]
    Unwritable { path: PathBuf, source: io::Error },
    #[error(
        "the master key is in AXISOR_MASTER_KEY, where only you can change it: put a new key first (NEW,OLD), restart the server, and run this again"
    )]
    NotOurs,
}

/// Where the master keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MasterKeyPlace {
    Variable,
    File(PathBuf),
}

impl MasterKeyPlace {
    /// The environment first, then the file that was named, then the data folder's own.
    pub fn find(named: Option<&Path>, data: &Path) -> MasterKeyPlace {
        match (std::env::var_os(VARIABLE), named) {
            (Some(_), _) => MasterKeyPlace::Variable,
            (None, Some(path)) => MasterKeyPlace::File(path.to_owned()),
            (None, None) => MasterKeyPlace::File(data.join("master.key")),
        }
    }

    pub fn read(&self) -> Result<MasterKeys, MasterKeyError> {
        match self {
            MasterKeyPlace::Variable => {
                let text = Zeroizing::new(std::env::var(VARIABLE).map_err(|_| MasterKeyError::Variable)?);
                parse(&text).ok_or(MasterKeyError::Variable)
            }
            MasterKeyPlace::File(path) => file::read(path),
        }
    }

    /// Puts a new key before the others; both are read from now on.
    pub fn add(&self, entropy: &dyn Entropy) -> Result<MasterKeys, MasterKeyError> {
        let MasterKeyPlace::File(path) = self else { return Err(MasterKeyError::NotOurs) };
        let known = file::read(path)?;
        let earlier = std::iter::once(known.current()).chain(known.earlier()).cloned();
        file::write(path, &std::iter::once(fresh(entropy)).chain(earlier).collect::<Vec<_>>())?;
        file::read(path)
    }

    /// Takes out every earlier key that is not wanted; answers how many went.
    pub fn retire(&self, is_wanted: impl Fn(&MasterKey) -> bool) -> Result<usize, MasterKeyError> {
        let MasterKeyPlace::File(path) = self else { return Err(MasterKeyError::NotOurs) };
        let known = file::read(path)?;
        let kept: Vec<_> = known.earlier().iter().filter(|key| is_wanted(key)).cloned().collect();
        let gone = known.earlier().len() - kept.len();
        if 0 < gone {
            file::write(path, &std::iter::once(known.current().clone()).chain(kept).collect::<Vec<_>>())?;
        }
        Ok(gone)
    }
}

/// Reads the master keys. Only the file in the data folder is made where it is missing: a file that was asked for by
/// name must be there.
pub fn load(named: Option<&Path>, data: &Path, entropy: &dyn Entropy) -> Result<MasterKeys, MasterKeyError> {
    let place = MasterKeyPlace::find(named, data);
    match (place.read(), place) {
        (Err(MasterKeyError::Unreadable { source, .. }), MasterKeyPlace::File(path))
            if named.is_none() && source.kind() == io::ErrorKind::NotFound =>
        {
            file::make(&path, &fresh(entropy))?;
            file::read(&path)
        }
        (read, _) => read,
    }
}

fn fresh(entropy: &dyn Entropy) -> MasterKey {
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(key.as_mut_slice());
    MasterKey::new(key)
}

/// The key in use, then earlier ones, parted by line breaks or commas.
fn parse(text: &str) -> Option<MasterKeys> {
    let keys = text.split(['\n', ',']).map(str::trim).filter(|part| !part.is_empty()).map(|part| {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(part, key.as_mut_slice()).ok()?;
        Some(MasterKey::new(key))
    });
    MasterKeys::from_list(keys.collect::<Option<Vec<_>>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system_clock::SystemEntropy;
    use std::fs;

    #[test]
    fn the_key_made_at_the_first_start_is_found_at_the_second() {
        let folder = tempfile::tempdir().unwrap();
        let made = load(None, folder.path(), &SystemEntropy).unwrap();
        let found = load(None, folder.path(), &SystemEntropy).unwrap();
        assert!(made.current() == found.current());
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
        for broken in ["short", "", "\n", "00,11", &format!("{}\nshort", "ab".repeat(32))] {
            fs::write(&named, broken).unwrap();
            let tried = load(Some(&named), folder.path(), &SystemEntropy);
            assert!(matches!(tried, Err(MasterKeyError::Content(_))), "{broken}");
        }
        fs::write(folder.path().join("master.key"), "broken").unwrap();
        assert!(matches!(load(None, folder.path(), &SystemEntropy), Err(MasterKeyError::Content(_))));
    }

    #[test]
    fn f42_a_new_key_stands_before_the_old_ones_until_they_are_retired() {
        let folder = tempfile::tempdir().unwrap();
        let first = load(None, folder.path(), &SystemEntropy).unwrap().current().clone();
        let place = MasterKeyPlace::find(None, folder.path());
        let keys = place.add(&SystemEntropy).unwrap();
        assert!(*keys.current() != first && keys.earlier() == [first.clone()]);
        assert_eq!(place.retire(|key| *key == first).unwrap(), 0, "it is still in use");
        assert_eq!(place.retire(|_| false).unwrap(), 1);
        let left = place.read().unwrap();
        assert!(left.current() == keys.current() && left.earlier().is_empty());
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "nothing is left lying beside it");
    }
}

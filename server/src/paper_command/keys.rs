//! Keys to play money: made by chance, and kept beside the state they open.

use super::PaperCommandError;
use domain::AccountId;
use paper::http::ApiKey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::Entropy;
use std::fmt;
use std::io::Write;
use std::path::Path;

/// A key to one wallet of the paper exchange. It opens nothing of worth.
#[derive(Clone, Serialize, Deserialize)]
pub struct PaperKey {
    pub key: String,
    secret: String,
    passphrase: String,
    pub account: AccountId,
}

impl PaperKey {
    fn made(entropy: &dyn Entropy) -> PaperKey {
        let hex = |bytes: usize| {
            let mut chance = vec![0; bytes];
            entropy.fill(&mut chance);
            hex::encode(chance)
        };
        let mut id = [0; 16];
        entropy.fill(&mut id);
        let account = AccountId::from_uuid(uuid::Builder::from_random_bytes(id).into_uuid());
        PaperKey { key: format!("paper-{}", hex(8)), secret: hex(32), passphrase: hex(8), account }
    }

    pub fn api_key(&self) -> ApiKey {
        ApiKey {
            key: self.key.clone(),
            secret: self.secret.clone().into(),
            passphrase: self.passphrase.clone().into(),
            account: self.account,
        }
    }

    /// For the program that started the exchange.
    pub fn told(&self) -> Value {
        json!({
            "key": self.key, "secret": self.secret, "passphrase": self.passphrase, "account": self.account.uuid(),
        })
    }
}

/// For the person who started the exchange.
impl fmt::Display for PaperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PaperKey { key, secret, passphrase, .. } = self;
        write!(f, "  key {key}\n    secret {secret}\n    passphrase {passphrase}")
    }
}

/// As many keys as asked for: those of the last run first, then new ones.
pub fn provide(folder: Option<&Path>, count: usize, entropy: &dyn Entropy) -> Result<Vec<PaperKey>, PaperCommandError> {
    let Some(path) = folder.map(|folder| folder.join("keys.json")) else {
        return Ok(std::iter::repeat_with(|| PaperKey::made(entropy)).take(count).collect());
    };
    let mut keys: Vec<PaperKey> = match std::fs::read(&path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map_err(|source| PaperCommandError::Keys { path: path.clone(), source })?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(PaperCommandError::State { path, source }),
    };
    if keys.len() < count {
        let missing = count.saturating_sub(keys.len());
        keys.extend(std::iter::repeat_with(|| PaperKey::made(entropy)).take(missing));
        write(&path, &keys).map_err(|source| PaperCommandError::State { path, source })?;
    }
    Ok(keys)
}

/// Readable by its owner only.
fn write(path: &Path, keys: &[PaperKey]) -> std::io::Result<()> {
    let arriving = path.with_extension("arriving");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&arriving)?;
    file.write_all(&serde_json::to_vec_pretty(keys)?)?;
    file.sync_all()?;
    std::fs::rename(&arriving, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system_clock::SystemEntropy;

    #[test]
    fn keys_stay_the_same_and_new_ones_join_them() {
        let folder = tempfile::tempdir().unwrap();
        let names = |count| -> Vec<String> {
            let keys = provide(Some(folder.path()), count, &SystemEntropy).unwrap();
            keys.into_iter().map(|key| key.key).collect()
        };
        let one = names(1);
        let three = names(3);
        assert_eq!((one.len(), three.len(), &three[..1]), (1, 3, one.as_slice()));
        assert_eq!(names(2), three, "a wallet is never lost");
        std::fs::write(folder.path().join("keys.json"), "{").unwrap();
        assert!(provide(Some(folder.path()), 1, &SystemEntropy).is_err());
    }
}

//! Passwords: what is acceptable, and how they are kept and checked.

mod guessable;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Why a password is not acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("a password needs at least 12 characters")]
    TooShort,
    #[error("a password may have at most 128 characters")]
    TooLong,
    #[error("this password is one of the most common")]
    Common,
    #[error("this password is too easy to guess")]
    Weak,
}

/// Checks a new password: its length in characters, and that it is not guessed early. There is no rule about kinds of
/// characters.
pub(crate) fn check(password: &str, email: &str) -> Result<(), PasswordError> {
    match password.chars().count() {
        ..12 => Err(PasswordError::TooShort),
        129.. => Err(PasswordError::TooLong),
        _ if guessable::is_common(password) => Err(PasswordError::Common),
        _ if guessable::is_weak(password, email) => Err(PasswordError::Weak),
        _ => Ok(()),
    }
}

/// How hard a password is to guess, from 0 to 4, by who knows the e-mail, too.
pub(crate) fn score(password: &str, email: &str) -> u8 {
    if guessable::is_common(password) { 0 } else { guessable::score(password, email) }
}

/// Hashes with argon2id (19 MiB, two passes, one lane), few at a time, so that sign-ins can't exhaust the machine.
#[derive(Clone)]
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    /// Checked where no user is found, so that an unknown e-mail takes as long as a wrong password.
    decoy: Arc<str>,
}

/// All places are taken for too long, or the hash could not be made.
#[derive(Debug, thiserror::Error)]
#[error("too many sign-ins at once; try again in a moment")]
pub(crate) struct HasherBusy;

impl Hasher {
    const PLACES: usize = 2;
    /// Who waits longer for a place is told to come again.
    const PATIENCE: Duration = Duration::from_secs(5);

    pub fn new(salt: [u8; 16]) -> Hasher {
        let decoy = hash("a password that nobody has", &salt).unwrap_or_default();
        Hasher { places: Arc::new(Semaphore::new(Hasher::PLACES)), decoy: decoy.into() }
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, HasherBusy> {
        self.work(move || hash(&password, &salt)).await?.ok_or(HasherBusy)
    }

    /// Whether the password fits; without a stored hash it takes as long and answers no.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, HasherBusy> {
        let decoy = Arc::clone(&self.decoy);
        self.work(move || {
            let fits = verify(&password, stored.as_deref().unwrap_or(&decoy));
            fits && stored.is_some()
        })
        .await
    }

    /// Does what takes a processor's time, when there is a place.
    pub async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, HasherBusy> {
        let waited = tokio::time::timeout(Hasher::PATIENCE, self.places.acquire()).await;
        let _place = waited.map_err(|_| HasherBusy)?.map_err(|_| HasherBusy)?;
        tokio::task::spawn_blocking(job).await.map_err(|_| HasherBusy)
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hash(password: &str, salt: &[u8; 16]) -> Option<String> {
    argon2().hash_password_with_salt(password.as_bytes(), salt).ok().map(|hash| hash.to_string())
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

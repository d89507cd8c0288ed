//! Passwords: what is acceptable, and how they are kept and checked.

mod breached;
mod guessable;

pub use breached::BreachedPasswords;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::num::NonZero;
use std::sync::{Arc, OnceLock};
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
    #[error("this password was in a breach")]
    Breached,
    /// The list of breached passwords cannot be read.
    #[error("passwords cannot be checked now")]
    Unchecked,
}

/// Checks a new password: its length in characters, that it is not guessed early, and that it is not on the list, where
/// there is one. There is no rule about kinds of characters.
fn check(password: &str, email: &str, list: Option<&dyn BreachedPasswords>) -> Result<(), PasswordError> {
    match password.chars().count() {
        ..12 => Err(PasswordError::TooShort),
        129.. => Err(PasswordError::TooLong),
        _ if guessable::is_common(password) => Err(PasswordError::Common),
        _ if guessable::is_weak(password, email) => Err(PasswordError::Weak),
        _ => list.map_or(Ok(()), |list| check_breached(password, list)),
    }
}

fn check_breached(password: &str, list: &dyn BreachedPasswords) -> Result<(), PasswordError> {
    match breached::is_in(list, password) {
        Ok(false) => Ok(()),
        Ok(true) => Err(PasswordError::Breached),
        Err(error) => {
            tracing::error!(%error, "the list of breached passwords cannot be read");
            Err(PasswordError::Unchecked)
        }
    }
}

/// How a password would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strength {
    /// From 0, guessed at once by who knows the e-mail, too, to 4.
    pub score: u8,
    /// Why it would be refused.
    pub fault: Option<PasswordError>,
}

/// Hashes with argon2id (19 MiB, two passes, one lane), few at a time, so that sign-ins can't exhaust the machine.
#[derive(Clone)]
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    /// Checked where no user is found, so that an unknown e-mail takes as long as a wrong password.
    decoy: Arc<str>,
    breached: Arc<OnceLock<Arc<dyn BreachedPasswords>>>,
}

/// All places are taken for too long, or the hash could not be made.
#[derive(Debug, thiserror::Error)]
#[error("too many sign-ins at once; try again in a moment")]
pub(crate) struct HasherBusy;

impl Hasher {
    const MOST_PLACES: usize = 2;
    /// Who waits longer for a place is told to come again.
    const PATIENCE: Duration = Duration::from_secs(5);

    pub fn new(salt: [u8; 16]) -> Hasher {
        let decoy = hash("a password that nobody has", &salt).unwrap_or_default();
        let places = Arc::new(Semaphore::new(Hasher::places()));
        Hasher { places, decoy: decoy.into(), breached: Arc::default() }
    }

    /// A core of the machine is always left to the guards: a hash takes the one that it is on for a whole while.
    fn places() -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        cores.saturating_sub(1).clamp(1, Hasher::MOST_PLACES)
    }

    /// Refuses what is on this list from now on. Said once, before anybody is served.
    pub fn refuse(&self, list: Arc<dyn BreachedPasswords>) {
        // Whoever was first has served people already.
        let _ = self.breached.set(list);
    }

    /// Whether a new password is acceptable.
    pub async fn check(&self, password: &str, email: &str) -> Result<Result<(), PasswordError>, HasherBusy> {
        self.judging(password, email, |password, email, list| check(password, email, list)).await
    }

    /// How a password would do.
    pub async fn judge(&self, password: &str, email: &str) -> Result<Strength, HasherBusy> {
        self.judging(password, email, |password, email, list| Strength {
            score: if guessable::is_common(password) { 0 } else { guessable::score(password, email) },
            fault: check(password, email, list).err(),
        })
        .await
    }

    async fn judging<T: Send + 'static>(
        &self,
        password: &str,
        email: &str,
        judge: impl FnOnce(&str, &str, Option<&dyn BreachedPasswords>) -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let (password, email, list) = (password.to_owned(), email.to_owned(), self.breached.get().cloned());
        self.work(move || judge(&password, &email, list.as_deref())).await
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
        let waited = tokio::time::timeout(Hasher::PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let place = waited.map_err(|_| HasherBusy)?.map_err(|_| HasherBusy)?;
        // Who goes away meanwhile leaves the work, and the place that it takes.
        let working = move || {
            let done = job();
            drop(place);
            done
        };
        tokio::task::spawn_blocking(working).await.map_err(|_| HasherBusy)
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

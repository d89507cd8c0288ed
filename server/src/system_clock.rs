//! The machine's own time and chance: the one place where they enter the program.

use domain::Timestamp;
use service::{Clock, Entropy};
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's time enters the program")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's random generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without chance there are no safe tokens, nonces or ids: nothing may go on.
            eprintln!("axisor: the system gives no random bytes: {error}");
            std::process::abort();
        }
    }
}

//! Time and chance, as parameters.

use domain::Timestamp;
use domain::id::time_ordered;
use uuid::Uuid;

/// Our own wall clock.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Bytes that nobody can foresee.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// A new time-ordered id.
pub(crate) fn new_id(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    time_ordered(clock.now(), random)
}

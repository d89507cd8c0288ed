//! One venue with several users in one process.

use super::Venue;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A handle to a venue; cheap to clone. Calls are serial, as at the real one.
#[derive(Clone, Debug)]
pub struct SharedVenue(Arc<Mutex<Venue>>);

impl SharedVenue {
    pub fn new(venue: Venue) -> SharedVenue {
        SharedVenue(Arc::new(Mutex::new(venue)))
    }

    /// Never hold it across an await.
    pub fn lock(&self) -> MutexGuard<'_, Venue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! One venue with several users in one process.

use super::{AccountEvent, Venue};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// Events that a slow listener may be behind before it loses some.
const EVENTS_AHEAD: usize = 4_096;

/// A handle to a venue; cheap to clone. Calls are serial, as at the real one.
#[derive(Clone, Debug)]
pub struct SharedVenue {
    venue: Arc<Mutex<Venue>>,
    events: broadcast::Sender<AccountEvent>,
}

impl SharedVenue {
    pub fn new(mut venue: Venue) -> SharedVenue {
        venue.listen();
        let (events, _) = broadcast::channel(EVENTS_AHEAD);
        SharedVenue { venue: Arc::new(Mutex::new(venue)), events }
    }

    /// Never hold it across an await. What happens meanwhile is told when it is let go.
    pub fn lock(&self) -> VenueGuard<'_> {
        VenueGuard { venue: self.venue.lock().unwrap_or_else(PoisonError::into_inner), events: &self.events }
    }

    /// What happens to all accounts from now on.
    pub fn events(&self) -> broadcast::Receiver<AccountEvent> {
        self.events.subscribe()
    }
}

/// Sole access to the venue.
#[derive(Debug)]
pub struct VenueGuard<'a> {
    venue: MutexGuard<'a, Venue>,
    events: &'a broadcast::Sender<AccountEvent>,
}

impl Deref for VenueGuard<'_> {
    type Target = Venue;

    fn deref(&self) -> &Venue {
        &self.venue
    }
}

impl DerefMut for VenueGuard<'_> {
    fn deref_mut(&mut self) -> &mut Venue {
        &mut self.venue
    }
}

impl Drop for VenueGuard<'_> {
    fn drop(&mut self) {
        for event in self.venue.take_events() {
            // Nobody has to listen.
            let _ = self.events.send(event);
        }
    }
}
